"""A small study that every test of this folder can change."""

import shutil
from pathlib import Path

import pytest

from lamion.store import Store
from lamion.studies.lse_hfc import steps as lse_hfc
from lamion.study.runner import run
from lamion.study.study_file import load_study

STUDY = """
[study]
title = "Two films"
claims = "claims.toml"
steps = "steps"
seed = 3

[[sample]]
name = "A"
thickness = "9.0 ± 0.3 um"
area = "2.01 cm2"
recipe = { polymer = "peo", salts = { litfsi = 18 } }

[[cell]]
name = "cell"
loading = "4.0 ± 0.3 mg/cm2"

[[step]]
id = "made"
task = "recipe"
sample = "A"

[[step]]
id = "other"
task = "audit formula"
formula = "sigma / ratio"
values = { sigma = { claim = "sigma" }, ratio = { claim = "ratio" } }
unit = "S/cm"
means = "a conductivity"
settles = { "ratio" = "value" }

[[step]]
id = "third"
task = "audit formula"
formula = "factor * sigma"
values = { factor = 2, sigma = { step = "other", result = "value" } }
unit = "S/cm"
means = "twice that"
settles = { "twice" = "value" }

[[step]]
id = "one-c"
task = "own one-c"
cell = "cell"
current = "0.68 mA/cm2"
material = "lfp"
active_fraction = 0.8
settles = { "current" = "verdict" }
"""

CLAIMS = """
[[claim]]
id = "sigma"
sample = "A"
quantity = "conductivity"
printed = "5.6e-4"
value = 5.6e-4
unit = "S/cm"
route = "input"

[[claim]]
id = "ratio"
sample = "A"
quantity = "ratio"
printed = "6.3"
value = 6.3
unit = "1"
route = "input"

[[claim]]
id = "twice"
sample = "A"
quantity = "conductivity of another"
printed = "1.8e-4"
value = 1.8e-4
unit = "S/cm"
route = "derive"

[[claim]]
id = "current"
sample = "A"
quantity = "1C"
printed = "0.68"
value = 0.68
unit = "mA/cm2"
route = "audit"
"""


def with_audits(folder: Path) -> None:
    """Copy the built-in study's own tasks beside a study, as a user may."""
    audits = Path(lse_hfc.__file__).parent
    shutil.copytree(audits, folder / "steps", ignore=shutil.ignore_patterns("__pycache__"), dirs_exist_ok=True)


class Bench:
    """A study on disk with its store."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.store = Store(folder / "store")
        with_audits(folder)
        self.write(STUDY, CLAIMS)

    @property
    def file(self) -> Path:
        return self.folder / "study.toml"

    def write(self, study: str, claims: str = CLAIMS) -> None:
        self.file.write_text(study, encoding="utf-8")
        (self.folder / "claims.toml").write_text(claims, encoding="utf-8")

    def load(self):
        return load_study(self.file, trust=True)

    def run(self, **options):
        return run(self.load(), self.store, **{"workers": 1, **options})


@pytest.fixture
def bench(tmp_path):
    return Bench(tmp_path)
