"""How the impedance spectra of a planned measurement are taken."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

import numpy as np
from numpy.typing import NDArray

from lamion.quantities import Quantity
from lamion.synthetic.blocking_cell import sweep
from lamion.tasks.declaring import Option


@dataclass(frozen=True)
class SpectrumOptions:
    """The range and the noise of each spectrum."""

    highest_frequency: Annotated[Quantity, Option("of the spectrum", of="frequency", example="1e5 Hz")]
    lowest_frequency: Annotated[Quantity, Option("of the spectrum", of="frequency", example="0.1 Hz")]
    noise: Annotated[Quantity, Option("of each point, relative", example="0.3 %")]

    @property
    def frequency(self) -> NDArray[np.float64]:
        """The frequencies, in Hz."""
        return sweep(self.highest_frequency.si, self.lowest_frequency.si)

    @property
    def conditions(self) -> str:
        """Range and noise in words."""
        return f"from {self.highest_frequency} to {self.lowest_frequency} with {100 * self.noise.value:g} % noise"
