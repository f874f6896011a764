"""Photoelectron lines: backgrounds of known truth, references, stored fits, and real spectra."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from tests.report.figure_contract import hold

import lamion
from lamion.cli.main import main
from lamion.formats import read
from lamion.quantities import InputError
from lamion.quantities.figure import figure_of
from lamion.records import PhotoelectronSpectrum
from lamion.substances.elements import ATOMIC_NUMBERS
from lamion.synthetic.spectra import Line, Truth
from lamion.techniques.peaks.axes import curve_of
from lamion.techniques.peaks.baseline import FromData
from lamion.techniques.peaks.component import Component
from lamion.techniques.peaks.fit import fit_peaks
from lamion.techniques.peaks.peaks import Choice
from lamion.techniques.spectra.casaxps import differs, results_table, stored_fit
from lamion.techniques.spectra.charge_reference import ChargeReference
from lamion.techniques.spectra.composition import Factors, composition
from lamion.techniques.spectra.sensitivity import SCOFIELD, line_named, sensitivity
from lamion.techniques.spectra.shirley import shirley
from lamion.techniques.spectra.stored_answer import as_starts, stored_answer
from lamion.techniques.spectra.tougaard import UNIVERSAL, CrossSection, losses
from lamion.techniques.spectra.xps import Doublet, Measured, backgrounds, xps

X = np.round(np.arange(280.0, 294.0, 0.1), 1)
CARBON = (Component.of("C-C", position=284.8), Component.of("C-O", position=286.4))


def stepped(lines: list[Line], step: float = 0.1, constant: float = 300.0, x: np.ndarray = X) -> np.ndarray:
    """Lines over a constant and a Shirley step: at each energy as much as lies below it."""
    above = Truth(lines).signal(x)
    return constant + above + step * np.concatenate([[0.0], np.cumsum(np.diff(x) * (above[1:] + above[:-1]) / 2)])


def two(share: float = 0.3, area: float = 8000.0) -> list[Line]:
    return [Line(285.0, 1.2, area * (1 - share)), Line(286.6, 1.3, area * share)]


def test_shirley_finds_the_step_that_was_put_in():
    lines = [Line(285.0, 1.2, 5600.0, "gaussian", ()), Line(286.6, 1.3, 2400.0, "gaussian", ())]
    y = stepped(lines)
    found = shirley(X, y)
    true = y - Truth(lines).signal(X)
    assert np.abs(found.background - true).max() < 0.02 * np.ptp(true)
    assert found.change < 1e-6
    assert 1 < found.iterations < 20
    with pytest.raises(InputError, match="Nothing stands above"):
        shirley(X, np.linspace(300.0, 200.0, len(X)) ** 0.5)


def test_losses_are_those_of_the_cross_section():
    """A narrow line of unit area is followed by the cross-section itself."""
    x = np.arange(0.0, 100.0, 0.02)
    y = np.exp(-4 * np.log(2) * ((x - 5.0) / 0.2) ** 2)
    y /= np.trapezoid(y, x)
    after = x > 8.0
    assert np.allclose(losses(x, y, 0.0)[after], UNIVERSAL.at(x[after] - 5.0), rtol=2e-3)
    three = CrossSection(100.0, 300.0, 50.0, 4.0)
    assert np.all(losses(x, y, 0.0, three)[(x > 6.0) & (x < 8.5)] < 1e-9)
    far = x > 10.0
    assert np.allclose(losses(x, y, 0.0, three)[far], three.at(x[far] - 5.0), rtol=1e-2)


def test_a_baseline_from_data_is_fitted_with_the_components():
    y = stepped(two()) + np.random.default_rng(1).normal(0.0, 5.0, len(X))
    shape = shirley(X, y).shape
    fit = fit_peaks(X, y, CARBON, baseline=FromData("shirley", np.stack([np.ones_like(X), shape])))
    assert float(fit.parameter("C-O", "area")[0]) == pytest.approx(2400.0, rel=0.05)
    assert float(fit.parameters[0, -1]) == pytest.approx(0.1 * 8000.0, rel=0.05)


def covered(seeds: int) -> tuple[float, float]:
    """How often the shift between two lines and the share lie in their intervals."""
    truth, x = two(), X
    shift, share = 1.6, 0.3
    signal = stepped(truth, constant=600.0)
    inside = []
    for seed in range(seeds):
        y = np.random.default_rng([11, seed]).poisson(signal)
        answer = xps(PhotoelectronSpectrum(x, y), Measured(Choice(CARBON)))
        pair = (answer["C-O.shift"], shift), (answer["C-O.area_fraction"], share)
        inside.append([abs(q.value - value) <= q.std for q, value in pair])
    return tuple(np.mean(inside, axis=0))


@pytest.mark.slow
def test_shifts_and_shares_are_covered():
    """The spread over backgrounds is added, so intervals are wider than the noise alone asks for."""
    shift, share = covered(400)
    assert shift > 0.60
    assert share > 0.60


def test_a_reference_moves_positions_and_widens_them_but_not_shifts():
    y = np.random.default_rng(1).poisson(stepped(two()))
    record = PhotoelectronSpectrum(X, y)
    bare, told = (xps(record, Measured(Choice(CARBON), reference=one)) for one in (None, ChargeReference(285.0, 0.05)))
    assert told["C-C.position"].value == pytest.approx(bare["C-C.position"].value - 0.2)
    assert told["C-C.position"].std == pytest.approx(0.255, abs=0.02)
    assert told["C-O.shift"].std == pytest.approx(bare["C-O.shift"].std)
    assert told["C-O.shift"].value == pytest.approx(1.6, abs=0.05)
    assert any("as the instrument gives them" in one for one in bare.assumptions)
    assert not any("as the instrument gives them" in one for one in told.assumptions)
    assert set(told.notes["alternatives"]) >= {"tougaard baseline", "linear baseline", "one width"}
    for figure in told.figures.values():
        hold(figure)


def test_a_doublets_partner_follows():
    lines = [Line(708.0, 2.0, 9000.0), Line(721.1, 2.0, 4500.0)]
    x = np.arange(700.0, 730.0, 0.1)
    record = PhotoelectronSpectrum(x, stepped(lines, x=x) + np.random.default_rng(2).normal(0.0, 10.0, len(x)))
    answer = xps(record, Measured(Choice((Component.of("iron", position=708.0),)), doublet=Doublet(13.1, 0.5)))
    assert answer["iron partner.position"].value - answer["iron.position"].value == pytest.approx(13.1)
    assert answer["iron.area_fraction"].value == pytest.approx(2 / 3)
    assert answer["iron.area"].value == pytest.approx(9000.0, rel=0.05)
    assert "iron partner.shift" not in answer


def test_what_the_formula_does_not_have_is_adventitious():
    lines = [Line(285.0, 1.2, 4000.0), Line(286.6, 1.2, 1000.0), Line(289.0, 1.2, 1000.0)]
    components = tuple(Component.of(n, position=p) for n, p in (("C-C", 285.0), ("C-O", 286.6), ("O-C=O", 289.0)))
    record = PhotoelectronSpectrum(X, stepped(lines) + np.random.default_rng(3).normal(0.0, 3.0, len(X)))
    answer = xps(record, Measured(Choice(components), stoichiometry=(3.0, 1.0, 1.0)))
    assert answer["C-C.area_ratio"].value == pytest.approx(4.0, abs=2 * answer["C-C.area_ratio"].std)
    assert answer["adventitious_fraction"].value == pytest.approx(1 / 6, abs=2 * answer["adventitious_fraction"].std)
    with pytest.raises(InputError, match="2 numbers of atoms"):
        xps(record, Measured(Choice(components), stoichiometry=(3.0, 1.0)))


def test_conventional_backgrounds_always_count_and_a_linear_one_where_it_follows():
    record = PhotoelectronSpectrum(X, stepped(two()))
    chosen, others = backgrounds(curve_of(record), "tougaard")
    assert (str(chosen), [str(one) for one in others]) == ("tougaard", ["shirley", "linear"])
    assert [one.convention for one in (chosen, *others)] == [True, True, False]


def regions(depths: int = 1) -> list[PhotoelectronSpectrum]:
    """C 1s and F 1s, as many atoms of one as of the other, at each depth more fluorine."""
    found = []
    for depth in range(depths):
        for name, at, area in (("C1s", 285.0, 1000.0), ("F 1s", 685.0, 4430.0 * (1 + depth))):
            x = np.round(np.arange(at - 8.0, at + 8.0, 0.1), 1)
            y = stepped([Line(at, 1.5, area, "gaussian", ())], step=0.0, x=x)
            found.append(PhotoelectronSpectrum(x, y, photon_energy=1486.6, region=name))
    return found


def test_atomic_fractions_over_depths():
    answer = composition(regions(3), factors=Factors(escape=0.0))
    assert answer["F 1s.atomic_fraction"].value == pytest.approx(0.5, abs=0.01)
    # By hand: two factors of 10 % each in x = N1/(N1 + N2), x(1 - x) sqrt(2) 0.1 at one half.
    assert answer["F 1s.atomic_fraction"].std == pytest.approx(0.25 * np.sqrt(2) * 0.1, rel=0.05)
    rows = answer.series["F 1s atomic fraction"]
    assert rows == pytest.approx([1 / 2, 2 / 3, 3 / 4], abs=0.01)
    deeper = composition(regions(), factors=Factors(escape=0.75))
    ratio = ((1486.6 - 685.0) / (1486.6 - 285.0)) ** -0.75
    assert deeper["F 1s.atomic_fraction"].value == pytest.approx(ratio / (1 + ratio), abs=0.01)
    hold(answer.figures["regions"])
    (panel,) = figure_of(answer.figures["series"].data).panels
    assert panel.traces[1].y == pytest.approx(rows)
    assert "series" not in deeper.figures
    with pytest.raises(InputError, match="two lines at least"):
        composition(regions()[:1])


def test_a_transmission_divides_areas():
    carbon, fluorine = regions()
    seen = PhotoelectronSpectrum(
        fluorine.energy,
        2.0 * fluorine.counts,
        np.full(len(fluorine), 2.0),
        photon_energy=1486.6,
        region="F 1s",
    )
    one = PhotoelectronSpectrum(carbon.energy, carbon.counts, np.ones(len(carbon)), photon_energy=1486.6, region="C 1s")
    answer = composition([one, seen], factors=Factors(escape=0.0))
    assert answer["F 1s.atomic_fraction"].value == pytest.approx(0.5, abs=0.01)


def test_sensitivities():
    assert line_named("Fe2p3/2 scan") == "Fe 2p"
    assert sensitivity("C 1s") == 1.0
    with pytest.raises(InputError, match="no sensitivity factor of 'U 4f'"):
        sensitivity("U 4f")


@pytest.mark.parametrize("shell", ["1s", "2p", "3d", "4f"])
def test_a_shells_sensitivity_grows_smoothly_with_the_charge_of_the_nucleus(shell):
    """Cross-sections of one shell bend gently against the atomic number: an error of typing would stand out."""
    own = {ATOMIC_NUMBERS[line.split()[0]]: value for line, value in SCOFIELD.items() if line.split()[1] == shell}
    charge, value = np.log(sorted(own)), np.log([own[z] for z in sorted(own)])
    bend = np.polynomial.Polynomial.fit(charge, value, 3)
    assert np.abs(value - bend(charge)).max() < 0.006


def casa_record(shape: str = "SGL(30)", background: str = "Linear") -> PhotoelectronSpectrum:
    """A spectrum with one component stored as CasaXPS does."""
    comp = f"CASA comp (*C 1s*) (*{shape}*) Area 4000 1e-020 1 -1 1 MFWHM 1.2 1 2 -1 1 Position 1201.6 1 2 -1 1 RSF 1"
    region = f"CASA region (*C 1s*) (*{background}*) 1195 1205 1 2 0 0 335.4 551 436 3 (*C 1s*) 12.011 0 1"
    y = 300.0 + Truth([Line(285.0, 1.2, 8000.0)]).signal(X)
    metadata = {"Comment 1": region, "Comment 2": comp, "Time / s": "2"}
    return PhotoelectronSpectrum(X, y, photon_energy=1486.6, metadata=metadata)


def test_a_stored_component_is_rebuilt_by_its_formula():
    stored = stored_fit(casa_record())
    (one,) = stored.components
    assert (one.value("position"), one.value("width"), one.area) == pytest.approx((285.0, 1.2, 4000.0))
    # SGL(30) by its definition: of the height 30 % Lorentzian, both of one width.
    t = (stored.energy - 285.0) / 1.2
    profile = 0.3 / (1 + 4 * t**2) + 0.7 * np.exp(-4 * np.log(2) * t**2)
    height = 8000.0 / 1.2 / (0.3 * np.pi / 2 + 0.7 * np.sqrt(np.pi / np.log(2)) / 2)
    assert np.allclose(one.at(stored.energy), height * profile, rtol=1e-9)
    answer = stored_answer(stored)
    assert answer["285.00.position"].value == pytest.approx(285.0)
    hold(answer.figures["spectrum"])


@pytest.mark.parametrize(
    ("record", "said"),
    [
        (casa_record("LA(1.2,5,70)"), "line shape 'LA"),
        (casa_record("LF(0.5,10,60,100,6)"), "line shape 'LF"),
        (casa_record(background="Spline"), "background 'Spline'"),
        (PhotoelectronSpectrum(X, X, photon_energy=1486.6), "0 regions and 0 components"),
    ],
)
def test_what_is_stored_in_an_unknown_way_is_refused(record, said):
    with pytest.raises(InputError, match=said):
        stored_fit(record)


@pytest.fixture
def iron(real_data: Path):
    return real_data / "xps" / "FeO_analyzed.vms"


def _exported(folder: Path) -> np.ndarray:
    """CasaXPS' own columns, by rising binding energy: B.E., four components, background, envelope, counts."""
    lines = (folder / "FeO_analyzed_lineshapes_cols.txt").read_text().splitlines()[8:]
    table = np.array([[float(cell) for cell in line.split("\t") if cell.strip()] for line in lines if line.strip()])
    return table[::-1][:, [8, 2, 3, 4, 5, 6, 7, 1]]


def test_the_stored_fit_of_iron_follows_casaxps_own_export(iron: Path):
    stored = stored_fit(read(iron).records[0])
    table = _exported(iron.parent)
    rows = np.searchsorted(table[:, 0], stored.energy - 0.01)
    assert np.allclose(table[rows, 0], stored.energy)
    parts, background, envelope = table[rows, 1:5], table[rows, 5], table[rows, 6]
    assert np.all(np.abs(stored.envelope - envelope) < 0.01 * envelope)
    assert np.all(np.abs(stored.background - background) < 0.01 * envelope)
    for place, one in enumerate(stored.components):
        assert np.all(np.abs(stored.background + one.at(stored.energy) - parts[:, place]) < 0.01 * envelope)
    assert [round(one.value("position"), 2) for one in stored.components] == [709.05, 716.00, 722.13, 729.89]
    areas = [one.area for one in stored.components]
    assert areas == pytest.approx([63507.37, 35837.06, 49042.13, 17705.16], abs=0.006)
    assert stored.components[0].maximum == pytest.approx(710.0, abs=0.05)  # the export's own maximum
    assert stored.components[2].maximum == pytest.approx(723.35, abs=0.05)


def test_the_table_beside_it_is_of_another_fit(iron: Path, capsys):
    stored = stored_fit(read(iron).records[0])
    results = iron.parent / "FeO_analyzed_results.csv"
    rows = results_table(results.read_bytes(), results.name)
    assert len(rows) == 4
    assert "area 29867 against 35837 near 716.00 eV" in differs(stored, rows)
    command = ["analyze", "xps", str(iron), "--casaxps", "as-stored", "--results-file", str(results), "--json"]
    assert main(command) == 0
    said = json.loads(capsys.readouterr().out)
    assert any("another fit" in warning for warning in said["warnings"])
    assert said["results"]["709.05.maximum"]["value"] == pytest.approx(710.0, abs=0.05)
    # The transmission that CasaXPS divided by: 63400.62 / (16.42 T) is printed as 1430.56.
    record = read(iron).records[0]
    kinetic = record.photon_energy - 709.03
    transmission = np.interp(kinetic, 1486.61 - record.energy, record.transmission)
    assert 63400.62 / (16.42 * transmission) == pytest.approx(1430.56, rel=2e-3)


def test_ones_own_fit_of_iron_states_its_spread_over_backgrounds(iron: Path):
    record = read(iron).records[0]
    stored = stored_fit(record)
    choice = Choice(as_starts(stored), low=float(stored.energy[0]), high=float(stored.energy[-1]))
    found = {kind: xps(record, Measured(choice, kind)) for kind in ("shirley", "tougaard")}
    first = found["shirley"]
    assert first.notes["alternatives"]["tougaard baseline"] == "counted"
    spread = first.notes["uncertainty"]["709.05.area_fraction"]["baselines"]
    apart = abs(first["709.05.area_fraction"].value - found["tougaard"]["709.05.area_fraction"].value)
    assert 0.3 * apart < spread < 1.5 * apart
    assert first["709.05.position"].value == pytest.approx(709.0, abs=0.3)


def test_the_carbons_of_a_polyester(real_data: Path):
    file = real_data / "xps" / "PET_C1s.csv"
    record = read(file, columns="energy=1 eV,counts=2").records[0]
    places = (("C-C", 284.7), ("C-O", 286.3), ("O-C=O", 288.7))
    components = (*(Component.of(name, position=at) for name, at in places), Component.of("shake-up", position=291.3))
    ratios = []
    for background in ("shirley", "tougaard", "linear"):
        measured = Measured(Choice(components, low=280.0, high=295.0), background, ChargeReference(284.7))
        answer = xps(record, Measured(measured.choice, background, measured.reference, None, (3.0, 1.0, 1.0, 0.0)))
        assert 1.5 < answer["C-O.shift"].value < 1.6
        assert 3.9 < answer["O-C=O.shift"].value < 4.1
        assert 0.8 < answer["O-C=O.area_ratio"].value / answer["C-O.area_ratio"].value < 0.95
        assert "counting statistics" in answer.notes["noise"]  # with the scale that the residuals show
        ratios.append(answer["C-C.area_ratio"])
    assert all(3.1 < one.value < 3.9 for one in ratios)
    assert ratios[0].std > np.ptp([one.value for one in ratios]) / 2
    assert answer["adventitious_fraction"].value > 0


def test_a_files_regions_make_a_composition_or_one_is_chosen(real_data: Path):
    file = str(real_data / "xps" / "Multipak_vms.npl")
    answer = lamion.analyze.xps(file)
    assert sum(one.value for one in answer.results.values()) == pytest.approx(1.0)
    sulfur = lamion.analyze.xps(file, region="S 2p", position=[161.5], splitting="1.18 eV", low=158, high=167)
    assert sulfur["161.5.position"].value == pytest.approx(161.1, abs=0.2)
    with pytest.raises(InputError, match="It holds C 1s, O 1s"):
        lamion.analyze.xps(file, region="F 1s")
    with pytest.raises(InputError, match="said twice"):
        lamion.analyze.xps(file, region="S 2p", position=[161.5], casaxps="refit")
