"""The page on plug-ins: its example is installed and used; broken, rival and edited ones do what the page says."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

PAGE = (Path(__file__).parent.parent / "docs" / "reference" / "plug-ins.md").read_text(encoding="utf-8")
EXAMPLES = dict(re.findall(r"^```(toml|python|text)\n(.*?)^```$", PAGE, flags=re.DOTALL | re.MULTILINE))

STUDY = """
[study]
title = "plugged"

[[sample]]
name = "film"

[[step]]
id = "mean"
task = "analyze mean-resistance"
file = "cell.txt"

[[step]]
id = "made"
task = "recipe"
recipe = { polymer = "peo", salts = { litfsi = 18 } }
"""


def _package(folder, name, module, groups, version="1.0"):
    """Lay out an installed package: its module, and the metadata that names its entry points."""
    (folder / f"{name}.py").write_text(module, encoding="utf-8")
    info = folder / f"{name}-{version}.dist-info"
    info.mkdir(exist_ok=True)
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n")
    lines = [
        f"[{group}]\n" + "".join(f"{key} = {name}:{item}\n" for key, item in points.items())
        for group, points in groups.items()
    ]
    (info / "entry_points.txt").write_text("\n".join(lines))


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """The example of the page, installed."""
    source, site = tmp_path_factory.mktemp("source"), tmp_path_factory.mktemp("site")
    (source / "pyproject.toml").write_text(EXAMPLES["toml"], encoding="utf-8")
    (source / "lamion_mine.py").write_text(EXAMPLES["python"], encoding="utf-8")
    words = ["-m", "pip", "install", "-q", "--no-index", "--no-build-isolation", "--no-deps", "--target", str(site)]
    done = subprocess.run([sys.executable, *words, str(source)], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return site


@pytest.fixture
def said(tmp_path):
    """Run the command line in an interpreter that has some folders of packages."""

    def run(*words, sites=()):
        path = os.pathsep.join([*map(str, sites), *filter(None, [os.environ.get("PYTHONPATH", "")])])
        env = {**os.environ, "PYTHONPATH": path, "LAMION_STATE": str(tmp_path / "state")}
        command = [sys.executable, "-m", "lamion", *map(str, words)]
        return subprocess.run(command, capture_output=True, text=True, env=env, cwd=tmp_path)

    return run


@pytest.fixture
def cell(tmp_path):
    (tmp_path / "cell.txt").write_text(EXAMPLES["text"])
    return tmp_path / "cell.txt"


def test_the_example_works_through_every_door(site, said, cell, tmp_path):
    verb = said("analyze", "mean-resistance", cell, "--json", sites=[site])
    assert verb.returncode == 0, verb.stderr
    assert json.loads(verb.stdout)["results"]["mean_resistance"]["value"] == 11.0
    assert "--leave-out" in said("analyze", "mean-resistance", "--help", sites=[site]).stdout
    assert "analyze mean-resistance" in said("--help", sites=[site]).stdout
    assert json.loads(said("read", cell, "--json", sites=[site]).stdout)["notes"]["format"] == "my meter's text"
    recipe = json.loads(said("recipe", "--salt", "mysalt", "--eo-li", 10, "--json", sites=[site]).stdout)
    assert "mass_fraction.mysalt" in recipe["results"]
    assert "lamion-mine 1.0" in said("--version", sites=[site]).stdout
    (tmp_path / "study.toml").write_text(STUDY)
    ran = said("run", tmp_path, "--workers", 2, sites=[site])
    assert ran.returncode == 0, ran.stderr
    steps = json.loads((tmp_path / "results" / "results.json").read_text())["steps"]
    assert steps["mean"]["results"]["mean_resistance"]["value"] == 11.0


def test_without_it_nothing_of_it_is_known(said, cell):
    assert "does not know 'mean-resistance'" in said("analyze", "mean-resistance", cell).stderr
    assert "my meter" not in said("read", cell, "--json").stdout


BROKEN = {
    "lamion.formats": {"broken": "FORMAT"},
    "lamion.tasks": {"analyze.broken": "task"},
    "lamion.substances": {"b": "S"},
}


def test_a_broken_one_is_a_line_of_warning_and_stops_nothing_else(site, said, cell, tmp_path):
    (tmp_path / "broken").mkdir()
    _package(tmp_path / "broken", "lamion_broken", "raise RuntimeError('no luck')", BROKEN)
    read = said("read", cell, "--json", sites=[tmp_path / "broken", site])
    assert read.returncode == 0
    assert read.stderr.count("\n") == 1
    assert "The plug-in 'broken' of lamion_broken cannot be imported: RuntimeError: no luck." in read.stderr
    assert said("recipe", "--eo-li", 18, sites=[tmp_path / "broken"]).returncode == 0
    asked = said("analyze", "broken", cell, sites=[tmp_path / "broken"])
    assert asked.returncode == 2
    assert "Traceback" not in asked.stderr
    assert said("--help", sites=[tmp_path / "broken"]).returncode == 0


def test_built_in_names_win(said, tmp_path):
    (tmp_path / "rival").mkdir()
    own = EXAMPLES["python"].replace("LiPF6", "LiI")
    _package(tmp_path / "rival", "lamion_rival", own, {"lamion.substances": {"litfsi": "MYSALT"}})
    plain, rival = (said("recipe", "--eo-li", 18, "--json", sites=sites).stdout for sites in ([], [tmp_path / "rival"]))
    assert plain == rival


def test_two_formats_that_claim_one_file_are_refused_by_name(site, said, cell, tmp_path):
    (tmp_path / "rival").mkdir()
    own = EXAMPLES["python"].replace("my meter's text", "a rival's text")
    _package(tmp_path / "rival", "lamion_rival", own, {"lamion.formats": {"rival": "MY_METER"}})
    read = said("read", cell, sites=[site, tmp_path / "rival"])
    assert read.returncode == 2
    assert "is claimed by two formats: my meter's text and a rival's text" in read.stderr


def test_a_format_of_a_plug_in_comes_before_the_tables(said, tmp_path):
    """A vendor's text with a signature of its own and headers that any table could have."""
    (tmp_path / "site").mkdir()
    module = EXAMPLES["python"].replace("MY METER", "# MY METER").replace("split()", 'split(",")')
    _package(tmp_path / "site", "lamion_own", module, {"lamion.formats": {"own": "MY_METER"}})
    (tmp_path / "a.csv").write_text(
        "# MY METER\nFrequency / Hz,Real Impedance / ohm,Imaginary Impedance / ohm\n10,5,1\n1,6,2\n"
    )
    read = json.loads(said("read", "a.csv", "--json", sites=[tmp_path / "site"]).stdout)
    assert read["notes"]["format"] == "my meter's text"
    assert read["series"]["Imaginary Impedance / ohm"] == [-1.0, -2.0]
    assert "table" in json.loads(said("read", "a.csv", "--json").stdout)["notes"]["format"]


def test_edited_code_is_never_stale(said, cell, tmp_path):
    groups = {"lamion.tasks": {"analyze.mean-resistance": "mean_resistance"}, "lamion.formats": {"own": "MY_METER"}}
    (tmp_path / "site").mkdir()
    (tmp_path / "study.toml").write_text(STUDY)

    def run(module):
        _package(tmp_path / "site", "lamion_own", module, groups)
        done = said("run", tmp_path, "--workers", 1, sites=[tmp_path / "site"])
        assert done.returncode == 0, done.stderr
        steps = json.loads((tmp_path / "results" / "results.json").read_text())["steps"]
        return done.stdout, steps["mean"]["results"]["mean_resistance"]["value"]

    first, value = run(EXAMPLES["python"])
    assert "2 computed, 0 kept" in first
    assert value == 11.0
    assert "0 computed, 2 kept" in run(EXAMPLES["python"])[0]
    task_edited, value = run(EXAMPLES["python"].replace("real.mean()", "real.max()"))
    assert "1 computed, 1 kept" in task_edited
    assert value == 12.0
    format_edited, value = run(EXAMPLES["python"].replace("complex(row[1]", "complex(2 * row[1]"))
    assert "1 computed, 1 kept" in format_edited
    assert value == 22.0
