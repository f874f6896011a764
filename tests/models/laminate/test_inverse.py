"""The inverse question: what is found explains the film when it is resolved cell by cell."""

import pytest

from lamion.models.laminate.bricks import Bricks
from lamion.models.laminate.gallery import galleries
from lamion.models.laminate.inverse import explanation, ion_factors, least_gallery, sheet_needed
from lamion.models.laminate.path_models import thin_gallery
from lamion.models.laminate.resolved import resolve
from lamion.models.laminate.structural_reading import Observed, structural_reading
from lamion.quantities import InputError, Quantity
from lamion.substances import library
from lamion.substances.formulation import formulation_from_table

SHEETS = Bricks(2e-6, 4.5e-9, 4.5e-9, 4.5e-9)


def observed(**changes):
    values = {"ratio": 6.3, "transference": 0.78, "contrast_transference": 0.35} | changes
    return Observed(
        *(Quantity(values[name], 0.01, "1") for name in ("ratio", "transference", "contrast_transference")),
        Quantity(5.62e-4, None, "S/cm"),
        Quantity(0.25, 0.003, "eV"),
    )


@pytest.mark.parametrize("gallery", [10.0, 30.0, 150.0])
def test_what_is_found_explains_the_film(gallery):
    """The laminate is resolved with the sheets that were found: 6.3 and t+ 0.78 come back."""
    found = explanation(SHEETS, ion_factors(6.3, 0.78, 0.35), gallery, 0.35)
    cation, anion = (resolve(SHEETS, sheet).value for sheet in (found.sheet_cation, found.sheet_anion))
    total = gallery * (0.35 * cation + 0.65 * anion)
    assert total == pytest.approx(6.3, rel=0.01)
    assert 0.35 * gallery * cation / total == pytest.approx(0.78, abs=0.003)


def test_no_sheets_help_below_the_least_gallery():
    wanted = ion_factors(6.3, 0.78, 0.35)
    least = least_gallery(SHEETS, wanted)
    assert explanation(SHEETS, wanted, 1.01 * least, 0.35).feasible
    assert not explanation(SHEETS, wanted, 0.99 * least, 0.35).feasible
    # Sheets without resistance leave half of the way: about half the cation's factor.
    assert least == pytest.approx(14.04 / 2, rel=0.02)


def test_a_film_that_conducts_too_badly_needs_no_sheets_at_all():
    assert sheet_needed(SHEETS, thin_gallery(SHEETS, 0.0) / 2) is None
    assert sheet_needed(SHEETS, thin_gallery(SHEETS, 0.0)) == 0.0


@pytest.mark.parametrize("skin", [0.2, 1.0, 30.0])
def test_the_balance_with_skins_is_close_to_the_resolved_cell(skin):
    coated = Bricks(2e-6, 4.5e-9, 4.5e-9, 4.5e-9, 0.5e-9)
    for sheet in (0.01, 0.3):
        assert thin_gallery(coated, sheet, skin) == pytest.approx(resolve(coated, sheet, skin).value, rel=0.05)


def test_reading_by_structural_case():
    answer = structural_reading(observed(), {"assumed": SHEETS})
    assert answer.results["gallery_with_impermeable_sheets"].value == pytest.approx(
        5.62e-4 / 6.3 * 14.04 / resolve(SHEETS, 0.0).value, rel=1e-3
    )
    assert answer.notes["narrowing"]["feasible"]
    assert not any(row["possible"] for row in answer.notes["skins_instead"][:2])
    assert any("Geometry cancels" in text for text in answer.warnings)
    same = structural_reading(observed(transference=0.35), {"assumed": SHEETS})
    assert same.results["selectivity"].value == pytest.approx(1.0, rel=1e-6)


def test_composition_gives_galleries_by_case():
    """By hand for the laminate of the built-in study: about 4.85 nm (phi 0.48), and 2.4 nm (phi 0.65) if doubled."""
    table = {
        "polymer": "peo",
        "salts": {"litfsi": Quantity(18.0, None, "1")},
        "plasticisers": {"sn": Quantity(4.0, None, "1")},
        "additives": {"lidfob": Quantity(0.01, None, "1")},
        "additive_basis": "membrane",
        "framework": {"cutcpp": Quantity(0.497, None, "1")},
    }
    found = galleries(formulation_from_table(table, library()), Quantity(4.5, None, "nm"))
    assert found["galleries-only"].height.value == pytest.approx(4.85, abs=0.15)
    assert found["galleries-only"].sheet_fraction.value == pytest.approx(0.48, abs=0.01)
    assert found["galleries-only-doubled"].height.value == pytest.approx(2.4, abs=0.1)
    assert found["galleries-only-doubled"].sheet_fraction.value == pytest.approx(0.65, abs=0.01)
    assert 2.4 < found["pores-filled"].height.value < 4.85
    bare = formulation_from_table({"polymer": "peo", "salts": {"litfsi": Quantity(18.0, None, "1")}}, library())
    with pytest.raises(InputError, match="no framework"):
        galleries(bare, Quantity(4.5, None, "nm"))
