"""Which sweeps and points of a file count: the same words on the command line, in a study and in Python."""

import json

import numpy as np
import pytest

import lamion
from lamion.cli.main import main
from lamion.quantities import InputError
from lamion.records import ImpedanceSpectrum

F = np.geomspace(1e5, 1.0, 41)
CELL = ["--thickness", "10 um", "--area", "1 cm2"]


def impedance(resistance, seed):
    s, random = 2j * np.pi * F, np.random.default_rng(seed)
    z = 5 + resistance / (1 + (s * 1e-4) ** 0.9)
    return z * (1 + 0.002 * (random.standard_normal(41) + 1j * random.standard_normal(41)))


def written(path, impedances):
    """Write sweeps below one another."""
    rows = [f"{f},{z.real},{z.imag}" for one in impedances for f, z in zip(F, one, strict=True)]
    path.write_text("Frequency / Hz,Real Impedance / ohm,Imaginary Impedance / ohm\n" + "\n".join(rows) + "\n")
    return path


@pytest.fixture
def three(tmp_path):
    return written(tmp_path / "three.csv", [impedance(r, seed) for seed, r in enumerate((50, 60, 70))])


@pytest.fixture
def bad_first(tmp_path):
    z = impedance(50, 5)
    z[0] = 1.1 + 2.8j
    return written(tmp_path / "bad.csv", [z])


def fitted(*files, **options):
    return lamion.analyze.impedance(*files, circuit="R0-p(R1,CPE1)", **options)


@pytest.mark.parametrize("verb", ["impedance", "kk", "drt", "conductivity"])
def test_several_sweeps_are_never_one_spectrum(verb, three, capsys):
    assert main(["analyze", verb, str(three), *(CELL if verb == "conductivity" else [])]) == 2
    said = " ".join(capsys.readouterr().err.split())
    for cycle in (1, 2, 3):
        assert f"cycle {cycle} (41 points, 1 Hz to 100 kHz)" in said
    for choice in ("--cycle 2", "--cycle last", "cycle = 2 in a step", "cycle=2 in Python"):
        assert choice in said


@pytest.mark.parametrize(("cycle", "resistance"), [("2", 60), (2, 60), ("last", 70), (1, 50)])
def test_one_sweep_is_chosen(three, cycle, resistance):
    assert fitted(three, cycle=cycle).results["R1"].value == pytest.approx(resistance, rel=0.01)


@pytest.mark.parametrize(
    ("cycle", "rows"), [("all", (1, 2, 3)), ("1-2", (1, 2)), ("1,3", (1, 3)), ([1, "last"], (1, 3)), ("2-9999", None)]
)
def test_sweeps_give_a_row_each(three, cycle, rows):
    if rows is None:
        with pytest.raises(InputError, match="holds no cycle 4"):
            fitted(three, cycle=cycle)
        return
    answer = fitted(three, cycle=cycle)
    assert answer.series["File"] == [f"three.csv, cycle {row}" for row in rows]
    assert answer.series["R1 / ohm"] == pytest.approx([40 + 10 * row for row in rows], rel=0.01)


@pytest.mark.parametrize("cycle", ["x", "-1", "2-", "1" * 400])
def test_a_cycle_that_cannot_be_read(three, cycle):
    with pytest.raises(InputError, match=r"cannot be read|holds no cycle"):
        fitted(three, cycle=cycle)


def test_sweeps_of_one_cell_are_not_several_cells(three, capsys):
    assert main(["analyze", "conductivity", str(three), "--cycle", "all", *CELL]) == 2
    said = " ".join(capsys.readouterr().err.split())
    assert "3 sweeps of three.csv were chosen where one is needed" in said
    assert "--cycle 2 or --cycle last" in said


@pytest.mark.parametrize(("verb", "several"), [("impedance", True), ("kk", False), ("conductivity", False)])
@pytest.mark.parametrize("cycle", [[], ["--cycle", "x"]])
def test_all_sweeps_are_offered_only_where_they_are_taken(three, capsys, verb, several, cycle):
    assert main(["analyze", verb, str(three), *cycle, *(CELL if verb == "conductivity" else [])]) == 2
    assert (" all" in capsys.readouterr().err) == several
    assert (" all" in getattr(lamion.analyze, verb).parameters["cycle"].option.help) == several


def test_the_words_of_a_study(three, tmp_path):
    (tmp_path / "study.toml").write_text(
        """
[study]
title = "sweeps"

[[sample]]
name = "film"

[[step]]
id = "last"
task = "analyze impedance"
files = ["three.csv"]
circuit = "R0-p(R1,CPE1)"
cycle = "last"

[[step]]
id = "second"
task = "analyze impedance"
files = ["three.csv"]
circuit = "R0-p(R1,CPE1)"
cycle = 2
leave_out = [1, "3-4"]
"""
    )
    assert main(["run", str(tmp_path / "study.toml"), "--workers", "1"]) == 0
    steps = json.loads((tmp_path / "results" / "results.json").read_text())["steps"]
    for name, resistance in (("last", 70), ("second", 60)):
        assert steps[name]["results"]["R1"]["value"] == pytest.approx(resistance, rel=0.01)


def test_a_bad_first_point_is_not_fitted_by_the_choice_of_a_circuit(bad_first, three):
    answer = lamion.analyze.impedance(bad_first)
    assert answer.results["R1"].value == pytest.approx(50, rel=0.02)
    assert any("point 1 (100 kHz)" in warning and "--leave-out none" in warning for warning in answer.warnings)
    (drawn,) = answer.figures["nyquist"].data["spectra"]
    assert drawn["left_out"]["number"] == [1.0]
    assert drawn["left_out"]["re"] == [1.1]
    kept = lamion.analyze.impedance(bad_first, leave_out="none")
    assert not any("Not fitted" in warning for warning in kept.warnings)
    assert len(kept.figures["nyquist"].data["spectra"][0]["re"]) == 41
    assert not any("Not fitted" in warning for warning in lamion.analyze.impedance(three, cycle="1").warnings)


def test_kramers_kronig_names_it(bad_first):
    answer = lamion.analyze.kk(bad_first)
    assert answer.verdict == "valid but for point 1 (100 kHz)"
    assert lamion.analyze.kk(bad_first, leave_out=1).verdict == "valid"


def test_numbers_stay_those_of_the_file(bad_first):
    """Where frequencies are cut off and other points left out, too."""
    answer = lamion.analyze.kk(bad_first, fmin="10 Hz", leave_out="5-6")
    assert answer.verdict == "valid but for point 1 (100 kHz)"


@pytest.mark.parametrize("verb", ["impedance", "conductivity"])
def test_points_left_out_are_drawn_hollow(bad_first, verb, tmp_path):
    options = {"circuit": "R0-p(R1,CPE1)"} if verb == "impedance" else {"thickness": "10 um", "area": "1 cm2"}
    blocking = written(tmp_path / "blocking.csv", [50 + 1 / (1e-5 * (2j * np.pi * F) ** 0.9)])
    file = bad_first if verb == "impedance" else blocking
    answer = getattr(lamion.analyze, verb)(file, leave_out="1,7", **options)
    traces = [trace for panel in answer.figures["nyquist"].data["panels"] for trace in panel["traces"]]
    drawn = [trace for trace in traces if trace.get("label") == "left out"]
    assert drawn
    assert all(trace["open"] and trace["also"]["Point / 1"] == [1.0, 7.0] for trace in drawn)


def test_a_point_that_is_not_there(bad_first):
    with pytest.raises(InputError, match="point 42 cannot be left out"):
        lamion.analyze.kk(bad_first, leave_out="42")


def test_a_spectrum_keeps_what_does_not_count():
    spectrum = ImpedanceSpectrum(F, impedance(50, 1)).without([2], "as asked").within(10.0, 1e6)
    assert spectrum.numbers[:2].tolist() == [1, 3]
    assert [(point.number, point.why) for point in spectrum.left_out] == [(2, "as asked")]
    with pytest.raises(InputError, match="Every point"):
        spectrum.without(spectrum.numbers.tolist(), "as asked")
