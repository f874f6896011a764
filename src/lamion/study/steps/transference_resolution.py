"""Would a polarisation of the stated film resolve the digits of a printed transference number?"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from lamion.quantities import Answer
from lamion.study.inputs import Inputs
from lamion.study.kinds import Option, StepKind
from lamion.study.resolution import central_half_width, resolution_answer
from lamion.synthetic.polarisation import SymmetricCell

_BIAS = 0.010


def run(inputs: Inputs) -> Answer:
    r"""Simulate the measurement many times, each time with other errors of the currents and resistances.

    .. math:: \rho_+ = \frac{I_s (\Delta V - I_0 R_0)}{I_0 (\Delta V - I_s R_s)}

    Parameters
    ----------
    inputs : Inputs
        The printed ``fraction``; ``conductivity`` and ``thickness`` of the film; ``interface``, the area-specific
        resistance of both interfaces together; relative standard uncertainties ``resistance_uncertainty`` and
        ``current_uncertainty`` of each value read.

    Returns
    -------
    Answer
        ``simulated_fraction``, ``relative_uncertainty`` and a verdict; all of it synthetic.
    """
    printed = inputs.quantity("fraction")
    bulk = inputs.quantity("thickness").si / inputs.quantity("conductivity").si
    cell = SymmetricCell(bulk, inputs.quantity("interface").si, printed.value, diffusion_time=1.0)
    resistance, current = (inputs.quantity(f"{name}_uncertainty").value for name in ("resistance", "current"))
    count, seed = 20_000, inputs.generator_seed()
    budget = {
        "the interfaces' resistances": central_half_width(_draw(cell, resistance, 0.0, count, seed)) / printed.value,
        "the currents": central_half_width(_draw(cell, 0.0, current, count, seed)) / printed.value,
    }
    conditions = (
        f"a film of {1e4 * bulk:.3g} ohm cm2 between interfaces of {inputs.quantity('interface').to('ohm cm2')}, each "
        f"resistance read to {100 * resistance:g} % and each current to {100 * current:g} %"
    )
    return resolution_answer("fraction", _draw(cell, resistance, current, count, seed), printed, budget, conditions)


def _draw(cell: SymmetricCell, resistance: float, current: float, count: int, seed: int) -> NDArray[np.float64]:
    random = np.random.default_rng(seed)
    relative = np.array([[current], [current], [resistance], [resistance]])
    first, last, before, after = 1.0 + relative * random.standard_normal((4, count))
    I0, Is = first * cell.initial_current(_BIAS), last * cell.steady_current(_BIAS)
    R0, Rs = before * cell.interfacial_resistance, after * cell.interfacial_resistance
    return np.asarray(Is * (_BIAS - I0 * R0) / (I0 * (_BIAS - Is * Rs)))


KIND = StepKind(
    run,
    evidence="synthetic",
    options={
        "fraction": Option("quantity", "1", printed=True, at_most=1.0),
        "conductivity": Option("quantity", "S/m"),
        "thickness": Option("quantity", "m", from_subject=True),
        "interface": Option("quantity", "ohm m2"),
        "resistance_uncertainty": Option("quantity", "1"),
        "current_uncertainty": Option("quantity", "1"),
    },
    random=True,
)
