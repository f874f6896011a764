"""What a new kind of record costs: ten lines, after which it is read, taken by a task and drawn."""

import inspect
from typing import Annotated

import pytest

from lamion.cli.main import main
from lamion.quantities import Answer, Quantity
from lamion.quantities.figure import Axis, Figure, Panel, Points
from lamion.records.record import KINDS, Array, Table, column, record
from lamion.report.figures.csv_table import csv_table
from lamion.tasks.declaring import File, Option, Result, task

MOST_LINES = 10


def _voltammogram():
    @record("cyclic voltammogram", key="toy")
    class Voltammogram(Table):
        """Current against a potential that comes back."""

        sweep: Array = column("V/s", "Sweep Rate / V/s", "sweeprate", above=0)
        potential: Array = column("V", "Potential / V", "potential e")
        current: Array = column("A", "Current / A", "current i", signed=True)

    return Voltammogram


@pytest.fixture
def voltammogram():
    yield _voltammogram()
    del KINDS["toy"]


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "sweep.txt"
    path.write_text("made in a lab\nsweep rate / mV/s;E / mV;-I / uA\n50;0,5;1,25\n50;2;-3,5\n50;1;-1,5\n")
    return path


def test_a_kind_is_ten_lines():
    told = [line for line in inspect.getsource(_voltammogram).splitlines()[1:-1] if line.strip()]
    assert len(told) <= MOST_LINES


def test_the_command_line_reads_it(voltammogram, file, capsys):
    assert main(["read", str(file)]) == 0
    told = capsys.readouterr().out
    assert "voltammogram; table of a cyclic voltammogram; 3 points" in told
    assert "Potential" in told
    assert "5e-4 to 2e-3 V" in told


def test_a_task_takes_it_and_draws_it(voltammogram, file, tmp_path):
    def peak(file: Annotated[File, Option("a sweep", record="Voltammogram")]) -> Answer:
        sweep = file.read().the(voltammogram)
        panel = Panel([Points(sweep.potential, sweep.current)], Axis("potential", "V"), Axis("current", "A"))
        return Answer(
            {"peak": Quantity(float(sweep.current.max()), None, "A")},
            figures={"sweep": Figure([panel]).entitled("The sweep")},
        )

    declared = task(results={"peak": Result("A", "highest", headline=True)}, evidence="measured", example="")(peak)
    answer = declared(file)
    assert answer["peak"].si == pytest.approx(3.5e-6)
    assert declared(voltammogram.of({"sweeprate / V/s": [1.0], "E / V": [0.0], "I / A": [2.0]}))["peak"].si == 2.0
    table = csv_table(answer.figures["sweep"])
    assert table.splitlines()[0].count("potential / V") == 1
    assert len(table.splitlines()) == 1 + 3
    axes = answer.plot().axes[0]
    assert (axes.get_xlabel(), axes.get_ylabel()) == ("potential / V", "current / A")
    assert main(["analyze", "kk", str(file)]) == 2  # what wants a spectrum says that this is none
