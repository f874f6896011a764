"""The documentation's site: it is built without a warning, and what is built asks nothing of the network."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
_LOADS = re.compile(
    r"""<(?:script|img|iframe|source|link)\b[^>]*\b(?:src|srcset|href)\s*=\s*["'](?:https?:)?//[^"']*"""
    r"""|(?:url\(|@import)\s*["']?(?:https?:)?//[^"')]*|\bimport\s*\(?["']https?://[^"']*""",
)


@pytest.mark.parametrize(
    "text",
    [
        '<script async src="https://cdn.example/mathjax.js"></script>',
        '<link rel="stylesheet" href="//fonts.example/a.css">',
        "@import 'https://fonts.example/a.css';",
        "b { background: url(http://example.org/a.png) }",
    ],
)
def test_what_a_page_would_load_from_elsewhere_is_found(text):
    assert _LOADS.search(text)


def test_a_link_to_elsewhere_loads_nothing():
    assert not _LOADS.search('<a href="https://doi.org/10.1002/x">x</a> <img src="_images/a.svg"> <script src="a.js">')


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """Build the site."""
    pytest.importorskip("sphinx_gallery", reason="the site needs the extra docs")
    folder = tmp_path_factory.mktemp("site")
    build = [sys.executable, "-m", "sphinx", "-q", "-n", "-W", "-b", "html", "docs", str(folder)]
    done = subprocess.run(build, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return folder


@pytest.mark.slow
def test_the_site_loads_nothing_from_elsewhere(site):
    pages = [page for page in site.rglob("*") if page.suffix in (".html", ".css", ".js")]
    found = {page.name: _LOADS.findall(page.read_text("utf-8")) for page in pages}
    assert len(pages) > 30
    assert not {name: loads for name, loads in found.items() if loads}


@pytest.mark.slow
def test_the_site_shows_what_commands_answered(site):
    tutorial = (site / "begin" / "tutorial.html").read_text("utf-8")
    assert "2 claims: 1 agrees, 1 not computed." in tutorial
    assert "1 disagrees" in tutorial
    assert str(ROOT) not in tutorial


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ("lamion read no_such_file.csv", "exit status 2, not 0"),
        (":refused:\nlamion read blocking_cell.csv", "exit status 0, not 2"),
        (":figure: none.svg\nlamion read blocking_cell.csv", "no command wrote none.svg"),
        ("lamion read blocking_cell.csv", ""),
    ],
)
def test_an_unannounced_status_fails_the_build(tmp_path, body, said):
    pytest.importorskip("myst_parser", reason="the site needs the extra docs")
    (tmp_path / "index.md").write_text(f"# A page\n\n```{{lamion}}\n{body}\n```\n", encoding="utf-8")
    settings = ["-b", "dummy", "-c", "docs", "-D", "extensions=myst_parser,runs"]
    build = [sys.executable, "-m", "sphinx", "-q", "-W", "-E", *settings, str(tmp_path), str(tmp_path / "html")]
    done = subprocess.run(build, cwd=ROOT, capture_output=True, text=True, check=False)
    assert (done.returncode != 0) == bool(said)
    assert said in done.stderr
