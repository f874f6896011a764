"""The audit that stacks sheets, for sheets other than the built-in study's."""

import pytest

pytest.importorskip("periodictable")

from tests.report.figure_contract import hold

from lamion.quantities import InputError
from lamion.studies.lse_hfc.steps.stackings import stackings

PEAK = {"spacing": "4.64 angstrom", "angle": "19.13 deg", "march": 0.2}


def test_other_sheets_are_stacked_by_name():
    found = stackings(lattice="16.8 angstrom", linker="tcpp", node="Zn", centre="Ni", **PEAK)
    hold(found.figures["stackings"])
    marked = [panel["traces"][0] for panel in found.figures["stackings"].data["panels"]]
    assert [rule["at"] for rule in marked] == [19.13] * len(marked)
    assert found.figures["sheet"].data["name"] == "Zn-TCPP(Ni)"
    assert stackings(lattice="16.7 angstrom", **PEAK).figures["sheet"].data["name"] == "Cu-TCPP(Cu)"
    assert not any(stackings.parameters[name].required for name in ("linker", "node", "centre"))
    with pytest.raises(InputError, match="no linker 'bdc'"):
        stackings(lattice="16.7 angstrom", linker="bdc", **PEAK)
