"""What `read` and the first screens say of files, in the field's words; mistakes that used to end badly."""

import numpy as np
import pytest

import lamion as front
from lamion.synthetic.examples import EXAMPLES, example


@pytest.fixture
def examples(tmp_path, monkeypatch):
    for name in EXAMPLES:
        (tmp_path / name).write_bytes(example(name))
    monkeypatch.chdir(tmp_path)
    return tmp_path


GEOMETRY = ("--thickness", "100 um", "--area", "2 cm2")


def _table(path, f, re, im):
    rows = "\n".join(f"{a!r},{b!r},{c!r}" for a, b, c in zip(f, re, im, strict=True))
    path.write_text(f"Frequency / Hz,Real Impedance / ohm,Imaginary Impedance / ohm\n{rows}\n")
    return path


def test_ranges_stand_in_the_fields_units(lamion, examples):
    said = lamion("read", "conductivities.csv").out
    assert "temperature   25 to 80 degC\n" in said
    assert " S/cm\n" in said
    assert "0.25 to 3 mol/L" in lamion("read", "concentration_cells.csv").out
    assert "0.1 Hz to 100 kHz" in lamion("read", "blocking_cell.csv").out


def test_an_image_is_counted_in_voxels(lamion, examples):
    said = lamion("read", "image.npy").out
    assert "1728 voxels" in said
    assert "phase 0  479 voxels" in said


def test_several_kinds_of_files_leave_no_cut_title(lamion, examples):
    said = lamion("read", "blocking_cell.csv", "relaxation.csv", "conductivities.csv", "steady_currents.csv").out
    assert "..." not in said.splitlines()[0]
    assert said.splitlines()[0].endswith("points")


@pytest.mark.parametrize("verb", ["conductivity", "impedance", "kk", "drt"])
def test_a_file_of_one_frequency_is_refused(lamion, tmp_path, verb):
    path = _table(tmp_path / "time.csv", [1e3] * 12, list(range(50, 62)), [-3.0] * 12)
    said = lamion("analyze", verb, path, *(GEOMETRY if verb == "conductivity" else ()))
    assert said.status == 2
    assert "time.csv holds one frequency only, 1000 Hz." in said.err


def test_a_spectrum_of_the_wrong_sign_is_told_so(lamion, tmp_path):
    f = np.geomspace(1e5, 1, 21).tolist()
    im = [1.0 / (6.283 * one * 1e-5) for one in f]
    said = lamion("analyze", "conductivity", _table(tmp_path / "a.csv", f, [50.0] * 21, [-0.1, *im[1:]]), *GEOMETRY)
    assert said.status == 2
    assert "probably holds -Z''" in said.err


def test_a_refused_file_is_named_where_the_others_fail_too(lamion, examples):
    said = lamion("analyze", "conductivity", "blocking_cell.csv", "none.csv", "lithium_cell_after.csv", *GEOMETRY,
                  "--fmin", "1e9 Hz")  # fmt: skip
    assert said.status == 2
    assert "There is no file 'none.csv'." in said.err
    assert "at 1e9 Hz or above" in said.err


def test_the_verdict_on_linearity_stands_on_the_screen(lamion, examples):
    said = lamion("analyze", "kk", "lithium_cell.csv", "--amplitude-pair", "lithium_cell_after.csv")
    assert "\nLinear: The spectra differ by no more than their noise" in said.out


def test_a_temperature_is_told_in_degrees_and_percentages_without_exponent(lamion, examples):
    words = ("--thickness", "9 um", "--area", "2 cm2", "--temperature", "25 degC")
    said = lamion("analyze", "conductivity", "blocking_cell.csv", *words).out
    assert "\nAt 25 degC.\n" in said
    assert "12 to 120" in said


def test_digits_that_only_the_solver_knows_are_left_out(lamion, examples):
    said = lamion("analyze", "tortuosity", "image.npy").out
    assert "tortuosity_factor.z   1.698   mean" in said
    assert "(" in lamion("analyze", "tortuosity", "image.npy", "--details").out.splitlines()[0]


def test_a_transference_number_out_of_range_comes_with_what_it_rests_on(lamion, examples):
    words = [
        "--dc",
        "polarisation.csv",
        "--spectrum",
        "lithium_cell.csv",
        "--thickness",
        "100 um",
        "--area",
        "2.01 cm2",
    ]
    said = lamion("analyze", "polarisation", *words, "--concentration", "2 mol/L").out
    assert "a thermodynamic" in said
    assert "factor of 1, so check those two first." in said
    assert "rare" not in lamion("analyze", "polarisation", *words, "--concentration", "0.2 mol/L").out


def test_a_file_and_its_records_are_one_line_in_a_notebook(examples):
    content = front.read("blocking_cell.csv")
    said = "ImpedanceSpectrum(73 points, Frequency / Hz 0.1 to 1e+05, 'blocking_cell.csv')"
    assert repr(content.spectrum()) == said
    assert repr(content) == f"FileContent('blocking_cell.csv', table with column headers: {said})"
    assert repr(front.read("image.npy")).endswith("VoxelImage(1728 points, Phase / 1 0 to 1, 'image.npy'))")


def test_a_notebook_shows_the_verdict_and_warnings_in_bold(examples):
    answer = front.analyze.kk("lithium_cell.csv")
    assert "<b>valid: </b>" in answer._repr_html_()
    assert "1.698e-3" in answer._repr_html_()
    answer = front.analyze.conductivity("blocking_cell.csv", thickness="9 um", area="2 cm2")
    assert "<b>warning: </b>Leads" in answer._repr_html_()
