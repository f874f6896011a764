"""What tasks rest on: every key leads to a work, every work is cited, and none says more than the code's docstrings."""

import functools
import re
import tomllib
from importlib.resources import files
from pathlib import Path

import pytest

import lamion
from lamion.code_keys import Code
from lamion.quantities import InputError
from lamion.references import DOI, reference, references
from lamion.study.study_file import load_study
from lamion.tasks import catalogue

PACKAGE = Path(lamion.__file__).parent
NAMES = list(catalogue.built_in())
STUDY = load_study(Path(str(files("lamion") / "studies" / "lse_hfc")))
OWN = {step.task.name: step.task for step in STUDY.steps.values()}


@pytest.fixture(scope="module")
def written():
    """All that the code below the tasks says, on one line."""
    rooms = ("techniques", "models", "substances", "synthetic", "numerics")
    return " ".join(_read(path) for room in rooms for path in sorted((PACKAGE / room).rglob("*.py")))


@pytest.mark.parametrize("name", NAMES)
def test_a_task_cites_a_work_or_says_why_it_cites_none(name):
    task = catalogue.find(name)
    assert bool(task.cites) != bool(task.uncited)
    assert len(set(task.cites)) == len(task.cites)
    assert all(key in references() for key in task.cites)
    assert not task.uncited.endswith(".")


@pytest.fixture(scope="module")
def code():
    return Code()


@pytest.mark.parametrize("name", NAMES)
def test_a_task_cites_what_the_code_that_it_reaches_names(name, code):
    """Tasks themselves do not count: they only turn arguments into those of a technique or a model."""
    task = catalogue.find(name)
    files = [path for path in code.reachable(task.module) if path.suffix == ".py" and "tasks" not in path.parts]
    text = " ".join(map(_read, files))
    works = [references()[key] for key in task.cites]
    assert not [work.key for work in works if _named(work) not in text]


@functools.cache
def _read(path):
    return re.sub(r"\s+", " ", path.read_text(encoding="utf-8"))


def _named(work):
    """Return what names a work: its DOI, else where it was printed."""
    return work.doi or work.title or f"{work.journal} {work.volume} ({work.year})"


def test_every_work_is_cited():
    cited = {key for task in (*map(catalogue.find, NAMES), *OWN.values()) for key in task.cites}
    assert cited == set(references())


@pytest.mark.parametrize("key", references())
def test_a_work_repeats_what_the_code_says_of_it(key, written):
    work = references()[key]
    assert re.fullmatch(r"[a-z]+\d{0,4}[a-z]*", key)
    assert not work.doi or DOI.fullmatch(work.doi)
    assert work.authors or work.title
    said = {_named(work), work.title, work.publisher} - {""}
    assert all(text in written for text in said), said
    surnames = [author.rsplit(" ", 1)[-1] for author in work.authors if author != "others"]
    assert all(name in written for name in surnames)


def test_dois_stand_once():
    dois = [one.doi.lower() for one in references().values() if one.doi]
    assert len(set(dois)) == len(dois)


def test_keys_are_in_order():
    text = (PACKAGE / "references.toml").read_text(encoding="utf-8")
    assert list(tomllib.loads(text)) == sorted(references())


def test_a_plug_in_cites_by_doi_and_a_misspelt_key_is_refused():
    assert reference("10.1000/182").url == "https://doi.org/10.1000/182"
    with pytest.raises(InputError, match="no reference 'evans1978'"):
        reference("evans1978")


def test_bibtex_keeps_signs_that_tex_would_take():
    from lamion.references import entry

    assert (
        entry("misc", "a", {"note": "99 % of A & B_1 {x}", "doi": ""})
        == "@misc{a,\n  note = {99 \\% of A \\& B\\_1 x},\n}"
    )
