"""A study on files: every analysis of a measurement, run from study.toml and held against the truth of its file."""

import json

import pytest

from lamion.cli.main import main
from lamion.synthetic.examples import EXAMPLES, example

STUDY = """
[study]
title = "measured"
seed = 1

[[sample]]
name = "film"
thickness = "100 ± 1 um"
area = "2.01 cm2"
temperature = "25 degC"
concentration = "2 mol/L"

[[step]]
id = "sigma"
task = "analyze conductivity"
sample = "film"
files = ["blocking_cell.csv"]

[[step]]
id = "circuit"
task = "analyze impedance"
files = ["lithium_cell.csv"]
circuit = "R0-p(R1,CPE1)-CPE2"
fmin = "10 Hz"

[[step]]
id = "held"
task = "analyze impedance"
files = ["lithium_cell.csv"]
circuit = "R0-p(R1,CPE1)-CPE2"
fmin = "10 Hz"
fix = { "CPE1.n" = 0.9 }
bounds = { R1 = "0.01..0.03 kohm" }

[[step]]
id = "valid"
task = "analyze kk"
file = "lithium_cell.csv"

[[step]]
id = "times"
task = "analyze drt"
file = "lithium_cell.csv"

[[step]]
id = "energy"
task = "analyze arrhenius"
files = ["conductivities.csv"]

[[step]]
id = "fraction"
task = "analyze transference"
dc = "polarisation.csv"
before = "lithium_cell.csv"
after = "lithium_cell_after.csv"

[[step]]
id = "fraction-numbers"
task = "analyze transference"
bias = "10 mV"
i0 = "0.1 mA"
is = "0.05 mA"
r0 = "40 ohm"
rs = "50 ohm"

[[step]]
id = "salt"
task = "analyze diffusion"
sample = "film"
file = "relaxation.csv"

[[step]]
id = "factor"
task = "analyze concentration-cell"
sample = "film"
file = "concentration_cells.csv"
at = "1 mol/L"
transference = 0.4

[[step]]
id = "electronic"
task = "analyze leakage"
sample = "film"
file = "steady_currents.csv"

[[step]]
id = "together"
task = "analyze polarisation"
sample = "film"
dc = "polarisation.csv"
spectrum = "lithium_cell.csv"
relaxation = "relaxation.csv"

[[step]]
id = "pores"
task = "analyze tortuosity"
file = "image.npy"
phase = { 1 = 1.0 }
"""


@pytest.fixture(scope="module")
def steps(tmp_path_factory):
    folder = tmp_path_factory.mktemp("measured")
    (folder / "study.toml").write_text(STUDY)
    for name in EXAMPLES:
        (folder / name).write_bytes(example(name))
    assert main(["run", str(folder / "study.toml"), "--workers", "1"]) == 0
    return json.loads((folder / "results" / "results.json").read_text())["steps"]


TRUTHS = {
    "sigma": ("conductivity", 100e-4 / (0.80 * 2.01), 0.05),
    "circuit": ("R1", 40.0, 0.03),
    "held": ("R1", 30.0, 1e-6),
    "times": ("polarisation_resistance", 40.0, 1.0),
    "energy": ("activation_energy", 0.30, 0.03),
    "fraction": ("current_fraction", 0.40, 0.03),
    "fraction-numbers": ("current_fraction", 0.05 * (10 - 4) / (0.1 * (10 - 2.5)), 1e-6),
    "salt": ("diffusivity", (100e-4) ** 2 / 400.0, 0.05),
    "factor": ("thermodynamic_factor", 2.0, 1e-6),
    "electronic": ("electronic_conductivity", 5e-11, 0.01),
    "together": ("diffusivity", (100e-4) ** 2 / 400.0, 0.1),
}


@pytest.mark.parametrize("step", TRUTHS)
def test_the_truth_is_found(steps, step):
    name, truth, tolerance = TRUTHS[step]
    assert steps[step]["results"][name]["value"] == pytest.approx(truth, rel=tolerance)


def test_a_verdict_and_an_image(steps):
    assert steps["valid"]["notes"]["verdict"] == "valid"
    assert steps["pores"]["results"]["tortuosity_factor.z"]["value"] > 1


def test_synthetic_files_make_every_step_synthetic(steps):
    from_files = {name for name in steps if name not in ("fraction-numbers", "pores")}
    assert {name for name in steps if steps[name]["evidence"] == "synthetic"} == from_files
