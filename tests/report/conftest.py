"""A small study with every kind of verdict that a run of a second gives, and its results folder."""

import json
from dataclasses import dataclass
from pathlib import Path

import pytest

from lamion.cli.main import main

STUDY = """
[study]
title = "A film & its <numbers>"
reference = "A. Author, J. Test 2026, doi:10.1234/test.5"
claims = "claims.toml"
license = "https://creativecommons.org/licenses/by/4.0/"

[[sample]]
name = "film"
thickness = "9.0 ± 0.3 um"
area = "2.01 cm2"
recipe = { polymer = "peo", salts = { litfsi = 18 } }

[[step]]
id = "made"
task = "recipe"
sample = "film"
settles = { "density" = "density.guest", "other.density" = "density.guest" }

[[step]]
id = "line"
task = "analyze arrhenius"
sample = "film"
files = ["line.csv"]
at = "25 degC"
settles = { "energy" = "activation_energy" }

[[step]]
id = "sum"
task = "audit formula"
formula = "2 * energy"
values = { energy = { step = "line", result = "activation_energy" } }
unit = "eV"
means = "twice the energy"

[[step]]
id = "broken"
task = "analyze arrhenius"
sample = "film"
files = ["short.csv"]

[chapters]
"Recipe" = ["made"]
"Conduction" = ["line", "sum"]
"""

CLAIMS = "\n".join(
    f"""
[[claim]]
id = "{name}"
sample = "film"
quantity = "{quantity}"
printed = "{printed}"
{f"value = {printed}" if unit != "statement" else ""}
unit = "{unit}"
route = "{route}"
"""
    for name, quantity, printed, unit, route in (
        ("density", "density", "1.90", "g/cm3", "recipe"),
        ("other.density", "density, read from a figure", "1.2", "g/cm3", "audit"),
        ("energy", "activation energy", "0.25", "eV", "derive"),
        ("given", "ratio", "6.3", "1", "input"),
        ("said", "what is said", "it conducts", "statement", "audit"),
    )
)

LINE = "temperature / degC,conductivity / S/cm\n" + "\n".join(
    f"{T},{3e3 * 2.718281828 ** (-0.25 / (8.617333262e-5 * (T + 273.15))) * (1 + 0.01 * (-1) ** k):.5e}"
    for k, T in enumerate((20, 30, 40, 50, 60, 70, 80))
)


@dataclass(frozen=True)
class Folder:
    """A results folder."""

    path: Path

    def text(self, name):
        return (self.path / name).read_text(encoding="utf-8")

    def json(self, name):
        return json.loads(self.text(name))


def _run(folder, study, claims):
    (folder / "study.toml").write_text(study, encoding="utf-8")
    if claims:
        (folder / "claims.toml").write_text(claims, encoding="utf-8")
    (folder / "line.csv").write_text(LINE + "\n", encoding="utf-8")
    (folder / "short.csv").write_text("temperature / degC,conductivity / S/cm\n20,1e-4\n", encoding="utf-8")
    status = main(["run", str(folder), "--workers", "1"])
    return status, Folder(folder / "results")


@pytest.fixture(scope="session")
def folder(tmp_path_factory):
    status, found = _run(tmp_path_factory.mktemp("reported"), STUDY, CLAIMS)
    assert status == 1, "one step fails"
    return found


@pytest.fixture(scope="session")
def bare(tmp_path_factory):
    """A study without claims, raw files or chapters."""
    study = STUDY.split("[[step]]")[0].replace('claims = "claims.toml"\n', "")
    study += '[[step]]\nid = "made"\ntask = "recipe"\nsample = "film"\n'
    study = study.replace("A. Author, J. Test 2026, doi:10.1234/test.5", "").replace("license", "# license")
    status, found = _run(tmp_path_factory.mktemp("bare"), study, "")
    assert status == 0
    return found
