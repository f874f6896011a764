"""One column of a record: its unit and its names, and what a header printed over it means."""

from __future__ import annotations

import dataclasses
import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from lamion.quantities.errors import InputError

UNIT_AREA = 1e-4
"""m2, of the electrode whose impedance or current is meant where a table gives it times or over an area."""
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
_WHOLLY_BRACKETED = re.compile(r"\((?P<unit>[^()]+)\)")
_PREFIXED = re.compile(
    r"(?P<prefix>[pnuµmkKMGT]?)(?P<base>hz|ohms?|\u03a9)(?P<area>[\s*.\u00b7]*cm(?:\^?2|\u00b2))?", re.IGNORECASE
)
_OVER_AREA = re.compile(r"[pnu\u00b5mkg]?(?:ohms?|\u03c9)(?:/\(?|\*|\.|\u00b7)?cm(?:\^?-?2|\u00b2|\u207b\u00b2)\)?")
_OTHERWISE = {"M": "the electric modulus", "S": "an admittance"} | dict.fromkeys(("ohm m", "ohm cm"), "a resistivity")
"""Units of what other than an impedance has a real and an imaginary part."""
_GIVE_IMPEDANCE = 'Export the impedance, or name its columns as in "Z\' / ohm".'
_ANGULAR = {"rad/s", "rads-1", "rads^-1", "rad*s-1", "1/s", "s-1", "s^-1"}
_DENSITIES = {"j", "currentdensity"}
_CHANNEL = re.compile(r"(?<=^)(-?)we\(\d\)")
"""What Autolab writes before the name, as in ``WE(1).Current (A)``."""
_OMEGA = {"omega", "\u03c9", "angularfrequency"}
_LOGARITHM = re.compile(
    r"(?P<base>log10|log_10|log|lg|ln)\s*(?:\((?P<round>.+)\)|\[(?P<square>.+)\]|\s(?P<bare>[^\s/(\[]+))\s*(?P<unit>[/(\[].*)?",
    re.IGNORECASE,
)
_INVERSE = re.compile(
    r"(?P<over>1|1000|1e3|10\^?3|10\u00b3)\s*(?P<kelvin>K)?\s*/\s*(?P<name>[A-Za-z]+)\s*(?P<unit>.*)", re.IGNORECASE
)
_FORMS = {"": (), "logarithm": ("log10", "ln"), "inverse": ("inverse",)}
_PER_KELVIN = {"", "1/k", "k-1", "k^-1", "k^{-1}", "k\u207b\u00b9"}
_LOST_DEGREE = re.compile(
    r"(?:\?|\ufffd+|\u2103|\u00ba|\u02da|[^\x00-\x7f]{0,2}\u00b0|\u00ef\u00bf\u00bd)(?P<scale>[CF]?)"
)
_DEGREES = {"deg", "\u00b0", "degree", "degrees"}
_WITH_UNIT = re.compile(r"(?P<name>[a-z_]+)_(?P<unit>second|volt|ampere|hertz|ohm|celsius|degree|ah)")
"""The Battery Data Format's names for machines, as in ``test_time_second``."""
_NAMED_UNITS = {
    "second": "s",
    "volt": "V",
    "ampere": "A",
    "hertz": "Hz",
    "celsius": "degC",
    "degree": "deg",
    "ah": "Ah",
}
_SPELLED = {
    "s": {"sec", "secs", "second", "seconds"},
    "V": {"v", "volt", "volts"},
    "A": {"amp", "amps", "ampere", "amperes"},
}
EXAMPLE = "f=1,re=2,im=-3"
"""Which columns of a table an impedance is in."""
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
    form: str = ""
    areal: bool = False
    otherwise: str = ""


@dataclass(frozen=True)
class Unit:
    """How a printed number becomes one of the record.

    Parameters
    ----------
    factor, offset : float
        The number is multiplied, then added to.
    said : bool
        Whether the header says the unit.
    form : str
        What it is before that: ``"log10"`` or ``"ln"`` of the number, its ``"inverse"``; empty for the number itself.
    areal : bool
        Whether it is an impedance times an area, or a current over one; that of 1 cm2 is meant.
    """

    factor: float = 1.0
    offset: float = 0.0
    said: bool = True
    form: str = ""
    areal: bool = False


@dataclass(frozen=True)
class Label:
    """A header without the form that it is printed in.

    Parameters
    ----------
    text : str
        Name and unit.
    form : str
        ``"log10"``, ``"ln"`` or ``"inverse"``; empty for the number itself.
    factor : float
        What an inverse is multiplied by, as in ``1000/T``.
    """

    text: str
    form: str = ""
    factor: float = 1.0


@lru_cache(maxsize=2**14)
def unformed(label: str) -> Label:
    """Take the form off a header: ``log10(sigma / S/cm)``, ``ln sigma (S/cm)``, ``1000/T (1/K)``.

    Parameters
    ----------
    label : str
        As printed.

    Examples
    --------
    >>> unformed("log10(sigma / S/cm)"), unformed("1000/T (1/K)").factor
    (Label(text='sigma / S/cm', form='log10', factor=1.0), 1000.0)
    """
    text = label.strip().translate(_LOOK_ALIKES)
    logarithm = _LOGARITHM.fullmatch(text)
    if logarithm is not None:
        inner = logarithm["round"] or logarithm["square"] or logarithm["bare"]
        form = "ln" if logarithm["base"].lower() == "ln" else "log10"
        return Label(f"{inner} {logarithm['unit'] or ''}".strip(), form)
    inverse = _INVERSE.fullmatch(text)
    if inverse is not None and re.sub(r"[\s()\[\]]", "", inverse["unit"].lstrip("/ ")).lower() in _PER_KELVIN:
        return Label(f"{inverse['name']} / K", "inverse", 1.0 if inverse["over"] == "1" else 1000.0)
    return Label(text)


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
        return (plain, "") if unit.lower() in ("z", "y") else (bracketed["name"], with_degrees(unit))
    name, _, unit = plain.partition("/")
    whole = _WHOLLY_BRACKETED.fullmatch(unit.strip())
    return name.strip(), with_degrees(whole["unit"] if whole else unit.strip())


def with_degrees(unit: str) -> str:
    """Return a unit whose degree sign was lost on the way through another encoding with that sign.

    Parameters
    ----------
    unit : str
        As printed.

    Examples
    --------
    >>> with_degrees("?C"), with_degrees("\ufffd"), with_degrees("V")
    ('°C', '°', 'V')
    """
    lost = _LOST_DEGREE.fullmatch(unit)
    scale = "C" if unit == "\u2103" else lost["scale"] if lost is not None else ""
    return unit if lost is None else f"\u00b0{scale}"


def named(label: str, columns: Mapping[str, Column]) -> str | None:
    """Return which column a header names, None for none of them.

    Parameters
    ----------
    label : str
        As printed.
    columns : Mapping of str to Column
        By their keys.
    """
    printed = unformed(label)
    key = _key(printed.text)
    minus = key.startswith("-")
    plain = key.replace("-", "")
    for name, column in columns.items():
        if plain in column.names:
            taken = printed.form in ("", *_FORMS[column.form])
            return name if taken and (column.signed or not minus) else None
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
    printed = unformed(label)
    if printed.form == "inverse":
        return Unit(printed.factor, form="inverse")
    return dataclasses.replace(_linear(printed.text, column), form=printed.form)


def meant(label: str, columns: Mapping[str, Column]) -> tuple[str, Unit] | None:
    """Return which column a header means by its name and unit, and how its numbers become that column's.

    Parameters
    ----------
    label : str
        As printed.
    columns : Mapping of str to Column
        By their keys.

    Returns
    -------
    tuple of str and Unit, or None
        None where it names none of them.

    Raises
    ------
    HeaderError
        When the header gives no unit, an unknown one or one of another dimension.

    Examples
    --------
    >>> columns = {"mass": Column("kg", names=("mass",), otherwise="fraction"), "fraction": Column("1")}
    >>> meant("Mass / mg", columns)[0], meant("Mass / %", columns)[0]
    ('mass', 'fraction')
    """
    name = named(label, columns)
    if name is None:
        return None
    first, refusal = name, None
    while name:
        try:
            return name, unit_of(label, columns[name])
        except HeaderError as error:
            refusal, name = refusal or error, columns[name].otherwise
    raise refusal or HeaderError(f"the {first}", f"'{label}'", "Mend the header.")


def _linear(label: str, column: Column) -> Unit:
    unit = split_label(label)[1]
    sign = -1.0 if _key(label).startswith("-") else 1.0
    exact = unit == column.unit and _key(label) not in _OMEGA | _DENSITIES
    if column.any_unit or exact or unit.lower() in _SPELLED.get(column.unit, ()):
        return Unit(sign)
    if column.unit in _PRINTED_IN_HEADERS:
        return _spelled(label, unit, column.unit, sign)
    if not unit:
        raise HeaderError(
            f"a unit in the header '{label}'", "none", f"Write the header like '{label.strip()} / {column.unit}'."
        )
    from lamion.quantities import units

    try:
        fits = units.same_dimension(unit, column.unit)
    except InputError as error:
        raise HeaderError(f"a unit in the header '{label}'", f"'{unit}'", error.remedy) from error
    if fits and _key(label) in _DENSITIES:
        raise HeaderError(f"a unit like '{column.unit}/m2' in the header '{label}'", f"'{unit}'", "Mend the header.")
    areal = column.areal and not fits and units.same_dimension(unit, f"{column.unit}/m2")
    if areal:
        return Unit(sign * UNIT_AREA * units.convert(1.0, unit, f"{column.unit}/m2"), areal=True)
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
    if unit.form:
        with np.errstate(divide="ignore", over="ignore"):
            values = 10.0**values if unit.form == "log10" else np.exp(values) if unit.form == "ln" else 1.0 / values
    if unit.factor == 1.0 and unit.offset == 0.0:
        return values
    return np.asarray(values * unit.factor + unit.offset)


@lru_cache(maxsize=2**14)
def _key(label: str) -> str:
    key = re.sub(r"[\s_.~]", "", split_label(label)[0].lower()).replace('"', "''")
    return _CHANNEL.sub(r"\1", key).replace("{", "(").replace("}", ")")


def _spelled(label: str, unit: str, wanted: str, sign: float) -> Unit:
    """Return the factor of a unit that instruments spell in their own ways, or do not say."""
    from lamion.quantities import units

    angular = wanted == "Hz" and _key(label) in _OMEGA
    if not unit:
        return Unit(sign / (2 * math.pi) if angular else sign, said=False)
    found, times_area = None, False
    match = _PREFIXED.fullmatch(unit)
    plain = unit.lower().replace(" ", "")
    if wanted == "Hz" and plain in _ANGULAR and (angular or "rad" in plain):
        return Unit(sign / (2 * math.pi))
    if wanted == "deg" and "?" in label:  # a degree sign that was lost, or a unit that nobody knew
        return Unit(sign, said=False)
    if wanted == "deg":
        found = "deg" if unit.lower() in _DEGREES else {"rad": "rad"}.get(unit.lower())
    elif match is not None and unit != "mhz":
        base = "Hz" if match["base"].lower() == "hz" else "ohm"
        prefix = "k" if match["prefix"] == "K" else match["prefix"].replace("u", "µ")
        times_area = match["area"] is not None
        found = prefix + base if base == wanted and not (times_area and base == "Hz") and not angular else None
    if found is None and unit in _OTHERWISE:
        raise HeaderError(f"an impedance under '{label}'", f"'{unit}', {_OTHERWISE[unit]}", _GIVE_IMPEDANCE)
    if found is None and _OVER_AREA.fullmatch(plain):
        remedy = "An area-specific resistance is the resistance times the area: write ohm cm2, or ohm, whichever it is."
        raise HeaderError(f"an impedance in ohm or ohm cm2 under '{label}'", f"'{unit}', one over an area", remedy)
    if found is None:
        raise HeaderError(
            f"a unit of the kind of '{wanted}' in the header '{label}'",
            f"'{unit}'",
            f"Write the unit as '{wanted}', with a prefix if needed (mHz is millihertz, MHz megahertz).",
        )
    return Unit(sign if found == wanted else sign * units.scale(found, wanted), areal=times_area)


def as_written(specification: str = EXAMPLE) -> str:
    """Return the option with a specification of columns, as the command line, a study's step and Python write it.

    Examples
    --------
    >>> as_written("t=1 h,u=2 mV")
    '--columns "t=1 h,u=2 mV" (columns = in a step, columns= in Python)'
    """
    minus = "; im=-3: the third column holds -Z''" if specification == EXAMPLE else ""
    return f'--columns "{specification}" (columns = in a step, columns= in Python{minus})'
