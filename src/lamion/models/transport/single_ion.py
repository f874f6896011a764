r"""A single-ion conductor: only lithium moves, so no concentration changes and Ohm's law is all there is."""

from __future__ import annotations

import math
from dataclasses import dataclass

from lamion.quantities import InputError


@dataclass(frozen=True)
class SingleIonFilm:
    r"""A film through which lithium alone carries the current.

    .. math:: U = \frac{i L}{\sigma}

    at once and at every time, without a limiting current of diffusion.

    Parameters
    ----------
    thickness : float
        L, m.
    conductivity : float
        :math:`\sigma`, S/m.

    Raises
    ------
    InputError
        When one is not a finite number larger than zero.

    Examples
    --------
    >>> round(1e3 * SingleIonFilm(9e-6, 5.62e-2).voltage(12.0), 3)
    1.922
    """

    thickness: float
    conductivity: float

    def __post_init__(self) -> None:
        for name, value, unit in (("thickness", self.thickness, "m"), ("conductivity", self.conductivity, "S/m")):
            if not (value > 0 and math.isfinite(value)):
                raise InputError(
                    f"The {name} is {value:g} {unit}, not a finite number larger than zero.",
                    "",
                    "Check its sign and its unit.",
                )

    @property
    def resistance(self) -> float:
        r""":math:`L/\sigma`, ohm m2."""
        return self.thickness / self.conductivity

    def voltage(self, current: float) -> float:
        """Return the voltage between reversible electrodes, all of it electrostatic, V.

        Parameters
        ----------
        current : float
            A/m2.
        """
        return self.resistance * current
