"""Each verb does what its contract says."""

import csv
import json
import math
import subprocess
import sys

import numpy as np
import pytest

from lamion import __version__
from lamion.cli.main import VERBS
from lamion.formats.csv_table import spectrum_text
from lamion.records import ImpedanceSpectrum
from lamion.synthetic.blocking_cell import BlockingCell, blocking_cell_spectrum, with_noise
from lamion.synthetic.polarisation import PolarisedCell, spectrum

KEYS = {"results", "series", "notes", "warnings"}


def test_help_names_every_verb_and_imports_nothing_heavy():
    code = "import sys; from lamion.cli.main import main; main(['--help']); print(sorted(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    help_text, _, modules = done.stdout.rpartition("\n['")
    assert all(verb in help_text for verb in VERBS)
    assert not {"'numpy'", "'scipy'", "'pint'", "'matplotlib'", "'dask'"} & set(modules.split(", "))


@pytest.mark.parametrize("verb", VERBS)
def test_each_verb_has_help(verb, capsys):
    from lamion.cli.main import main

    with pytest.raises(SystemExit) as caught:
        main([*verb.split(), "--help"])
    assert caught.value.code == 0
    assert "usage: lamion " + verb in capsys.readouterr().out


def test_version(lamion):
    first, *others = lamion("--version").out.splitlines()
    assert first == f"lamion {__version__}"
    assert any(line.startswith("extras ") for line in others)


def test_recipe(lamion):
    """The laminate of the built-in study: 12.34 wt% SN and 0.93 to 0.99 mol/L in the guest, by hand."""
    said = lamion("recipe", "--eo-li", 18, "--eo-sn", 4, "--framework", 0.497, "--lidfob", 0.01, "--json")
    assert said.status == 0
    assert set(said.json) == KEYS
    results = said.json["results"]
    assert results["mass_fraction.sn"]["value"] == pytest.approx(0.1234, abs=0.0002)
    assert 0.93 < results["salt_concentration.guest"]["value"] < 0.99
    assert results["salt_concentration.guest"]["unit"] == "mol/L"
    assert results["density.membrane"]["unit"] == "g/cm3"
    fractions = [item["value"] for name, item in results.items() if name.startswith("mass_fraction.")]
    assert len(fractions) == 5
    assert said.json["series"]["Component"] == ["peo", "sn", "litfsi", "lidfob", "framework"]
    assert sum(fractions) == pytest.approx(1)


def test_recipe_of_another_salt(lamion):
    said = lamion("recipe", "--eo-li", 20, "--salt", "liclo4", "--framework", "0 %", "--json")
    assert said.json["results"]["mass_fraction.liclo4"]["value"] == pytest.approx(106.39 / (106.39 + 20 * 44.053), 1e-4)


def test_recipe_figure(lamion, tmp_path):
    for name, start in (("a.png", b"\x89PNG"), ("a.svg", b"<?xml")):
        assert lamion("recipe", "--eo-li", 18, "--figure", tmp_path / name).status == 0
        assert (tmp_path / name).read_bytes().startswith(start)


def test_read_and_write_csv(lamion, spectrum_file, tmp_path):
    out = tmp_path / "out.csv"
    said = lamion("read", spectrum_file, "--json", "--csv", out)
    assert said.json["results"]["points"] == {"value": 73.0, "uncertainty": None, "unit": "1", "interval": None}
    assert said.json["notes"]["record"] == "ImpedanceSpectrum"
    rows = list(csv.reader(out.read_text().splitlines()))
    assert rows[0] == ["Frequency / Hz", "Real Impedance / ohm", "Imaginary Impedance / ohm"]
    assert len(rows) == 74
    assert lamion("read", out, "--json").json["series"] == said.json["series"]


def test_conductivity(lamion, spectrum_file, tmp_path):
    said = lamion(
        "analyze", "conductivity", spectrum_file, "--thickness", "100 ± 2 um", "--area", "2.0 cm2",
        "--temperature", "25 degC", "--json", "--csv", tmp_path / "a.csv", "--figure", tmp_path / "a.svg",
    )  # fmt: skip
    assert said.status == 0
    results = said.json["results"]
    assert results["resistance"]["value"] == pytest.approx(50, rel=0.01)
    assert results["conductivity"]["value"] == pytest.approx(1e-4, rel=0.01)
    assert results["conductivity"]["uncertainty"] > 0.02 * 1e-4
    assert [results[name]["unit"] for name in ("resistance", "conductivity", "conductance")] == ["ohm", "S/cm", "S"]
    assert {len(column) for column in said.json["series"].values()} == {1}
    assert (tmp_path / "a.csv").exists()
    assert (tmp_path / "a.svg").exists()


def test_conductivity_of_several_cells_has_one_row_per_file(lamion, tmp_path):
    names = [tmp_path / f"{seed}.csv" for seed in (1, 2, 3)]
    for seed, name in enumerate(names):
        name.write_text(spectrum_text(blocking_cell_spectrum(BlockingCell(50.0), seed=seed), ["synthetic: yes"]))
    words = ("--thickness", "100 um", "--area", "2 cm2", "--json")
    said = lamion("analyze", "conductivity", *names, *words)
    assert {len(column) for column in said.json["series"].values()} == {3}
    assert said.json["notes"]["synthetic"] is True


def test_the_same_file_twice_is_not_two_cells(lamion, spectrum_file):
    words = ("--thickness", "100 um", "--area", "2 cm2")
    answer = lamion("analyze", "conductivity", spectrum_file, spectrum_file, *words)
    assert answer.status == 2
    assert "holds the same bytes as" in answer.err


def test_synthetic_data_stays_synthetic_through_a_csv(lamion, tmp_path):
    name = tmp_path / "a.csv"
    name.write_text(spectrum_text(blocking_cell_spectrum(BlockingCell(50.0)), ["synthetic: yes"]))
    assert lamion("read", name, "--csv", tmp_path / "b.csv").status == 0
    said = lamion("analyze", "conductivity", tmp_path / "b.csv", "--thickness", "9 um", "--area", "2 cm2", "--json")
    assert said.json["notes"]["synthetic"] is True


def test_impedance_of_a_dummy_circuit(lamion, tmp_path):
    """A synthetic R-p(R,C) with 0.5 % noise: every parameter within four of its uncertainties."""
    f = np.geomspace(1e5, 1.0, 51)
    clean = 29.1 + 46.7 / (1 + 2j * np.pi * f * 46.7 * 1.04e-5)
    noisy = with_noise(clean, 0.005, np.random.default_rng(3))
    (tmp_path / "a.csv").write_text(spectrum_text(ImpedanceSpectrum(f, noisy), ["synthetic: yes"]))
    said = lamion("analyze", "impedance", tmp_path / "a.csv", "--circuit", "R0-p(R1,C1)", "--json")
    for name, value in {"R0": 29.1, "R1": 46.7, "C1": 1.04e-5}.items():
        found = said.json["results"][name]
        assert found["value"] == pytest.approx(value, abs=4 * found["uncertainty"])
    held = lamion("analyze", "impedance", tmp_path / "a.csv", "--circuit", "R0-p(R1,C1)", "--fix", "R0=29.1", "--json")
    assert held.json["results"]["R0"]["value"] == pytest.approx(29.1)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--circuit", "R0-p(R1,"), "R0-p(R1,"),
        (("--circuit", "R0", "--fix", "R0"), "--fix 'R0' cannot be read"),
        (("--circuit", "R0", "--fix", "R9=1"), "R9"),
        (("--fmin", "bananas"), "cannot be read"),
    ],
)
def test_a_wrong_circuit_is_explained(lamion, spectrum_file, words, said):
    answer = lamion("analyze", "impedance", spectrum_file, *words)
    assert answer.status == 2
    assert said in answer.err


TABLE = "temperature / degC,conductivity / S/cm\n" + "".join(
    f"{t},{2.0 * np.exp(-0.30 / (8.617333262e-5 * (t + 273.15)))}\n" for t in range(20, 81, 10)
)


def test_arrhenius_from_a_table(lamion, tmp_path):
    (tmp_path / "table.csv").write_text(TABLE)
    said = lamion("analyze", "arrhenius", tmp_path / "table.csv", "--json", "--figure", tmp_path / "a.png")
    assert said.json["results"]["activation_energy"]["value"] == pytest.approx(0.30, rel=1e-6)
    assert said.json["results"]["activation_energy"]["unit"] == "eV"
    assert said.json["results"]["prefactor"]["value"] == pytest.approx(2.0, rel=1e-5)
    assert said.json["results"]["prefactor"]["unit"] == "S/cm"
    assert said.json["notes"]["model"] == "arrhenius"
    assert (tmp_path / "a.png").exists()


def test_a_break_that_cannot_be_tested_is_said(lamion, tmp_path):
    (tmp_path / "table.csv").write_text("\n".join(TABLE.split("\n")[:4]) + "\n")
    said = lamion("analyze", "arrhenius", tmp_path / "table.csv", "--break-temperature", "30 degC", "--json")
    assert "A break was not tested for: it takes four different temperatures or more." in said.json["warnings"]


def test_fitted_curves_of_several_spectra_are_saved(lamion, tmp_path):
    names = []
    for seed in range(3):
        names.append(tmp_path / f"{seed}.csv")
        names[-1].write_text(spectrum_text(blocking_cell_spectrum(BlockingCell(50.0), seed=seed), ["synthetic: yes"]))
    words = ("--circuit", "R0-CPE1", "--fitted", tmp_path / "fitted.csv", "--series", "soc", "--at", "0.1, 0.5, 0.9")
    assert lamion("analyze", "impedance", *names, *words, "--json").status == 0
    rows = (tmp_path / "fitted.csv").read_text().splitlines()
    assert rows[0].startswith("File,Frequency / Hz,Real Impedance / ohm")
    assert len(rows) == 1 + 3 * 73
    name, *numbers = rows[1].split(",")
    assert name == "0.csv"
    assert float(numbers[3]) == pytest.approx(float(numbers[1]), rel=0.05)


def test_arrhenius_from_spectra(lamion, tmp_path):
    """Three synthetic spectra whose resistances follow 0.30 eV."""
    names = []
    for t in (25, 45, 65):
        resistance = 50.0 * np.exp(0.30 / 8.617333262e-5 * (1 / (t + 273.15) - 1 / 298.15))
        names.append(tmp_path / f"{t}.csv")
        names[-1].write_text(
            spectrum_text(blocking_cell_spectrum(BlockingCell(resistance), seed=t), ["synthetic: yes"])
        )
    words = ("--temperatures", "25 degC, 45 degC, 65 degC", "--thickness", "100 um", "--area", "2 cm2", "--json")
    said = lamion("analyze", "arrhenius", *names, *words)
    energy = said.json["results"]["activation_energy"]
    assert energy["value"] == pytest.approx(0.30, abs=4 * energy["uncertainty"])
    assert energy["value"] == pytest.approx(0.30, abs=0.005)
    assert said.json["notes"]["synthetic"] is True
    answer = lamion("analyze", "arrhenius", *names)
    assert answer.status == 2
    assert "Spectra need their temperatures, the thickness and the area." in answer.err


def test_temperatures_against_those_in_the_names_of_files(lamion, tmp_path):
    """A shell lists 100C before 20C."""
    names = [tmp_path / f"film_{t}C.csv" for t in (100, 20, 60)]
    for seed, name in enumerate(names):
        name.write_text(spectrum_text(blocking_cell_spectrum(BlockingCell(50.0), seed=seed), ["synthetic: yes"]))
    words = ("--thickness", "100 um", "--area", "2 cm2", "--temperatures", "20 degC, 60 degC, 100 degC")
    answer = lamion("analyze", "arrhenius", *names, *words)
    assert answer.status == 2
    assert "film_100C.csv is given as 20 degC, and its name says 100 degC." in answer.err


def test_transference_from_numbers(lamion):
    """By hand: I_s (dV - I_0 R_0) / (I_0 (dV - I_s R_s)) = 0.05 (10 - 4) / (0.1 (10 - 2.5)) = 0.4."""
    words = ("--bias", "10 mV", "--i0", "0.1 mA", "--is", "0.05 mA", "--r0", "40 ohm", "--rs", "50 ohm", "--json")
    said = lamion("analyze", "transference", *words)
    assert said.json["results"]["current_fraction"]["value"] == pytest.approx(0.4, abs=1e-4)
    assert not [text for text in said.json["warnings"] if "ill-conditioned" in text]


def test_transference_on_a_thin_film_is_called_ill_conditioned(lamion):
    numbers = ("--i0", "0.38314 mA/cm2", "--is", "0.37663 mA/cm2", "--r0", "24.5 ohm cm2", "--rs", "24.5 ohm cm2")
    said = lamion("analyze", "transference", "--bias", "10 mV", *numbers, "--json")
    assert said.json["results"]["current_fraction"]["value"] == pytest.approx(0.78, abs=1e-3)
    assert any("ill-conditioned" in text for text in said.json["warnings"])


def test_transference_from_files(lamion, tmp_path):
    """A synthetic cell of 100 um: 20 ohm bulk, 40 ohm interfaces, a current fraction of 0.4."""
    cell = PolarisedCell(20.0, 40.0, 0.4, diffusion_time=400.0)
    frequency = np.geomspace(1e5, 0.1, 61)
    for name in ("before", "after"):
        text = spectrum_text(spectrum(cell, frequency, noise=0.002, seed=len(name)), ["synthetic: yes"])
        (tmp_path / f"{name}.csv").write_text(text)
    time = np.arange(0.0, 1200.0, 2.0)
    rows = "".join(f"{t},0.01,{i!r}\n" for t, i in zip(time, cell.current(0.01, time).tolist(), strict=True))
    (tmp_path / "dc.csv").write_text("# synthetic: yes\nTest Time / s,Voltage / V,Current / A\n" + rows)
    files = [word for name in ("dc", "before", "after") for word in (f"--{name}", tmp_path / f"{name}.csv")]
    said = lamion("analyze", "transference", "--bias", "10 mV", *files, "--json", "--figure", tmp_path / "a.png")
    assert said.status == 0, said.err
    fraction = said.json["results"]["current_fraction"]
    assert fraction["value"] == pytest.approx(0.4, abs=max(0.01, 3 * (fraction["uncertainty"] or 0)))
    assert (tmp_path / "a.png").exists()


def test_transference_number_of_a_concentrated_solution(lamion):
    """By hand: Ne = 1/rho - 1 = 2 R T kappa (1 - t)2 TF / (F2 D c), solved for t (Balsara and Newman 2015)."""
    numbers = ("--i0", "0.1 mA", "--is", "0.05 mA", "--r0", "40 ohm", "--rs", "50 ohm")
    solution = (
        "--conductivity", "1e-3 S/cm", "--diffusivity", "1e-7 cm2/s", "--concentration", "2 mol/L",
        "--temperature", "85 degC", "--thermodynamic-factor", "3",
    )  # fmt: skip
    said = lamion("analyze", "transference", "--bias", "10 mV", *numbers, *solution, "--json")
    newman = 1 / 0.4 - 1
    F, RT = 96485.33212, 8.31446261815324 * 358.15
    expected = 1 - math.sqrt(newman * F**2 * 1e-11 * 2000 / (2 * RT * 0.1 * 3))
    assert said.json["results"]["newman_number"]["value"] == pytest.approx(newman, rel=1e-6)
    assert said.json["results"]["transference_number"]["value"] == pytest.approx(expected, rel=1e-6)
    answer = lamion("analyze", "transference", "--bias", "10 mV", *numbers, *solution[:2])
    assert answer.status == 2
    assert "Concentrated-solution theory also needs --diffusivity." in answer.err


def test_transference_needs_all_of_one_kind(lamion):
    answer = lamion("analyze", "transference", "--bias", "10 mV", "--i0", "0.1 mA")
    assert answer.status == 2
    assert "Three files are needed, or four numbers and the bias." in answer.err


def test_diffusion_from_a_relaxation(lamion, tmp_path):
    """U = exp(-t / 20 s) on 100 um: D = L2 / (pi2 20 s)."""
    rows = "".join(f"{t},{1e-3 * math.exp(-t / 20)!r}\n" for t in range(140))
    (tmp_path / "u.csv").write_text("Test Time / s,Voltage / V\n" + rows)
    words = ("--thickness", "100 um", "--json", "--figure", tmp_path / "u.png")
    said = lamion("analyze", "diffusion", tmp_path / "u.csv", *words)
    found = said.json["results"]["diffusivity"]
    assert found["unit"] == "cm2/s"
    assert found["value"] == pytest.approx((100e-4) ** 2 / (np.pi**2 * 20), rel=1e-3)
    assert (tmp_path / "u.png").exists()


def test_thermodynamic_factor_from_concentration_cells(lamion, tmp_path):
    """U = -2 (RT/F) (1 - t+) TF ln c with t+ 0.4 and TF 2."""
    slope = -2 * 8.31446261815324 * 298.15 / 96485.33212 * 0.6 * 2.0
    rows = "".join(f"{c},{1e3 * slope * math.log(c)!r}\n" for c in (0.25, 0.5, 1.0, 2.0, 3.0))
    (tmp_path / "c.csv").write_text("concentration / mol/L,voltage / mV\n" + rows)
    words = ("--at", "1 mol/L", "--temperature", "25 degC", "--transference", "0.4", "--json")
    said = lamion("analyze", "concentration-cell", tmp_path / "c.csv", *words, "--figure", tmp_path / "c.svg")
    assert said.json["results"]["thermodynamic_factor"]["value"] == pytest.approx(2.0, rel=1e-6)
    assert (tmp_path / "c.svg").exists()


def test_leakage_from_steady_currents(lamion, tmp_path):
    """Ohm's law: 1 nA at 0.1 V through 100 um and 2 cm2 is 5e-11 S/cm."""
    (tmp_path / "i.csv").write_text("Voltage / V,Current / nA\n0.1,1.0\n0.2,2.0\n0.3,3.0\n")
    words = ("--thickness", "100 um", "--area", "2 cm2", "--temperature", "25 degC", "--json")
    said = lamion("analyze", "leakage", tmp_path / "i.csv", *words, "--ionic-conductivity", "1e-3 S/cm")
    results = said.json["results"]
    assert results["electronic_conductivity"]["value"] == pytest.approx(5e-11, rel=1e-6)
    assert results["ionic_transference"]["value"] == pytest.approx(1 - 5e-8, abs=1e-9)
    answer = lamion("analyze", "leakage", tmp_path / "i.csv", "--thickness", "100 um", "--area", "2 cm2")
    assert answer.status == 2
    assert "need the cell's temperature" in answer.err


def test_design_of_a_transference_measurement(lamion):
    """The thin film of the built-in study: 0.054 % on R_s for two digits, 61 um for 0.02 at 0.5 %."""
    words = ("--conductivity", "5.62e-4 S/cm", "--interface", "24.5 ohm cm2", "--fraction", "0.78")
    said = lamion("design", "transference", *words, "--thickness", "9 um", "--json")
    results = said.json["results"]
    assert results["steady_resistance_resolution_for_two_digits"]["value"] == pytest.approx(0.00054, rel=0.01)
    assert results["thickness_needed"]["value"] == pytest.approx(61, abs=1)
    assert results["thickness_needed"]["unit"] == "um"


def test_new_and_run(lamion, tmp_path):
    folder = tmp_path / "film"
    assert lamion("new", folder).status == 0
    said = lamion("run", folder / "study.toml", "--workers", 1)
    assert said.status == 0
    assert "2 steps: 2 computed, 0 kept." in said.out
    results = json.loads((folder / "results" / "results.json").read_text())
    assert results["claims"]["film.sigma_60c"]["verdict"] == "not computed"
    assert results["claims"]["film.sigma_60c"]["evidence"] == "synthetic"
    written = {path.name for path in (folder / "results").iterdir()}
    described = {"results.schema.json", "ro-crate-metadata.json", "electrolytes.jsonld"}
    assert written == {"results.json", "provenance.json", "report.html", "figures", *described}
    assert "2 steps: 0 computed, 2 kept." in lamion("run", folder / "study.toml").out


DESIGN = ["design", "transference", "--conductivity", "1e-4 S/cm", "--interface", "20 ohm cm2", "--fraction", "0.5"]
DESIGN += ["--thickness", "9 um"]
MISTAKES = {
    "no verb of that name": (["analyse"], "no command 'lamion analyse'. Did you mean 'analyze'? Known are: analyze"),
    "an option before the analysis": (
        ["analyze", "--json"],
        "`lamion analyze` needs to know what. Known are: adhesion, arrh",
    ),
    "no such analysis": (["analyze", "magic"], "does not know 'magic'"),
    "a missing option": (["recipe"], "`lamion recipe` needs --eo-li. Give it: polymer repeat units"),
    "an unknown option": (["recipe", "--eo-li", "18", "--colour", "red"], "`lamion recipe` does not know '--colour'."),
    "a missing file": (["read", "nowhere.txt"], "There is no file 'nowhere.txt'."),
    "a negative ratio": (["recipe", "--eo-li", "-18"], "is not larger than zero"),
    "no plain number": (["recipe", "--eo-li", "18 um"], "is a length, not a plain number"),
    "no figure of that kind": (["recipe", "--eo-li", "18", "--figure", "a.gif"], "End its name in .png or .svg"),
    "nowhere to write": (["recipe", "--eo-li", "18", "--figure", "no/such/a.png"], "cannot be written"),
    "no series": ([*DESIGN, "--csv", "a.csv"], "There is no series to write as CSV"),
    "a missing study": (["run", "nowhere.toml"], "There is no study"),
    "no scheduler": (["run", "nowhere.toml", "--workers", "many"], "--workers 'many' is not a whole number."),
}


@pytest.mark.parametrize("name", MISTAKES)
def test_a_mistake_gets_one_paragraph_and_status_2(lamion, name, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    words, said = MISTAKES[name]
    answer = lamion(*words)
    assert answer.status == 2
    assert said in answer.err
    assert answer.err.count("\n") == 1
    assert not answer.out
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("option", "value", "said"),
    [
        ("--thickness", "-9um", "The thickness '-9um' is not larger than zero."),
        ("--thickness", "9", "The thickness '9' has no unit."),
        ("--thickness", "9 bananas", "'bananas' is not a unit lamion knows"),
        ("--thickness", "0 um", "is not larger than zero"),
        ("--area", "2 cm", "is a length, not an area"),
        ("--temperature", "25 C", "could mean degrees Celsius or coulombs"),
        ("--fmin", "1e9 Hz", "No point of the spectrum lies at 1e9 Hz or above."),
        ("--cycle", "7", "holds no cycle 7"),
    ],
)
def test_a_wrong_quantity_for_a_conductivity(lamion, spectrum_file, option, value, said):
    words = {"--thickness": "9 um", "--area": "2 cm2"} | {option: value}
    answer = lamion("analyze", "conductivity", spectrum_file, *[word for pair in words.items() for word in pair])
    assert answer.status == 2
    assert said in answer.err


@pytest.mark.parametrize(
    "content", [b"", bytes(range(256)) * 20, b"Freq/Hz,Z'/ohm\n1,2\n", b"Freq/Hz,Z'/ohm,Z\"/ohm\n1,2,nan\n"]
)
def test_a_file_that_is_no_spectrum(lamion, tmp_path, content):
    path = tmp_path / "file.txt"
    path.write_bytes(content)
    answer = lamion("read", path)
    assert answer.status == 2
    assert answer.err.startswith("lamion: The file file.txt")


def test_an_interruption_says_how_to_go_on(lamion, monkeypatch):
    def interrupted(_):
        raise KeyboardInterrupt

    monkeypatch.setattr("lamion.cli.main._dispatch", interrupted)
    answer = lamion("reproduce")
    assert answer.status == 130
    assert "run the same command to go on" in answer.err
