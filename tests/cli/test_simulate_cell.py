"""`lamion simulate cell` and `simulate sensitivity`, as people type them."""

import json

import pytest

from lamion.cli.main import main

CELL = ["--cathode", "ncm622", "--loading", "7 mg/cm2", "--one-c", "1.30 mA/cm2", "--window", "2.8 V", "4.3 V"]


def test_capacities_and_voltages_by_rate(capsys, tmp_path):
    pytest.importorskip("pybamm")
    figure, table = tmp_path / "cell.png", tmp_path / "cell.csv"
    words = ["simulate", "cell", *CELL, "--rates", "0.1,1", "--nominal", "--json"]
    assert main([*words, "--figure", str(figure), "--csv", str(table)]) == 0
    answer = json.loads(capsys.readouterr().out)
    assert set(answer["results"]) >= {"capacity.0.1C", "capacity.1C", "average_voltage.0.1C", "average_voltage.1C"}
    assert answer["results"]["capacity.0.1C"]["value"] > answer["results"]["capacity.1C"]["value"]
    assert answer["results"]["capacity.0.1C"]["unit"] == "mAh/g"
    assert any("NMC532" in warning for warning in answer["warnings"])
    assert table.read_text().startswith("Rate / 1,Specific Capacity / mAh/g,Voltage / V")
    assert figure.stat().st_size > 5000


def test_an_open_circuit_table_of_ones_own(capsys, tmp_path):
    pytest.importorskip("pybamm")
    rows = [(0.0, 4.4), (0.2, 4.1), (0.5, 3.8), (0.9, 3.6), (1.0, 2.7)]
    path = tmp_path / "ocv.csv"
    path.write_text("Lithium Content / 1,Voltage / V\n" + "".join(f"{x},{u}\n" for x, u in rows))
    assert main(["simulate", "cell", *CELL, "--rates", "0.2", "--nominal", "--json", "--potential", str(path)]) == 0
    answer = json.loads(capsys.readouterr().out)
    assert answer["notes"]["assumptions"]["active_material"]["open_circuit"] == "ocv.csv"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--rates", "fast"], "is not a number"),
        (["--loading", "7"], "has no unit"),
        (["--cathode", "lmo"], "There is no cathode"),
        (["--thickness", "-9 um"], "not larger than zero"),
        (["--window", "4.35 V", "4.4 V"], "nothing to discharge"),
        (["--capacities", "180 mAh/g"], "Leave one of the two out"),
        (["--compare"], "no rate table to compare"),
        (["--rates", "1e-9"], "cannot be simulated"),
        (["--concentration", "1e-6 mol/L"], "salt concentration is 0.001 mol/m3"),
    ],
)
def test_what_cannot_be_simulated_is_refused(capsys, words, said):
    pytest.importorskip("pybamm")
    cell = CELL[: CELL.index("--window")] if "--window" in words else CELL
    assert main(["simulate", "cell", *cell, "--rates", "0.1,1", "--nominal", *words]) == 2
    assert said in capsys.readouterr().err


def test_capacities_are_one_a_rate(capsys):
    pytest.importorskip("pybamm")
    assert main(["simulate", "cell", *CELL, "--rates", "0.1,1", "--capacities", "180 mAh/g"]) == 2
    assert "2 rates and 1 capacities" in capsys.readouterr().err


def test_the_solver_says_nothing_of_its_own_and_assumed_values_are_named(capfd):
    pytest.importorskip("pybamm")
    assert main(["simulate", "cell", *CELL, "--rates", "1000", "--nominal"]) == 2
    error = capfd.readouterr().err
    assert error.startswith("lamion: At 1000C the voltage is outside 2.8 to 4.3 V as soon as the current flows")
    assert "rank" not in error
    assert main(["simulate", "cell", *CELL, "--rates", "1", "--nominal", "--json"]) == 0
    assumed = json.loads(capfd.readouterr().out)["notes"]["assumptions"]
    assert {"thickness", "conductivity", "transference", "concentration", "cathode", "electrolyte"} <= set(assumed)
