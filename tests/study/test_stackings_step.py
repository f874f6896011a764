"""The step that stacks sheets, for sheets other than the built-in study's."""

import pytest

pytest.importorskip("periodictable")

from lamion.study.steps.stackings import KIND

from lamion.quantities import InputError, Quantity
from lamion.study.inputs import Inputs, quantity_to_json


def _inputs(lattice, **texts):
    quantities = {
        "lattice": Quantity(lattice, None, "angstrom"),
        "spacing": Quantity(4.64, None, "angstrom"),
        "angle": Quantity(19.13, None, "deg"),
        "march": Quantity(0.2, None, "1"),
    }
    return Inputs({name: quantity_to_json(one) for name, one in quantities.items()} | texts)


def test_other_sheets_are_stacked_by_name():
    found = KIND.run(_inputs(16.8, linker="tcpp", node="Zn", centre="Ni"))
    assert found.figures["sheet"].data["name"] == "Zn-TCPP(Ni)"
    assert KIND.run(_inputs(16.7)).figures["sheet"].data["name"] == "Cu-TCPP(Cu)"
    assert {"linker", "node", "centre"} < set(KIND.options)
    assert not any(KIND.options[name].required for name in ("linker", "node", "centre"))
    with pytest.raises(InputError, match="no linker 'bdc'"):
        KIND.run(_inputs(16.7, linker="bdc"))
