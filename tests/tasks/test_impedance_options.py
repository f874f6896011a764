"""Values to hold and bounds of a circuit's parameters: one spelling on the command line and in Python."""

import json

import pytest

import lamion
from lamion.cli.main import main
from lamion.quantities import InputError, Quantity
from lamion.synthetic.examples import example

CIRCUIT = "R0-p(R1,CPE1)-CPE2"


@pytest.fixture
def spectrum(tmp_path):
    path = tmp_path / "cell.csv"
    path.write_bytes(example("lithium_cell.csv"))
    return str(path)


@pytest.mark.parametrize("value", ["30 ohm", "0.03 kohm", 30, Quantity(30.0, None, "ohm")])
def test_a_fixed_value_takes_its_unit(spectrum, value):
    answer = lamion.analyze.impedance(spectrum, circuit=CIRCUIT, fix={"R0": value})
    assert answer["R0"].value == pytest.approx(30.0)
    assert answer.notes["fixed"] == ["R0"]


def test_the_command_line_marks_what_is_held_and_what_stands_at_its_bound(spectrum, capsys):
    command = ["analyze", "impedance", spectrum, "--circuit", CIRCUIT, "--fix", "R0=30 ohm"]
    assert main([*command, "--bounds", "R1=0.01..0.02 kohm"]) == 0
    shown = " ".join(capsys.readouterr().out.split())
    assert "R0 held at the given value" in shown
    assert "R1 (10 to 20 ohm)" in shown
    assert "at the end of its range" in shown
    assert main([*command, "--bounds", "R1=0.01..0.02 kohm", "--json"]) == 0
    notes = json.loads(capsys.readouterr().out)["notes"]
    assert (notes["fixed"], notes["bounds"]) == (["R0"], {"R1": [10.0, 20.0]})
    assert "R1" in notes["spectra"][0]["at_bound"]


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"fix": {"R0": "30 V"}}, "in ohm, not a voltage"),
        ({"bounds": {"R0": "1..30 V"}}, "in ohm, not a voltage"),
        ({"bounds": {"R1": "-5..30 ohm"}}, "Only a resistance in series"),
    ],
)
def test_a_wrong_unit_is_refused(spectrum, options, said):
    with pytest.raises(InputError, match=said):
        lamion.analyze.impedance(spectrum, circuit=CIRCUIT, **options)
