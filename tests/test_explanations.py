"""What the pages of documentation rest on: tests that exist, sources that the code cites, and a way to every task."""

import re
from pathlib import Path

import pytest

from lamion.tasks import catalogue

ROOT = Path(__file__).parent.parent
HOWTO = {page.name: page.read_text("utf-8") for page in (ROOT / "docs" / "howto").glob("*.md")}
EXPLANATION = {
    page.name: page.read_text("utf-8")
    for page in (ROOT / "docs" / "explanation").glob("*.md")
    if page.name != "beside-other-tools.md"  # It is about others' code: tests/test_beside_other_tools.py.
}
_TEST = re.compile(r"`([\w/]*?\w+\.py|tests/[\w/]+)`")
_NAMED = re.compile(r"`(test_\w+)`")
_DOI = re.compile(r"https://doi\.org/((?:[^\s()]|\([^\s()]*\))+)")


@pytest.mark.parametrize("page", EXPLANATION)
def test_a_test_that_a_page_names_is_there(page):
    tests = [path.relative_to(ROOT).as_posix() for path in (ROOT / "tests").rglob("*")]
    code = "\n".join(path.read_text("utf-8") for path in (ROOT / "tests").rglob("test_*.py"))
    named = [name.rstrip("/") for name in _TEST.findall(EXPLANATION[page]) if name != "steps.py"]
    assert [name for name in named if not any(f"/{path}".endswith(f"/{name}") for path in tests)] == []
    assert [name for name in _NAMED.findall(EXPLANATION[page]) if f"def {name}(" not in code] == []


@pytest.mark.parametrize("page", [*HOWTO, *EXPLANATION])
def test_a_source_that_a_page_names_is_cited_by_the_code(page):
    sources = (ROOT / "src").rglob("*.*")
    cited = "\n".join(path.read_text("utf-8") for path in sources if path.suffix in (".py", ".toml"))
    named = _DOI.findall({**HOWTO, **EXPLANATION}[page])
    assert [doi for doi in named if doi not in cited] == []


def test_every_task_has_a_way_to_it():
    linked = {name for text in HOWTO.values() for name in re.findall(r"tasks\.md#([\w-]+)", text)}
    assert [name for name in catalogue.built_in() if name.replace(" ", "-") not in linked] == []
