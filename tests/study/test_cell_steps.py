"""Steps about cells: what a study writes, and what is refused."""

import json

import pytest
from tests.study.conftest import with_audits

from lamion.cli.main import main

DESIGN = (
    'capacity = "160 mAh/g", voltage = "3.4 V", electrolyte_thickness = "9 um", electrolyte_density = "1.3 g/cm3", '
    'lithium_thickness = "25 um", recipe = [8, 1, 1]'
)

HEAD = f"""
[study]
title = "cells"
claims = "claims.toml"
steps = "steps"

[[sample]]
name = "film"
thickness = "9 um"

[[cell]]
name = "thin"
design = {{ cathode = "lfp", loading = "4 mg/cm2", {DESIGN} }}

[[cell]]
name = "thick"
design = {{ cathode = "lfp", loading = "7 mg/cm2", {DESIGN} }}
"""

CLAIMS = """
[[claim]]
id = "thin.energy"
sample = "thin"
quantity = "energy density"
printed = "290.8"
value = 290.8
unit = "Wh/kg"
route = "predict"

[[claim]]
id = "thick.energy"
sample = "thick"
quantity = "energy density"
printed = "338.4"
value = 338.4
unit = "Wh/kg"
route = "predict"

[[claim]]
id = "both"
sample = "both"
quantity = "one budget"
printed = "290.8 and 338.4"
unit = "statement"
route = "audit"

[[claim]]
id = "drops"
sample = "film"
quantity = "overpotential"
printed = "10.1"
value = 10.1
unit = "mV"
route = "predict"

[[claim]]
id = "budget"
sample = "film"
quantity = "overpotential"
printed = "10.1 mV"
unit = "statement"
route = "audit"
"""

DESIGNS = 'designs = { thin = { cell = "thin", property = "design" }, thick = { cell = "thick", property = "design" } }'
PRINTED = 'printed = { thin = { claim = "thin.energy" }, thick = { claim = "thick.energy" } }'
SYMMETRIC = 'conductivity = "1.37e-3 S/cm"\ntransference = 0.81\nconcentration = "2 mol/L"\nrct = "24.5 ohm cm2"\n'
SYMMETRIC += 'current = "0.4 mA/cm2"\ntemperature = "55 degC"\n'


def run(folder, steps):
    (folder / "study.toml").write_text(HEAD + steps, encoding="utf-8")
    (folder / "claims.toml").write_text(CLAIMS, encoding="utf-8")
    with_audits(folder)
    status = main(["run", str(folder / "study.toml"), "--out", str(folder / "out"), "--workers", "1", "--trust"])
    return json.loads((folder / "out" / "results.json").read_text()) if status == 0 else None


def test_energies_that_one_budget_gives(tmp_path):
    """Both values were made with one budget; its lithium is found again and the triplet's audit holds."""
    results = run(
        tmp_path,
        f"""
[[step]]
id = "one"
task = "simulate energy"
cell = "thick"
basis = "stack"

[[step]]
id = "all"
task = "own energy-triplet"
{DESIGNS}
{PRINTED}
tolerance = "1 %"
settles = {{ both = "verdict" }}

[[step]]
id = "curve"
task = "own energy-thickness"
{DESIGNS}
{PRINTED}
lithium = ["10 um", "50 um"]
density = ["1.2 g/cm3", "1.4 g/cm3"]
voltage = ["-0.1 V", "0.1 V"]
thickness = ["1 um", "100 um"]
""",
    )
    assert results["steps"]["one"]["results"]["gravimetric_energy"]["value"] == pytest.approx(338.4, rel=1e-3)
    assert results["claims"]["both"]["verdict"] == "holds"
    assert results["steps"]["all"]["results"]["matching"]["value"] > 0
    band = [results["steps"]["curve"]["results"][f"energy.thin{end}"]["value"] for end in (".lowest", "", ".highest")]
    assert band[0] < 290.8 < band[2]
    assert band[0] < band[1] < band[2]


def test_a_symmetric_cell_in_a_study(tmp_path):
    results = run(
        tmp_path,
        f"""
[[step]]
id = "drop"
task = "simulate symmetric"
sample = "film"
rct_convention = "cell"
{SYMMETRIC}
settles = {{ drops = "overpotential" }}

[[step]]
id = "audit"
task = "own overpotentials"
measured = {{ film = {{ claim = "drops" }} }}
settles = {{ budget = "verdict" }}
[step.cells.film]
thickness = "9 um"
{SYMMETRIC}
""",
    )
    assert results["claims"]["drops"]["verdict"] == "agrees"
    assert results["claims"]["budget"]["verdict"] == "holds"


@pytest.mark.parametrize(
    ("step", "words"),
    [
        ('task = "simulate energy"\ndesign = { loading = "4 mg/cm2" }', "names no cathode"),
        ('task = "simulate energy"\ndesign = { cathode = "lfp", loading = "4 mg/cm2" }', "'capacity' is missing"),
        ('task = "simulate energy"\ndesign = { cathode = "lfp", weight = "4 mg" }', "'weight' is not known"),
        ('task = "simulate energy"\ncell = "thin"\nbasis = "all"', "The basis 'all' is not known"),
        (f'task = "own energy-triplet"\n{DESIGNS}\nprinted = {{}}\ntolerance = "1 %"', "do not have the same names"),
        (
            'task = "own energy-prediction"\ncell = "thin"\n'
            'others = { thick = { cell = "thick", property = "design" } }\n'
            'printed = { thick = { claim = "thick.energy" } }',
            "Fewer than two other cells",
        ),
        (
            f'task = "own energy-triplet"\n{DESIGNS}\n{PRINTED}\ntolerance = "1 %"\n'
            'settles = { "thin.energy" = "best_misfit" }',
            "by a number made from its own printed value",
        ),
        (
            f'task = "own energy-thickness"\n{DESIGNS}\n{PRINTED}\nlithium = ["10 um", "50 um"]\n'
            'density = ["1.2 g/cm3", "1.4 g/cm3"]\nvoltage = ["-0.1 V", "0.1 V"]\nthickness = ["100 um", "1 um"]',
            "does not hold two rising lengths",
        ),
        (
            'task = "own gap-resistance"\ngap = "10 mV"\nhysteresis = "10 mV"\nrate = 0.2\none_c = "1 mA/cm2"\n'
            'bound = "80 ohm cm2"',
            "fills the gap",
        ),
        (
            'task = "own overpotentials"\ncells = { film = { thickness = "9 um" } }\nmeasured = { film = "42 mV" }',
            "'conductivity' is missing",
        ),
        (
            'task = "own dendrite-modulus"\nmodulus = "1 GPa"\npoisson = 0.3\nmetal = "copper"\ncritical_ratio = 2',
            "No shear_modulus",
        ),
    ],
)
def test_what_a_study_cannot_mean(tmp_path, capsys, step, words):
    assert run(tmp_path, f'\n[[step]]\nid = "x"\n{step}\n') is None
    assert words in capsys.readouterr().err
