"""Figures of atoms: colours that differ, contacts that show, clashes that are marked."""

import numpy as np
import pytest

from lamion.models.atomistic.structure.porphyrin import porphine
from lamion.models.atomistic.structure.sheet import sheet
from lamion.models.atomistic.structure.stacked_sheet import sheet_figure
from lamion.models.atomistic.structure.stacking import aa, ab, slipped
from lamion.quantities import FigureData
from lamion.report.figures import atoms
from lamion.report.figures.complex import _contacts, _directions, _hidden, _seen, _title
from lamion.report.figures.draw import draw
from lamion.report.figures.style import LIGHT


@pytest.fixture
def carbonyl():
    """Carbon monoxide on copper porphine, as a figure's data."""
    symbols, positions = porphine("Cu")
    guest = np.array([[0.0, 0.0, 2.8], [0.0, 0.0, 3.95]])
    return {
        "complex": {"symbols": [*symbols, "C", "O"], "positions": np.vstack([positions, guest]).tolist()},
        "host": {"symbols": list(symbols), "positions": positions.tolist()},
        "adsorbate": {"symbols": ["C", "O"], "positions": guest.tolist()},
    }


def test_every_metal_of_a_sheet_has_a_colour_of_its_own():
    shown = [atoms._color(symbol, LIGHT) for symbol in ("H", "C", "N", "O", "Cu", "Zn", "Co", "Ni", "Fe")]
    assert len(set(shown)) == len(shown)


def test_a_contact_on_a_flat_host_shows(carbonyl):
    symbols, positions = carbonyl["complex"]["symbols"], np.array(carbonyl["complex"]["positions"])
    contacts = _contacts(symbols, positions, 37, 2)
    assert contacts == [(0, 37)]
    for turn in _directions(symbols, positions, contacts):
        view = _seen(positions, turn)
        assert np.linalg.norm(view[0] - view[37]) == pytest.approx(2.8)
        assert _hidden(symbols, view, contacts)[0] == 0


def test_the_title_names_the_parts_and_the_energy(carbonyl):
    assert _title(carbonyl, 1) == "CO on C$_{20}$H$_{12}$CuN$_{4}$"
    assert _title({**carbonyl, "binding_energy_eV": -0.042}, 2).endswith("on 2 C$_{20}$H$_{12}$CuN$_{4}$, −0.04 eV")
    assert draw(FigureData("complex", "", carbonyl), "png").startswith(b"\x89PNG")


@pytest.mark.parametrize(
    "stacking", [aa(4.64), ab(4.64), ab(9.28), slipped(4.64, (0.5, 0.3)), slipped(4.64, (0.5, 0.2))]
)
def test_the_marked_contact_is_one_of_the_stack(stacking):
    built = sheet(lattice=16.70)
    data = sheet_figure(built, stacking).data
    contact = data["contact"]
    first, second = np.array(contact["ends"])
    assert np.linalg.norm(first - second) == pytest.approx(contact["distance"], abs=2e-3)
    for place, symbol in zip((first, second), contact["pair"], strict=True):
        assert any(
            np.min(
                _apart(built.positions + np.array([x * 16.7, y * 16.7, z]), place)[np.array(built.symbols) == symbol]
            )
            < 1e-3
            for x, y, z in data["layers"]
        )


def _apart(positions, place):
    away = positions - place
    away[:, :2] -= 16.7 * np.round(away[:, :2] / 16.7)
    return np.linalg.norm(away, axis=1)


def test_a_clash_is_written_into_the_picture():
    built = sheet(lattice=16.70)
    marked = draw(sheet_figure(built, aa(4.64)), "svg").decode()
    free = draw(sheet_figure(built, slipped(4.64, (0.5, 0.3))), "svg").decode()
    assert "<!-- clash: H–H 0.36 Å -->" in marked
    assert "<!-- closest contact: C–H 2.61 Å -->" in free
    assert "<!-- Cu-TCPP(Cu), layers 4.64 Å apart -->" in free
