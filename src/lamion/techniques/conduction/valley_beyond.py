"""An arc that begins above the range of a circuit which holds none: the valley before it is a resistance, too."""

from __future__ import annotations

import math
from dataclasses import dataclass

from lamion.quantities import InputError
from lamion.techniques.conduction.blocking_choice import BlockingSpectrum
from lamion.techniques.conduction.blocking_circuits import BlockingFit
from lamion.techniques.conduction.plain_reading import plain_reading


@dataclass(frozen=True)
class ValleyBeyond:
    """Where -Z'' is least before it rises to the highest frequencies, as no circuit without an arc there has it.

    Parameters
    ----------
    resistance : float
        Z' there, ohm.
    frequency : float
        Hz.
    apart : float
        Standard uncertainty, ohm: the resistance lies anywhere from the spike's intercept to the valley.
    """

    resistance: float
    frequency: float
    apart: float

    @property
    def warning(self) -> str:
        """What is said of it."""
        return (
            f"Above {self.frequency:.3g} Hz an arc begins that the circuit does not hold: the resistance may be as "
            f"large as Z' there, {self.resistance:.3g} ohm, and the uncertainty was widened for that."
        )


def valley_beyond(best: BlockingFit, spectrum: BlockingSpectrum) -> ValleyBeyond | None:
    """Return the valley of a spectrum whose circuit has no arc of the electrolyte and does not describe it."""
    if not best.correlated or any(arc.is_electrolyte for arc in best.arcs):
        return None
    try:
        found = plain_reading(spectrum.frequency, spectrum.impedance)
    except InputError:
        return None
    if "valley" not in found.shape or found.resistance <= best.resistance:
        return None
    apart = (found.resistance - best.resistance) / math.sqrt(3.0)
    return ValleyBeyond(found.resistance, found.frequency, apart)
