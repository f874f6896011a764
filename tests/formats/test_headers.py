from __future__ import annotations

import pytest

from lamion.formats.headers import Meaning, understand
from lamion.quantities import FileFormatError

_F, _RE, _IM, _MOD, _PHASE = (
    Meaning.FREQUENCY,
    Meaning.REAL,
    Meaning.IMAGINARY,
    Meaning.MODULUS,
    Meaning.PHASE,
)


@pytest.mark.parametrize(
    ("label", "meaning", "factor"),
    [
        ("freq/Hz", _F, 1.0),
        ("Freq/Hz", _F, 1.0),
        ("Frequency / Hz", _F, 1.0),
        ("Frequency (Hz)", _F, 1.0),
        ("frequency [kHz]", _F, 1e3),
        ("f / MHz", _F, 1e6),
        ("f / mHz", _F, 1e-3),
        ("Frequency", _F, 1.0),
        ("Re(Z)/Ohm", _RE, 1.0),
        ("Z'/ohm", _RE, 1.0),
        ("Z\u2032 / \u03a9", _RE, 1.0),
        ("Z' / k\u2126", _RE, 1e3),
        ("Real Impedance / ohm", _RE, 1.0),
        ("Zreal [ohm]", _RE, 1.0),
        ("Z_re (mOhm)", _RE, 1e-3),
        ("-Im(Z)/Ohm", _IM, -1.0),
        ("\u2212Im(Z) / kOhm", _IM, -1e3),
        ("Im(Z)/MOhm", _IM, 1e6),
        ('Z"/ohm', _IM, 1.0),
        ("Z''", _IM, 1.0),
        ("-Z'' / \u03a9", _IM, -1.0),
        ("-Z\u2033/\u03a9", _IM, -1.0),
        ("Zimg", _IM, 1.0),
        ("Imaginary Impedance / ohm", _IM, 1.0),
        ("|Z|/Ohm", _MOD, 1.0),
        ("Z/ohm", _MOD, 1.0),
        ("Phase(Z)/deg", _PHASE, 1.0),
        ("-Phase (\u00b0)", _PHASE, -1.0),
        ("Theta (Z)", _PHASE, 1.0),
        ("Phase/rad", _PHASE, 57.29577951308232),
        ("cycle number", Meaning.CYCLE, 1.0),
        ("Cycle Count / 1", Meaning.CYCLE, 1.0),
    ],
)
def test_what_a_header_means(label: str, meaning: Meaning, factor: float) -> None:
    (heading,) = understand("a.csv", 1, [label]).values()
    assert heading.meaning is meaning
    assert heading.factor == pytest.approx(factor, rel=1e-14)


@pytest.mark.parametrize("label", ["time/s", "<Ewe>/V", "Re(Y)/Ohm-1", "|Y|/Ohm-1", "Re(Zce)/Ohm", "-Re(Z)/Ohm", ""])
def test_other_headers_are_left_alone(label: str) -> None:
    assert understand("a.csv", 1, [label]) == {}


@pytest.mark.parametrize(
    "label", ["freq/s", "freq/mhz", "freq/rpm", "Z'/ohm cm2", "Re(Z)/Hz", "Phase/%", "f (rad/s)", "Z' [furlong]"]
)
def test_a_unit_of_another_kind_is_refused(label: str) -> None:
    with pytest.raises(FileFormatError, match="line 1: expected a unit of the kind of"):
        understand("a.csv", 1, [label])


def test_two_columns_with_one_meaning_are_refused() -> None:
    with pytest.raises(FileFormatError, match="expected one column for the real impedance, found two, 'Re' and 'Z''"):
        understand("a.csv", 1, ["f/Hz", "Re", "Z'"])
