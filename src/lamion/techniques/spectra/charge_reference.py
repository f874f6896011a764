"""The zero of binding energies of a sample that charges, by a line of known energy, C 1s as a rule.

References
----------
D. R. Baer et al., J. Vac. Sci. Technol. A 38 (2020) 031204, doi:10.1116/6.0000057; G. Greczynski, L. Hultman, Prog.
Mater. Sci. 107 (2020) 100591, doi:10.1016/j.pmatsci.2019.100591 (why adventitious carbon is good to no better).
"""

from __future__ import annotations

import math
from dataclasses import dataclass

ADVENTITIOUS = 284.8
"""eV, C 1s of adventitious carbon by convention."""
ADVENTITIOUS_UNCERTAINTY = 0.25
"""eV: what laboratories find of adventitious carbon differs by 0.2 to 0.3 eV."""


@dataclass(frozen=True)
class ChargeReference:
    """A line as it was measured and as it is taken to be.

    Parameters
    ----------
    measured, energy : float
        eV.
    measured_uncertainty, uncertainty : float
        Standard uncertainties, eV.

    Notes
    -----
    A shift between two lines of one sample does not carry it: it moves both alike.

    Examples
    --------
    >>> reference = ChargeReference(287.1)
    >>> round(reference.shift, 2), reference.accuracy
    (-2.3, 0.25)
    """

    measured: float
    measured_uncertainty: float = 0.0
    energy: float = ADVENTITIOUS
    uncertainty: float = ADVENTITIOUS_UNCERTAINTY

    @property
    def shift(self) -> float:
        """What is added to every binding energy, eV."""
        return self.energy - self.measured

    @property
    def accuracy(self) -> float:
        """The standard uncertainty of every binding energy by it, eV."""
        return math.hypot(self.measured_uncertainty, self.uncertainty)
