"""What is released: one version, every file of the package, licences; and (slow) that the wheel works alone."""

import glob
import json
import os
import re
import shutil
import subprocess
import sys
import tarfile
import tomllib
import urllib.error
import urllib.request
import zipfile
from http.cookiejar import CookieJar
from pathlib import Path

import pytest

import lamion

ROOT = Path(__file__).parent.parent
PACKAGE = ROOT / "src" / "lamion"
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
_NOT_RELEASED = {".git", ".venv", "build", "dist", ".lamion", "lse-hfc", "results"}


def _text(name):
    return (ROOT / name).read_text(encoding="utf-8")


def test_every_file_of_the_package_that_is_no_code_is_declared():
    patterns = PROJECT["tool"]["setuptools"]["package-data"]["lamion"]
    declared = {name for pattern in patterns for name in glob.glob(pattern, root_dir=PACKAGE, recursive=True)}
    there = {
        path.relative_to(PACKAGE).as_posix()
        for path in PACKAGE.rglob("*")
        if path.is_file() and path.suffix not in (".py", ".pyc")
    }
    assert {"py.typed", "references.toml"} <= there
    assert there <= declared


def test_the_version_stands_in_one_place():
    assert "version" in PROJECT["project"]["dynamic"]
    assert PROJECT["tool"]["setuptools"]["dynamic"]["version"] == {"attr": "lamion.__version__"}
    assert re.search(r"^version: (\S+)$", _text("CITATION.cff"), flags=re.MULTILINE)[1] == lamion.__version__
    assert re.search(r"^## (\S+)", _text("CHANGELOG.md"), flags=re.MULTILINE)[1].rstrip(",") == lamion.__version__


def test_the_python_that_is_declared_is_one_that_the_checks_run_on():
    declared = [line.rpartition(" ")[2] for line in PROJECT["project"]["classifiers"] if ":: Python :: 3." in line]
    assert PROJECT["project"]["requires-python"] == f">={declared[0]}"
    assert PROJECT["tool"]["mypy"]["python_version"] == declared[0]


def test_the_citation_file_has_what_its_format_requires():
    lines = _text("CITATION.cff").splitlines()
    plain = dict(line.split(": ", 1) for line in lines if re.match(r"[a-z-]+: ", line))
    keys = {line.partition(":")[0] for line in lines if re.match(r"[a-z-]+:", line)}
    known = {"cff-version", "message", "type", "title", "abstract", "version", "license", "authors", "keywords"}
    assert {"cff-version", "message", "title", "authors"} <= keys <= known
    assert (plain["cff-version"], plain["type"], plain["title"]) == ("1.2.0", "software", '"lamion"')
    assert f'  - name: "{PROJECT["project"]["authors"][0]["name"]}"' in lines
    assert all(re.match(r"[a-z-]+:( \S.*)?$|  - \S", line) for line in lines)


def test_what_is_carried_of_others_is_named_with_its_licence():
    text, licences = _text("THIRD-PARTY.md"), PROJECT["project"]["license-files"]
    for path in PACKAGE.rglob("*.min.js"):
        name = path.relative_to(ROOT).as_posix()
        head = path.read_text(encoding="utf-8")[:300]
        row = next(line for line in text.splitlines() if f"`{name}`" in line)
        licence = re.findall(r"`([^`]+)`", row)[-1]
        assert licence in licences
        assert (ROOT / licence).is_file()
        assert f"| {re.search(r'v([0-9.]+)', head)[1]} |" in row
    assert {"LICENSE", "THIRD-PARTY.md"} <= set(licences)
    assert PROJECT["project"]["license"] == "BSD-3-Clause AND MIT"


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    """The wheel and the source, built outside the repository."""
    copy, dist = tmp_path_factory.mktemp("copy") / "lamion", tmp_path_factory.mktemp("dist")
    shutil.copytree(ROOT, copy, ignore=lambda _, names: _NOT_RELEASED & set(names) | {n for n in names if "egg" in n})
    for kind in ("sdist", "wheel"):
        code = f"from setuptools.build_meta import build_{kind} as build; build({str(dist)!r})"
        done = subprocess.run([sys.executable, "-c", code], cwd=copy, capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
    return {path.suffix: path for path in dist.iterdir()}


@pytest.fixture(scope="module")
def alone(built, tmp_path_factory):
    """An environment with nothing but the wheel, and then with what its extras ask for; a way to call what is in it."""
    place = tmp_path_factory.mktemp("alone")
    subprocess.run([sys.executable, "-m", "venv", place / "venv"], check=True)
    clean = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    clean |= {"LAMION_STATE": str(place / "state"), "MPLBACKEND": "Agg"}

    def call(program, *words, **settings):
        command = [place / "venv" / "bin" / program, *map(str, words)]
        return subprocess.run(command, cwd=place, env=clean, capture_output=True, text=True, **settings)

    def install(*what):
        done = call("pip", "install", "-q", "-c", ROOT / "constraints.txt", *what)
        assert done.returncode == 0, done.stderr

    install(built[".whl"])
    call.place, call.install, call.environment = place, install, clean
    return call


@pytest.mark.slow
def test_the_source_holds_what_builds_and_tests_it(built):
    with tarfile.open(built[".gz"]) as source:
        names = {name.partition("/")[2] for name in source.getnames()}
    tracked = {"README.md", "LICENSE", "CITATION.cff", "pyproject.toml", "constraints.txt", "docs/generate.py"}
    assert tracked | {"tests/test_release.py", "src/lamion/references.toml"} <= names


@pytest.mark.slow
def test_the_wheel_holds_licences_and_version(built):
    with zipfile.ZipFile(built[".whl"]) as wheel:
        info = f"lamion-{lamion.__version__}.dist-info"
        names = wheel.namelist()
        metadata = wheel.read(f"{info}/METADATA").decode()
    assert f"\nVersion: {lamion.__version__}\n" in metadata
    assert "\nLicense-Expression: BSD-3-Clause AND MIT\n" in metadata
    assert {f"{info}/licenses/{name}" for name in PROJECT["project"]["license-files"]} <= set(names)
    assert "lamion/py.typed" in names


@pytest.mark.slow
def test_the_wheel_works_alone(alone):
    assert alone("lamion", "--version").stdout.startswith(f"lamion {lamion.__version__}\n")
    assert alone("lamion", "new", "files", "--examples").returncode == 0
    read = alone("lamion", "read", "files/lithium_cell.csv", "--json")
    assert read.returncode == 0, read.stderr
    assert json.loads(read.stdout)["results"]
    recipe = alone("lamion", "recipe", "--eo-li", "18", "--eo-sn", "4")
    assert "density.membrane" in recipe.stdout
    assert "doi.org" in alone("lamion", "cite", "analyze", "kk").stdout
    lacking = alone("lamion", "page")
    assert lacking.returncode == 2
    assert "page" in lacking.stderr


@pytest.mark.slow
def test_the_wheel_reproduces_its_study_serves_its_page_and_takes_a_plug_in(alone, built):
    alone.install(f"{built['.whl']}[reproduce,page]")
    done = alone("lamion", "reproduce", "--quick")
    assert done.returncode == 0, done.stderr
    claims = json.loads((alone.place / "lse-hfc" / "results.json").read_text())["claims"]
    assert len(claims) == 126
    _page_answers(alone)
    _plug_in_works(alone)


def _page_answers(alone):
    command = [alone.place / "venv" / "bin" / "lamion", "page", "--no-open"]
    with subprocess.Popen(command, env=alone.environment, stdout=subprocess.PIPE, text=True) as served:
        try:
            address = served.stdout.readline().strip()
            with_cookies = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(CookieJar()))
            with with_cookies.open(address) as answer:
                assert answer.status == 200
                assert "plotly" in answer.read().decode()
            with pytest.raises(urllib.error.HTTPError, match="401"):
                urllib.request.urlopen(address.partition("?")[0])  # noqa: S310
        finally:
            served.terminate()


def _plug_in_works(alone):
    page = next((ROOT / "docs").rglob("plug-ins.md")).read_text(encoding="utf-8")
    blocks = dict(re.findall(r"^```(toml|python|text)\n(.*?)^```$", page, flags=re.DOTALL | re.MULTILINE))
    source = alone.place / "mine"
    source.mkdir()
    (source / "pyproject.toml").write_text(blocks["toml"])
    (source / "lamion_mine.py").write_text(blocks["python"])
    (alone.place / "cell.txt").write_text(blocks["text"])
    alone.install(source)
    said = alone("lamion", "analyze", "mean-resistance", "cell.txt", "--json")
    assert said.returncode == 0, said.stderr
    assert json.loads(said.stdout)["results"]["mean_resistance"]["value"] == 11.0
