"""One column of a record: its unit and its names, and what a header printed over it means."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lamion.quantities.errors import InputError

_LOOK_ALIKES = str.maketrans(
    {
        "\u2019": "'",  # right single quotation mark
        "\u2032": "'",  # prime
        "\u00b4": "'",  # acute accent
        "\u201d": '"',  # right double quotation mark
        "\u2033": '"',  # double prime
        "\u2212": "-",  # minus
        "\u2013": "-",  # en dash
        "\u2223": "|",  # divides
        "\u2126": "\u03a9",  # ohm sign to omega
        "\u03bc": "\u00b5",  # mu to micro
    }
)
_BRACKETED_UNIT = re.compile(r"(?P<name>[^/]*[^/\s])\s*(?:\((?P<round>[^()]*)\)|\[(?P<square>[^\[\]]*)\])")
_PREFIXED = re.compile(r"(?P<prefix>[pnuµmkKMGT]?)(?P<base>hz|ohms?|\u03a9)", re.IGNORECASE)
_DEGREES = {"deg", "\u00b0", "degree", "degrees"}
_WITH_UNIT = re.compile(r"(?P<name>[a-z_]+)_(?P<unit>second|volt|ampere|hertz|ohm|celsius|degree)")
"""The Battery Data Format's names for machines, as in ``test_time_second``."""
_NAMED_UNITS = {"second": "s", "volt": "V", "ampere": "A", "hertz": "Hz", "celsius": "degC", "degree": "deg"}
_SPELLED = {
    "s": {"sec", "secs", "second", "seconds"},
    "V": {"v", "volt", "volts"},
    "A": {"amp", "amps", "ampere", "amperes"},
}
_PRINTED_IN_HEADERS = ("Hz", "ohm", "deg")
"""Units that instruments spell in ways of their own."""


@dataclass(frozen=True)
class Column:
    """What is declared of a column; as for :func:`lamion.records.record.column`."""

    unit: str
    title: str = ""
    names: tuple[str, ...] = ()
    rising: bool = False
    above: float | None = None
    least: float | None = None
    below: float | None = None
    needed: bool = True
    signed: bool = False
    any_unit: bool = False


@dataclass(frozen=True)
class Unit:
    """How a printed number becomes one of the record.

    Parameters
    ----------
    factor, offset : float
        The number is multiplied, then added to.
    said : bool
        Whether the header says the unit.
    """

    factor: float = 1.0
    offset: float = 0.0
    said: bool = True


class HeaderError(InputError):
    """A header whose unit cannot be used.

    Parameters
    ----------
    expected, found, remedy : str
        As for :class:`~lamion.quantities.FileFormatError`.
    """

    def __init__(self, expected: str, found: str, remedy: str) -> None:
        self.expected, self.found = expected, found
        super().__init__(f"Expected {expected}, found {found}.", "", remedy)
        self.args = (expected, found, remedy)


def split_label(label: str) -> tuple[str, str]:
    """Split a header into name and unit: ``Z'/ohm``, ``Frequency (Hz)``, ``Zreal [ohm]``.

    Parameters
    ----------
    label : str
        As printed.

    Examples
    --------
    >>> split_label("Frequency (Hz)"), split_label("Re(Z)"), split_label("conductivity / S/cm")
    (('Frequency', 'Hz'), ('Re(Z)', ''), ('conductivity', 'S/cm'))
    """
    plain = label.strip().translate(_LOOK_ALIKES)
    machine = _WITH_UNIT.fullmatch(plain)
    if machine is not None:
        return machine["name"], _NAMED_UNITS.get(machine["unit"], machine["unit"])
    bracketed = _BRACKETED_UNIT.fullmatch(plain)
    if bracketed is not None:
        unit = (bracketed["round"] or bracketed["square"] or "").strip()
        return (plain, "") if unit.lower() in ("z", "y") else (bracketed["name"], unit)
    name, _, unit = plain.partition("/")
    return name.strip(), unit.strip()


def named(label: str, columns: Mapping[str, Column]) -> str | None:
    """Return which column a header names, None for none of them.

    Parameters
    ----------
    label : str
        As printed.
    columns : Mapping of str to Column
        By their keys.
    """
    key = _key(label)
    minus = key.startswith("-")
    plain = key.replace("-", "")
    for name, column in columns.items():
        if plain in column.names:
            return None if minus and not column.signed else name
    return None


def unit_of(label: str, column: Column) -> Unit:
    """Return how the numbers below a header become the column's.

    Parameters
    ----------
    label : str
        As printed; it names the column.
    column : Column
        The column.

    Raises
    ------
    HeaderError
        When the header gives no unit, an unknown one or one of another dimension.

    Examples
    --------
    >>> unit_of("T / degC", Column("K", names=("t",))).offset
    273.15
    """
    unit = split_label(label)[1]
    sign = -1.0 if _key(label).startswith("-") else 1.0
    if column.any_unit or unit == column.unit or unit.lower() in _SPELLED.get(column.unit, ()):
        return Unit(sign)
    if column.unit in _PRINTED_IN_HEADERS:
        return Unit(sign * (_spelled(label, unit, column.unit) if unit else 1.0), said=bool(unit))
    if not unit:
        raise HeaderError(
            f"a unit in the header '{label}'", "none", f"Write the header like '{label.strip()} / {column.unit}'."
        )
    from lamion.quantities import units

    try:
        fits = units.same_dimension(unit, column.unit)
    except InputError as error:
        raise HeaderError(f"a unit in the header '{label}'", f"'{unit}'", error.remedy) from error
    if not fits:
        raise HeaderError(f"a unit like '{column.unit}' in the header '{label}'", f"'{unit}'", "Mend the header.")
    offset = units.convert(0.0, unit, column.unit)
    return Unit(sign * (units.convert(1.0, unit, column.unit) - offset), offset)


def converted(values: NDArray[np.float64], unit: Unit) -> NDArray[np.float64]:
    """Return printed numbers in the column's unit.

    Parameters
    ----------
    values : array
        As printed.
    unit : Unit
        As :func:`unit_of` gives it.
    """
    if unit.factor == 1.0 and unit.offset == 0.0:
        return values
    return np.asarray(values * unit.factor + unit.offset)


def _key(label: str) -> str:
    return re.sub(r"[\s_.~]", "", split_label(label)[0].lower()).replace('"', "''")


def _spelled(label: str, unit: str, wanted: str) -> float:
    """Return the factor of a unit that instruments spell in their own ways."""
    from lamion.quantities import units

    found = None
    match = _PREFIXED.fullmatch(unit)
    if wanted == "deg":
        found = "deg" if unit.lower() in _DEGREES else {"rad": "rad"}.get(unit.lower())
    elif match is not None and unit != "mhz":
        base = "Hz" if match["base"].lower() == "hz" else "ohm"
        prefix = "k" if match["prefix"] == "K" else match["prefix"].replace("u", "µ")
        found = prefix + base if base == wanted else None
    if found is None:
        raise HeaderError(
            f"a unit of the kind of '{wanted}' in the header '{label}'",
            f"'{unit}'",
            f"Write the unit as '{wanted}', with a prefix if needed (mHz is millihertz, MHz megahertz).",
        )
    return 1.0 if found == wanted else units.scale(found, wanted)
