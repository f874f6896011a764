"""Van der Waals radii."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from types import MappingProxyType

from lamion.quantities import InputError, MissingExtraError

_BONDI = "Bondi 1964"
_MANTINA = "Mantina 2009"
_ALVAREZ = "Alvarez 2013"
_HYDROGEN = "Rowland and Taylor 1996"

_FROM_BONDI = """
He 1.40 Li 1.82 C 1.70 N 1.55 O 1.52 F 1.47 Ne 1.54 Na 2.27 Mg 1.73 Si 2.10 P 1.80 S 1.80 Cl 1.75 Ar 1.88 K 2.75
Ni 1.63 Cu 1.40 Zn 1.39 Ga 1.87 As 1.85 Se 1.90 Br 1.85 Kr 2.02 Pd 1.63 Ag 1.72 Cd 1.58 In 1.93 Sn 2.17 Te 2.06
I 1.98 Xe 2.16 Pt 1.75 Au 1.66 Hg 1.55 Tl 1.96 Pb 2.02 U 1.86
"""
_FROM_MANTINA = """
Be 1.53 B 1.92 Al 1.84 Ca 2.31 Ge 2.11 Rb 3.03 Sr 2.49 Sb 2.06 Cs 3.43 Ba 2.68 Bi 2.07 Po 1.97 At 2.02 Rn 2.20
Fr 3.48 Ra 2.83
"""


def _table(text: str, source: str) -> dict[str, tuple[float, str]]:
    words = text.split()
    return {symbol: (float(size), source) for symbol, size in zip(words[::2], words[1::2], strict=True)}


_STORED = {"H": (1.09, _HYDROGEN), **_table(_FROM_BONDI, _BONDI), **_table(_FROM_MANTINA, _MANTINA)}

VAN_DER_WAALS: Mapping[str, float] = MappingProxyType({symbol: size for symbol, (size, _) in _STORED.items()})
"""Angstrom: A. Bondi, J. Phys. Chem. 68 (1964) 441, doi:10.1021/j100785a001; hydrogen, R. S. Rowland, R. Taylor, J.
Phys. Chem. 100 (1996) 7384, doi:10.1021/jp953141+; the main-group elements that Bondi lacks, M. Mantina et al., J.
Phys. Chem. A 113 (2009) 5806, doi:10.1021/jp8111556, on the same scale. Every other element has that of S. Alvarez,
Dalton Trans. 42 (2013) 8617, doi:10.1039/c3dt50599e, as ASE keeps it: Alvarez's metals are up to 1 angstrom larger
than Bondi's (Cu 2.38 against 1.40)."""


def radius(symbol: str) -> float:
    """Return an atom's van der Waals radius in angstrom.

    Parameters
    ----------
    symbol : str
        The element.

    Raises
    ------
    InputError
        When no table has one.
    MissingExtraError
        When it comes from ASE, which is not installed.

    Examples
    --------
    >>> radius("C"), radius("Al")
    (1.7, 1.84)
    """
    return _found(symbol)[0]


def radius_source(symbol: str) -> str:
    """Return whose radius an element has.

    Parameters
    ----------
    symbol : str
        The element.

    Raises
    ------
    InputError
        When no table has one.

    Examples
    --------
    >>> radius_source("Al"), radius_source("Fe")
    ('Mantina 2009', 'Alvarez 2013')
    """
    return _found(symbol)[1]


def sizes(symbols: Iterable[str], own: Mapping[str, float] | None = None) -> list[float]:
    """Return the radius of each atom, angstrom.

    Parameters
    ----------
    symbols : iterable of str
        Of the atoms.
    own : Mapping of str to float, optional
        The user's radii by element, angstrom, in place of the stored ones.

    Examples
    --------
    >>> sizes(["C", "Al", "C"], {"Al": 1.9})
    [1.7, 1.9, 1.7]
    """
    given = own or {}
    return [given[symbol] if symbol in given else radius(symbol) for symbol in symbols]


def described(symbols: Iterable[str], own: Mapping[str, float] | None = None) -> dict[str, str]:
    """Say which radius each element has and whose it is.

    Parameters
    ----------
    symbols : iterable of str
        Elements, repeated or not.
    own : Mapping of str to float, optional
        The user's radii, angstrom.

    Examples
    --------
    >>> described(["Cu", "Al", "Al"], {"Al": 1.9})
    {'Al': '1.9 angstrom, given', 'Cu': '1.4 angstrom, Bondi 1964'}
    """
    given = own or {}
    return {
        symbol: f"{given[symbol]:g} angstrom, given"
        if symbol in given
        else f"{radius(symbol):g} angstrom, {radius_source(symbol)}"
        for symbol in sorted(set(symbols))
    }


def _found(symbol: str) -> tuple[float, str]:
    if symbol in _STORED:
        return _STORED[symbol]
    try:
        from ase.data import atomic_numbers
        from ase.data.vdw_alvarez import vdw_radii
    except ImportError as error:
        raise MissingExtraError("atomistic", f"The radius of {symbol}") from error
    size = float(vdw_radii[atomic_numbers[symbol]]) if symbol in atomic_numbers else math.nan
    if not math.isfinite(size):
        raise InputError(f"No van der Waals radius of '{symbol}' is known.", "", "Give one of your own.")
    return size, _ALVAREZ
