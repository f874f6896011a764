"""Run the command line within the process and hand back what it said."""

import json
from dataclasses import dataclass

import pytest

from lamion.cli.main import main


@dataclass
class Said:
    status: int
    out: str
    err: str

    @property
    def json(self):
        return json.loads(self.out, parse_constant=pytest.fail)


@pytest.fixture
def lamion(capsys):
    def call(*words):
        status = main([str(word) for word in words])
        captured = capsys.readouterr()
        return Said(status, captured.out, captured.err)

    return call


@pytest.fixture
def spectrum_file(tmp_path):
    """A synthetic blocking cell of 50 ohm, as CSV."""
    from lamion.formats.csv_table import spectrum_text
    from lamion.synthetic.blocking_cell import BlockingCell, blocking_cell_spectrum

    path = tmp_path / "cell.csv"
    path.write_text(spectrum_text(blocking_cell_spectrum(BlockingCell(50.0), seed=4)))
    return path
