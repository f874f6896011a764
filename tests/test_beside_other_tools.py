"""The page that puts lamion beside other tools: every cell has its source, every benchmark its command."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PAGE = next((ROOT / "docs").rglob("beside-other-tools.md"))
TEXT = PAGE.read_text(encoding="utf-8")
LINKS = dict(re.findall(r"^\[([a-z-]+)\]: (\S+)$", TEXT, flags=re.MULTILINE))
ROWS = [
    [cell.strip() for cell in line.strip("|").split("|")]
    for line in TEXT.splitlines()
    if line.startswith("| ") and not line.startswith("| tool")
]
TOOLS, BENCHMARKS = [row for row in ROWS if len(row) == 4], [row for row in ROWS if len(row) == 3]


@pytest.mark.parametrize("row", TOOLS, ids=lambda row: row[0])
def test_what_is_said_of_a_tool_and_of_lamion_has_its_source(row):
    tool, theirs, ours, _ = row
    assert tool.startswith("(") or re.search(r"\]\[[a-z-]+\]", theirs)
    assert re.search(r"\]\[[a-z-]+\]", ours)


def test_every_link_leads_somewhere_and_is_used():
    used = set(re.findall(r"\]\[([a-z-]+)\]", TEXT))
    assert used == set(LINKS)
    for target in LINKS.values():
        path, _, anchor = target.partition("#")
        if target.startswith("https://"):
            continue
        assert (PAGE.parent / path).is_file(), target
        heading = anchor.replace("-", " ", 1)
        assert not anchor or re.search(rf"^## {heading}$", (PAGE.parent / path).read_text("utf-8"), re.MULTILINE)


def test_every_benchmark_has_the_command_that_its_docstring_gives():
    said = " ".join(cell for row in BENCHMARKS for cell in row)
    for path in (ROOT / "benchmarks").glob("*.py"):
        assert f"benchmarks/{path.name}" in said
    for _, _, command in BENCHMARKS[1:]:
        path, *words = command.strip("`").removeprefix("python ").split()
        written = (ROOT / path).read_text(encoding="utf-8")
        assert all(word in written for word in words if word.startswith("--")), command
