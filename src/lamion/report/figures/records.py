"""Raw records as they were read: spectra in the complex plane, others against their first column."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from lamion.quantities import FigureData
from lamion.quantities.figure import Axis, Figure, Numbers, Panel, Points
from lamion.quantities.nyquist import nyquist
from lamion.records import ImpedanceSpectrum
from lamion.records.impedance import left_out
from lamion.records.record import Record


def figure_of_records(records: Sequence[tuple[str, Record]]) -> FigureData:
    """Return the figure of raw records of one kind, each with the name of its file."""
    drawn = [(_label(name, record), record) for name, record in records]
    if isinstance(records[0][1], ImpedanceSpectrum):
        spectra = [
            {
                "label": label if len(drawn) > 1 else "",
                "number": record.numbers.tolist(),
                "frequency": record.frequency.tolist(),
                "re": record.impedance.real.tolist(),
                "im": record.impedance.imag.tolist(),
                **left_out(record),
            }
            for label, record in drawn
            if isinstance(record, ImpedanceSpectrum)
        ]
        return nyquist("Impedance as it was read", spectra)
    return _columns([(label, record.columns()) for label, record in drawn]).entitled("A record as it was read")


def _columns(drawn: Sequence[tuple[str, Mapping[str, Numbers]]]) -> Figure:
    """Draw every column against the first, one panel each."""
    x, *others = drawn[0][1]
    panels = [
        Panel(
            [
                Points(columns[x], columns[name], label if len(drawn) > 1 else "", number, marker="dot", joined=True)
                for number, (label, columns) in enumerate(drawn)
            ],
            _axis(x),
            _axis(name),
            legend="" if row else "best",
        )
        for row, name in enumerate(others)
    ]
    return Figure(panels, size=(5.6, 1.0 + 2.2 * len(others)), share_x=True)


def _axis(title: str) -> Axis:
    label, _, unit = title.partition(" / ")
    return Axis(label, unit or "1")


def _label(name: str, record: Record) -> str:
    cycle = getattr(record, "cycle", None)
    return name if cycle is None else f"{name}, cycle {cycle}"
