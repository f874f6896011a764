"""What BioLogic's EC-Lab writes in its binary files and in its text alike: techniques, columns, and their records."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lamion.formats.channel import magnitude_warnings, places
from lamion.formats.side_columns import falls
from lamion.quantities import FileFormatError
from lamion.records.measurements import CurrentTransient, CyclingRecord, VoltageTransient
from lamion.records.record import Table, violation

Array = NDArray[np.float64]
Columns = Mapping[str, Array]
"""By EC-Lab's own headers, in their units."""

CHRONOAMPEROMETRY = "Chronoamperometry / Chronocoulometry"
TECHNIQUES = {
    0x04: "Galvanostatic Cycling with Potential Limitation",
    0x0B: "Open Circuit Voltage",
    0x18: CHRONOAMPEROMETRY,
    0x19: "Chronopotentiometry",
    0x1D: "Potentio Electrochemical Impedance Spectroscopy",
    0x1E: "Galvano Electrochemical Impedance Spectroscopy",
    0x32: "IR compensation (PEIS)",
    0x6C: "Linear Sweep Voltammetry",
    0x7F: "Modulo Bat",
}
"""By their number in binary files; the text spells the names out."""

FREQUENCY, REAL, MINUS_IMAGINARY = IMPEDANCE = ("freq/Hz", "Re(Z)/Ohm", "-Im(Z)/Ohm")
TIME = "time/s"
_VOLTAGES = ("Ewe/V", "<Ewe>/V")
_CURRENTS = ("I/mA", "<I>/mA")
_STEP_CHARGE, _NET_CHARGE = "dq/mA.h", "(Q-Qo)/mA.h"
_CHARGES = {_NET_CHARGE: 3.6, "(Q-Qo)/C": 1.0}
_POWER, _CYCLE, _STEP = "P/W", "cycle number", "Ns"
USED = (TIME, *_VOLTAGES, *_CURRENTS, _STEP_CHARGE, *_CHARGES, _POWER, _CYCLE, _STEP)
"""What a record of time is made of, as far as it is there."""

_HARMONIC = re.compile(r"(?:THD|NSD|NSR) (?:Ewe|I)/%|\|(?:Ewe|I) h\d\|/[VA]")
_HIGHEST_HARMONIC = 1e5
"""Hz. EC-Lab's text gives no harmonics and no distortion above; what the binary file holds there is no measurement."""
_ROUNDING = 1e-5
_LEAST_POWER = 1e-15
"""W"""


@dataclass(frozen=True)
class TimeRecord:
    """A record of time.

    Parameters
    ----------
    record : Table
        A transient of current or of voltage, or a cycling record.
    warnings : tuple of str
        A whole sentence each.
    """

    record: Table
    warnings: tuple[str, ...]


def without_unmeasured(columns: Columns) -> dict[str, Array]:
    """Replace by NaN the harmonics and distortions that were not measured."""
    if FREQUENCY not in columns:
        return dict(columns)
    above = columns[FREQUENCY] > _HIGHEST_HARMONIC
    return {
        name: np.where(above | (values == -1.0), np.nan, values) if _HARMONIC.fullmatch(name) else values
        for name, values in columns.items()
    }


def time_record(file: str, technique: str, columns: Columns, place: Callable[[int], str]) -> TimeRecord:
    """Make the record that a technique of direct current measures; `place` names a row in messages."""
    voltage, current = _first(columns, _VOLTAGES), _current(columns)
    if TIME not in columns or voltage is None:
        raise _nothing_to_read(file, technique, columns)
    warnings = [
        *_technique_warnings(technique),
        *_time_warnings(columns, place),
        *_charge_warnings(columns, place),
    ]
    time = columns[TIME]
    kind: type[Table]
    if current is None:
        kind, arrays = VoltageTransient, {"time": time - time[0], "voltage": voltage}
    elif technique == CHRONOAMPEROMETRY:
        kind, arrays = CurrentTransient, {"time": time - time[0], "current": current, "voltage": voltage}
    else:
        kind, arrays = CyclingRecord, _cycling(columns, time, voltage, current)
    if current is not None:
        warnings += _power_warnings(columns, voltage, current, place)
    warnings += magnitude_warnings(arrays, place)
    return TimeRecord(_checked(file, kind, arrays, place), tuple(warnings))


def direct_current_warnings(count: int) -> Iterator[str]:
    """Say how many rows of 0 Hz stand among the impedance."""
    if count:
        rows = "A row of 0 Hz is" if count == 1 else f"{count} rows of 0 Hz are"
        yield f"{rows} direct current before or between the sweeps: left out."


def _checked(file: str, kind: type[Table], arrays: Columns, place: Callable[[int], str]) -> Table:
    wrong = violation(kind.kind, arrays)
    if wrong is None:
        return kind(**arrays)
    remedy = "The file was damaged on its way: copy it again, or export it again from EC-Lab."
    raise FileFormatError(file, place(wrong.place), wrong.expected, wrong.found, remedy)


def _first(columns: Columns, names: Sequence[str]) -> Array | None:
    return next((columns[name] for name in names if name in columns), None)


def _current(columns: Columns) -> Array | None:
    """Return the current in A; without a column of it, that of the charge that passed since the point before."""
    measured = _first(columns, _CURRENTS)
    if measured is not None:
        with np.errstate(all="ignore"):  # damaged bytes can be any number
            return np.asarray(1e-3 * measured)
    if _STEP_CHARGE not in columns or TIME not in columns:
        return None
    passed = columns[_STEP_CHARGE]
    with np.errstate(all="ignore"):
        return np.append(0.0, 3.6 * passed[1:] / np.diff(columns[TIME]))


def _cycling(columns: Columns, time: Array, voltage: Array, current: Array) -> dict[str, Array]:
    found = {"time": time, "voltage": voltage, "current": current}
    found |= {name: columns[label] for name, label in (("cycle", _CYCLE), ("step", _STEP)) if label in columns}
    with np.errstate(all="ignore"):  # damaged bytes can be any number
        charge = next((factor * columns[label] for label, factor in _CHARGES.items() if label in columns), None)
    return found if charge is None else {**found, "charge": charge}


def _technique_warnings(technique: str) -> Iterator[str]:
    if technique not in TECHNIQUES.values():
        yield f"The technique '{technique[:60]}' is none that lamion was tried on; its columns were read by name."


def _time_warnings(columns: Columns, place: Callable[[int], str]) -> Iterator[str]:
    """Warn where time does not rise: an instrument writes every point later than the one before."""
    wrong = falls(np.nan_to_num(columns[TIME], nan=-1.0))
    if len(wrong):
        yield f"{places(wrong, place)}: the time does not rise, so points were moved or a number was changed."


def _charge_warnings(columns: Columns, place: Callable[[int], str]) -> Iterator[str]:
    """Warn where the net charge is not that of the point before and what has passed since."""
    if _STEP_CHARGE not in columns or _NET_CHARGE not in columns:
        return
    passed, net = columns[_STEP_CHARGE], columns[_NET_CHARGE]
    with np.errstate(all="ignore"):
        slack = _ROUNDING * np.nanmax(np.abs(passed)) + _ROUNDING**2 * np.abs(net[1:])
        wrong = np.flatnonzero(~(np.abs(np.diff(net) - passed[1:]) <= slack)) + 1
    if len(wrong):
        yield (
            f"{places(wrong, place)}: the charge does not follow from the point before: another technique ran in "
            "between, or points are missing."
        )


def _power_warnings(columns: Columns, voltage: Array, current: Array, place: Callable[[int], str]) -> Iterator[str]:
    """Compare voltage times current with the power that EC-Lab computed of them."""
    if _POWER not in columns:
        return
    with np.errstate(all="ignore"):  # damaged numbers may be beyond any range
        power = voltage * current
        apart = np.abs(columns[_POWER] - power)
        wrong = np.flatnonzero(~(apart <= _ROUNDING * np.abs(power) + _LEAST_POWER))
    if len(wrong):
        yield (
            f"{places(wrong, place)}: the power is not that of its voltage and current, so a number was changed or "
            "columns were exchanged."
        )


def _nothing_to_read(file: str, technique: str, columns: Columns) -> FileFormatError:
    names = ", ".join(f"'{name}'" for name in columns if name in USED) or "none that lamion reads"
    return FileFormatError(
        file,
        "",
        f"the columns '{TIME}' and 'Ewe/V', or an impedance",
        f"the technique {technique} with {names}",
        "Export the file from EC-Lab with its time and its potential.",
    )
