"""Where the tests on real instrument files find them."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

_MISSING = "set LAMION_TEST_DATA to the folder of real instrument files"


@pytest.fixture(scope="session")
def real_data() -> Path:
    """Return the folder of real instrument files; the test is skipped without it."""
    folder = os.environ.get("LAMION_TEST_DATA")
    if not folder or not Path(folder).is_dir():
        pytest.skip(_MISSING)
    return Path(folder)


@pytest.fixture(autouse=True)
def state_of_its_own(tmp_path_factory, monkeypatch):
    """Keep what lamion remembers of a user out of the user's own state folder."""
    monkeypatch.setenv("LAMION_STATE", str(tmp_path_factory.mktemp("state")))


_SKIPPED = {"real files": _MISSING, "the page in a browser": "for the tests in a browser"}
"""What skipped tests are about, by a part of their reason."""


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    for what, mark in _SKIPPED.items():
        reasons = [str(report.longrepr) for report in terminalreporter.stats.get("skipped", [])]
        skipped = [reason for reason in reasons if mark in reason]
        if skipped:
            said = skipped[0].partition("Skipped: ")[2].rstrip("')")
            terminalreporter.write_line(f"{len(skipped)} tests on {what} were skipped: {said}")
