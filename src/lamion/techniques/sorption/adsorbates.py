r"""Gases that surfaces are measured with, and the relative pressure of an isotherm.

.. math:: \ln \frac{p_0}{p^\circ} = \frac{\Delta H}{R\, \Delta Z} \left(\frac{1}{T_b} - \frac{1}{T}\right)

near the boiling point at 101,325 Pa, where the file does not say the saturation pressure p_0; of a vapour that is no
ideal gas the slope is larger than by the enthalpy of evaporation alone, and is read from the pressure 3 K higher (136.9
kPa of nitrogen at 80 K, 133.7 kPa of argon at 90 K).

References
----------
M. Thommes et al., Pure Appl. Chem. 87 (2015) 1051, doi:10.1515/pac-2014-1117 (areas of a molecule); E. W. Lemmon, R. T.
Jacobsen, S. G. Penoncello, D. G. Friend, J. Phys. Chem. Ref. Data 29 (2000) 331, doi:10.1063/1.1285884, R. Span et al.,
J. Phys. Chem. Ref. Data 29 (2000) 1361, doi:10.1063/1.1349047, C. Tegeler, R. Span, W. Wagner, J. Phys. Chem. Ref. Data
28 (1999) 779, doi:10.1063/1.556037 (nitrogen and argon).
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lamion.quantities import InputError
from lamion.quantities.constants import GAS
from lamion.records.isotherm import Isotherm

Array = NDArray[np.float64]

ATMOSPHERE = 101325.0
_NEAR = 5.0
"""K from the boiling point: further away the saturation pressure has to be said."""


@dataclass(frozen=True)
class Adsorbate:
    """A gas.

    Parameters
    ----------
    name : str
        Its formula.
    area : float
        That one molecule covers, nm2.
    liquid : float
        Molar volume of the liquid at the boiling point, cm3/mol.
    boiling : float
        At 101,325 Pa, K.
    enthalpy : float
        Of evaporation over the change of compressibility, J/mol.
    """

    name: str
    area: float
    liquid: float
    boiling: float
    enthalpy: float


ADSORBATES = {
    "N2": Adsorbate("N2", 0.162, 34.75, 77.355, 5850.0),
    "Ar": Adsorbate("Ar", 0.142, 28.62, 87.302, 6720.0),
}


@dataclass(frozen=True, eq=False)
class Branch:
    """The adsorption branch of an isotherm.

    Parameters
    ----------
    relative : array, shape (n,)
        p/p0, rising.
    loading : array, shape (n,)
        mol/kg.
    saturation : str
        Where p0 is from, for people.
    """

    relative: Array
    loading: Array
    saturation: str


def adsorption_branch(record: Isotherm, saturation: float | None = None) -> Branch:
    """Return the branch at which the pressure was raised.

    Parameters
    ----------
    record : Isotherm
        With relative pressures, or pressures and what tells p0.
    saturation : float, optional
        p0 in Pa, instead of the file's.

    Raises
    ------
    InputError
        When p0 is not known, or fewer than four points are left.

    Examples
    --------
    >>> record = Isotherm([1, 2, 3, 4, 3.5], pressure=[1e3, 5e3, 1e4, 5e4, 2e4], adsorbate="N2", temperature=77.355)
    >>> adsorption_branch(record).relative.round(3).tolist()
    [0.01, 0.049, 0.099, 0.493]
    """
    relative, said = _relative(record, saturation)
    kept = np.arange(len(relative)) <= int(np.argmax(relative))
    if record.desorption is not None:
        kept = record.desorption == 0.0
    order = np.argsort(relative[kept], kind="stable")
    x, n = relative[kept][order], record.loading[kept][order]
    single = np.r_[True, np.diff(x) > 0.0] & (x > 0.0)
    if np.count_nonzero(single) < record.kind.fewest:
        raise InputError(
            f"The adsorption branch has {np.count_nonzero(single)} points.", "", "Measure while the pressure is raised."
        )
    return Branch(x[single], n[single], said)


def _relative(record: Isotherm, saturation: float | None) -> tuple[Array, str]:
    if saturation is not None and record.pressure is not None:
        return record.pressure / saturation, f"{saturation:.6g} Pa, as said"
    if record.relative is not None:
        return record.relative, "the file's"
    assert record.pressure is not None  # noqa: S101  its kind is told by one of the two
    known = record.saturation or _boiled(record)
    if known is None:
        raise InputError(
            "The pressures are absolute, and the saturation pressure is not known.",
            "The file does not say it, and adsorbate or temperature are not those of nitrogen at 77 or argon at 87 K.",
            'Say it: --saturation-pressure "101.3 kPa".',
        )
    source = "the file's" if record.saturation else "of the liquid at that temperature"
    return record.pressure / known, f"{known:.6g} Pa, {source}"


def _boiled(record: Isotherm) -> float | None:
    gas = ADSORBATES.get(record.adsorbate or "")
    if gas is None or record.temperature is None or abs(record.temperature - gas.boiling) > _NEAR:
        return None
    return ATMOSPHERE * math.exp(gas.enthalpy / GAS * (1.0 / gas.boiling - 1.0 / record.temperature))
