"""What a chemical formula says: atoms, molar mass, charge it can store, volume of a dense solid."""

from __future__ import annotations

import re
from functools import lru_cache
from types import MappingProxyType
from typing import TYPE_CHECKING

from lamion.quantities import InputError

if TYPE_CHECKING:
    from collections.abc import Mapping

_TOKEN = re.compile(r"(?P<element>[A-Z][a-z]?)|(?P<open>[(\[])|(?P<close>[)\]])")
_COUNT = re.compile(r"\d+(?:\.\d+)?")
_WATER = re.compile(r"[.·*](?P<count>\d*)H2O$")

ATOMIC_VOLUMES: Mapping[str, float] = MappingProxyType(
    {
        "H": 5.08,
        "Li": 22.6,
        "B": 13.24,
        "C": 13.87,
        "N": 11.8,
        "O": 11.39,
        "F": 11.17,
        "Na": 26.0,
        "Mg": 36.0,
        "Al": 39.6,
        "Si": 37.3,
        "P": 29.5,
        "S": 25.2,
        "Cl": 25.8,
        "Ti": 27.3,
        "Cr": 28.1,
        "Mn": 31.9,
        "Fe": 30.4,
        "Co": 29.4,
        "Ni": 26.0,
        "Cu": 26.9,
        "Zn": 39.0,
        "Zr": 27.0,
    }
)
"""Average volume of one atom in organic and metal-organic crystals at 298 K, cubic angstrom: D. W. M. Hofmann,
Acta Cryst. B58 (2002) 489, doi:10.1107/S0108768101021814."""


def composition(formula: str) -> dict[str, float]:
    """Count the atoms in a formula.

    Parameters
    ----------
    formula : str
        Such as ``"LiN(SO2CF3)2"``, ``"LiNi0.6Mn0.2Co0.2O2"`` or ``"Cu(NO3)2.3H2O"``. Counts may be decimal; a dot
        before a number of ``H2O`` at the end adds water.

    Returns
    -------
    dict of str to float
        Element to atoms per formula unit, in the order of the formula.

    Raises
    ------
    InputError
        When it is not a formula.

    Examples
    --------
    >>> composition("LiNi0.6Mn0.2Co0.2O2")
    {'Li': 1.0, 'Ni': 0.6, 'Mn': 0.2, 'Co': 0.2, 'O': 2.0}
    >>> composition("Cu(NO3)2.3H2O")["H"]
    6.0
    """
    text = formula.replace(" ", "")
    water = _WATER.search(text)
    anhydrous = text[: water.start()] if water else text
    atoms = _group(anhydrous, formula)
    if water:
        for element, count in (("H", 2.0), ("O", 1.0)):
            atoms[element] = atoms.get(element, 0.0) + count * int(water["count"] or 1)
    return atoms


def _group(text: str, formula: str) -> dict[str, float]:
    """Count the atoms of a formula without water, bracket by bracket."""
    stack: list[dict[str, float]] = [{}]
    position = 0
    while position < len(text):
        token = _TOKEN.match(text, position)
        if token is None:
            raise _not_a_formula(formula, f"'{text[position:]}' does not begin with an element.")
        position = token.end()
        if token["open"]:
            stack.append({})
            continue
        if token["close"] and len(stack) == 1:
            raise _not_a_formula(formula, "A bracket closes that was never opened.")
        inner = stack.pop() if token["close"] else {_element(token["element"], formula): 1.0}
        count = _COUNT.match(text, position)
        position = count.end() if count else position
        for element, atoms in inner.items():
            stack[-1][element] = stack[-1].get(element, 0.0) + atoms * float(count[0] if count else 1)
    if len(stack) != 1 or not stack[0] or min(stack[0].values()) <= 0:
        raise _not_a_formula(formula, "It is empty, a bracket is left open, or an element is counted zero times.")
    return stack[0]


def _element(symbol: str, formula: str) -> str:
    if symbol not in _atomic_masses():
        raise _not_a_formula(formula, f"'{symbol}' is not an element.")
    return symbol


def _not_a_formula(formula: str, cause: str) -> InputError:
    return InputError(
        f"The formula '{formula}' cannot be read.", cause, "Write it like 'LiN(SO2CF3)2' or 'Cu(NO3)2.3H2O'."
    )


@lru_cache(maxsize=1)
def _atomic_masses() -> dict[str, float]:
    from molmass import ELEMENTS

    return {element.symbol: float(element.mass) for element in ELEMENTS}


@lru_cache(maxsize=1024)
def molar_mass(formula: str) -> float:
    r"""Return the molar mass of a formula.

    .. math:: M = \sum_k \nu_k A_k

    Parameters
    ----------
    formula : str
        As in :func:`composition`.

    Returns
    -------
    float
        kg/mol, from the standard atomic weights that ``molmass`` holds; good to about 1 part in 1e4, the spread of
        lithium's natural isotopes apart.

    Examples
    --------
    >>> round(1000 * molar_mass("C2H4O"), 3)
    44.053
    """
    masses = _atomic_masses()
    return sum(count * masses[element] for element, count in composition(formula).items()) / 1000


def theoretical_capacity(formula: str, electrons: float = 1.0) -> float:
    r"""Return the charge that a mass of active material can store, by Faraday's law.

    .. math:: q = n F / M

    Parameters
    ----------
    formula : str
        The active material's formula.
    electrons : float
        Electrons n exchanged per formula unit, larger than zero.

    Returns
    -------
    float
        C/kg; divide by 3600 for mAh/g.

    Raises
    ------
    InputError
        When `electrons` is not larger than zero.

    Examples
    --------
    >>> round(theoretical_capacity("LiFePO4") / 3600, 1)
    169.9
    """
    from lamion.quantities.constants import FARADAY

    if not electrons > 0:
        raise InputError(
            f"The number of electrons, {electrons:g}, is not larger than zero.", "", "Give it per formula unit."
        )
    return electrons * FARADAY / molar_mass(formula)


def dense_solid_density(formula: str) -> float:
    r"""Estimate the density of a solid without pores that is made of the atoms of a formula.

    .. math:: \rho = M / (N_A \sum_k \nu_k v_k)

    with Hofmann's average atomic volumes :math:`v_k` (:data:`ATOMIC_VOLUMES`).

    Parameters
    ----------
    formula : str
        An organic or metal-organic compound.

    Returns
    -------
    float
        kg/m3. Usually right within a few per cent for organic crystals; flat macrocycles are up to 10 % denser,
        and small ionic solids can differ by 20 %.

    Raises
    ------
    InputError
        When an element has no average volume here.

    References
    ----------
    D. W. M. Hofmann, Acta Cryst. B58 (2002) 489, doi:10.1107/S0108768101021814.

    Examples
    --------
    >>> round(dense_solid_density("LiN(SO2CF3)2"))
    2118
    """
    from lamion.quantities.constants import AVOGADRO

    atoms = composition(formula)
    unknown = [element for element in atoms if element not in ATOMIC_VOLUMES]
    if unknown:
        raise InputError(
            f"The dense solid's density of '{formula}' cannot be estimated.",
            f"There is no average atomic volume for {', '.join(unknown)}.",
            "Give its density as a fact of the form 'skeleton'.",
        )
    volume = sum(count * ATOMIC_VOLUMES[element] for element, count in atoms.items()) * 1e-30
    return molar_mass(formula) / (AVOGADRO * volume)
