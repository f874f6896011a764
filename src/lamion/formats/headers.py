"""Column headers to what they mean: the quantity, its unit and its sign."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum

from lamion.quantities import FileFormatError, units


class Meaning(Enum):
    """What a column holds, in words for messages."""

    FREQUENCY = "frequency"
    REAL = "real impedance"
    IMAGINARY = "imaginary impedance"
    MODULUS = "modulus"
    PHASE = "phase"
    CYCLE = "cycle number"


SI_UNITS = {
    Meaning.FREQUENCY: "Hz",
    Meaning.REAL: "ohm",
    Meaning.IMAGINARY: "ohm",
    Meaning.MODULUS: "ohm",
    Meaning.PHASE: "deg",
}
"""The unit each meaning is returned in; a phase is kept in degrees, as it is printed."""

_NAMES = {
    Meaning.FREQUENCY: "f freq frequency frequencies",
    Meaning.REAL: "z' re zre zreal z_real re(z) rez real(z) realz real realimpedance realpart impedancereal",
    Meaning.IMAGINARY: (
        "z'' im zim zimag zimg zimaginary im(z) imz imag(z) imagz imag imaginary imaginaryimpedance imaginarypart "
        "impedanceimaginary"
    ),
    Meaning.MODULUS: "|z| z zmod mod(z) modz abs(z) absz zabs modulus absoluteimpedance impedancemodulus",
    Meaning.PHASE: "phase(z) phase phasez zphase zphz theta theta(z) phaseangle impedancephase",
    Meaning.CYCLE: "cycle cyclenumber cyclecount",
}
_MEANINGS = {name.replace("_", ""): meaning for meaning, names in _NAMES.items() for name in names.split()}
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
_SIGNED = (Meaning.IMAGINARY, Meaning.PHASE)


@dataclass(frozen=True)
class Heading:
    """One column whose header was understood.

    Parameters
    ----------
    meaning : Meaning
        What the column holds.
    index : int
        Its place, counted from 0.
    label : str
        The header as printed, for messages.
    factor : float
        What a printed number is multiplied by to have it in SI_UNITS; negative where the column holds the
        negative of its meaning, such as -Im(Z).
    has_unit : bool
        Whether the header says the unit; without one the unit of SI_UNITS is assumed.
    """

    meaning: Meaning
    index: int
    label: str
    factor: float = 1.0
    has_unit: bool = True


Headings = Mapping[Meaning, Heading]


def understand(file: str, line: int, labels: Sequence[str]) -> dict[Meaning, Heading]:
    """Find out what the columns of a table hold.

    Parameters
    ----------
    file : str
        The file's name, for messages.
    line : int
        The line the headers stand on, for messages.
    labels : sequence of str
        The headers in the order of the columns.

    Returns
    -------
    dict of Meaning to Heading
        The columns that were understood; others are not looked at.

    Raises
    ------
    FileFormatError
        When two columns mean the same, or a unit is unknown or of another dimension.

    Examples
    --------
    >>> found = understand("a.csv", 1, ["freq/kHz", "-Im(Z)/Ohm", "<Ewe>/V"])
    >>> [(heading.meaning.value, heading.index, heading.factor) for heading in found.values()]
    [('frequency', 0, 1000.0), ('imaginary impedance', 1, -1.0)]
    """
    found: dict[Meaning, Heading] = {}
    for index, label in enumerate(labels):
        heading = _heading(file, line, index, label)
        if heading is None:
            continue
        if heading.meaning in found:
            raise FileFormatError(
                file,
                f"line {line}",
                f"one column for the {heading.meaning.value}",
                f"two, '{found[heading.meaning].label}' and '{heading.label}'",
                "Remove one of them, or say which columns to take, as in "
                "--columns \"f=1,re=2,im=-3\" (im=-3: the third column holds -Z'').",
            )
        found[heading.meaning] = heading
    return found


def names_frequency(labels: Sequence[str]) -> bool:
    """Tell whether one of the cells of a line is the header of a column of frequencies, with its unit.

    Parameters
    ----------
    labels : sequence of str
        The cells, as printed.

    Examples
    --------
    >>> names_frequency(["Re(Z)/Ohm", "freq/Hz"]), names_frequency(["High Frequency (Hz) = 2e+6"])
    (True, False)
    """
    return any(label.lower().startswith("freq/") for label in labels)


def _heading(file: str, line: int, index: int, label: str) -> Heading | None:
    name, unit = _split(label)
    key = re.sub(r"[\s_.]", "", name.lower()).replace('"', "''")
    sign = -1.0 if key.startswith("-") else 1.0
    meaning = _MEANINGS.get(key.removeprefix("-"))
    if meaning is None or (sign < 0 and meaning not in _SIGNED):
        return None
    if meaning is Meaning.CYCLE:
        return Heading(meaning, index, label)
    factor = _factor(file, line, label, unit, SI_UNITS[meaning]) if unit else 1.0
    return Heading(meaning, index, label, sign * factor, has_unit=bool(unit))


def _split(label: str) -> tuple[str, str]:
    """Split a header into name and unit: ``Z'/ohm``, ``Frequency (Hz)``, ``Zreal [ohm]``."""
    plain = label.strip().translate(_LOOK_ALIKES)
    bracketed = _BRACKETED_UNIT.fullmatch(plain)
    if bracketed is not None:
        unit = (bracketed["round"] or bracketed["square"] or "").strip()
        return (plain, "") if unit.lower() in ("z", "y") else (bracketed["name"], unit)
    name, _, unit = plain.partition("/")
    return name.strip(), unit.strip()


def _factor(file: str, line: int, label: str, unit: str, wanted: str) -> float:
    spelled = _spelled(unit, wanted)
    if spelled is None:
        raise FileFormatError(
            file,
            f"line {line}",
            f"a unit of the kind of '{wanted}' in the header '{label}'",
            f"'{unit}'",
            f"Write the unit as '{wanted}', with a prefix if needed (mHz is millihertz, MHz megahertz).",
        )
    return units.scale(spelled, wanted)


def _spelled(unit: str, wanted: str) -> str | None:
    """Spell a header's unit as lamion's units do; None when it is not one of the kind wanted."""
    if wanted == "deg":
        return "deg" if unit.lower() in _DEGREES else {"rad": "rad"}.get(unit.lower())
    match = _PREFIXED.fullmatch(unit)
    if match is None:
        return None
    base = "Hz" if match["base"].lower() == "hz" else "ohm"
    prefix = "k" if match["prefix"] == "K" else match["prefix"].replace("u", "µ")
    if base != wanted or unit == "mhz":
        return None
    return prefix + base
