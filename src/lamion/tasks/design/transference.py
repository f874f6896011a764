"""What a current fraction of ±0.02 needs: film, bias and resolution.

With --resistance-uncertainty and --current-uncertainty the measurement is also simulated many times, each time with
other errors of both currents and both resistances: would it resolve the digits of the fraction. They count as resolved
where one standard uncertainty of such a measurement is no larger than half of the last of them.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated

import numpy as np
from numpy.typing import NDArray

from lamion.quantities import Answer, FigureData, InputError, Quantity
from lamion.quantities.figure import Axis, Figure, Line, Panel, Points, Rule
from lamion.quantities.properties import ROOM_TEMPERATURE
from lamion.synthetic.polarisation import PolarisedCell, polarisation
from lamion.tasks.declaring import Context, Option, Result, task
from lamion.tasks.design._resolution import central_half_width, resolution_answer
from lamion.techniques.conduction.transference_design import transference_design

_COUNT = 20_000
_BIAS, _RESOLUTION, _TARGET = Quantity(10.0, None, "mV"), Quantity(0.5, None, "%"), Quantity(0.02, None, "1")


@task(
    results={
        "uncertainty": Result("1", "of the fraction, with the film at hand", headline=True),
        "thickness_needed": Result("um", "of a film that reaches the target", headline=True),
        "resolution_needed": Result("1", "of all four numbers, with the film at hand", headline=True),
        "steady_resistance_resolution_for_two_digits": Result("1", "of R_s alone, all else exact"),
        "largest_bias": Result("mV", "that leaves the interfaces linear"),
        "current_resolution_needed": Result("uA/cm2", "at the planned bias"),
        "simulated_fraction": Result("1", "median and scatter of the simulated measurements", headline=True),
        "relative_uncertainty": Result("1", "of one such measurement", headline=True),
    },
    evidence="synthetic",
    example='--conductivity "5.62e-4 S/cm" --interface "24.5 ohm cm2" --fraction 0.78 --thickness "9 um"',
    cites=("evans1987",),
    random=True,
)
def transference(
    conductivity: Annotated[Quantity, Option("of the electrolyte")],
    interface: Annotated[
        Quantity, Option("area-specific, both electrodes together", of="charge_transfer", example="24.5 ohm cm2")
    ],
    fraction: Annotated[Quantity, Option("the current fraction expected", example="0.78", maximum=1.0, printed=True)],
    thickness: Annotated[Quantity, Option("of the film at hand", subject=True)],
    context: Context,
    bias: Annotated[Quantity, Option("planned", of="voltage_difference")] = _BIAS,
    temperature: Annotated[Quantity, Option("of the measurement")] = ROOM_TEMPERATURE,
    resolution: Annotated[Quantity, Option("of each current and resistance")] = _RESOLUTION,
    target: Annotated[Quantity, Option("uncertainty wanted")] = _TARGET,
    resistance_uncertainty: Annotated[
        Quantity | None,
        Option("of each resistance, relative", example="0.5 %", otherwise="nothing is simulated"),
    ] = None,
    current_uncertainty: Annotated[
        Quantity | None, Option("of each current, relative", example="0.2 %", otherwise="nothing is simulated")
    ] = None,
) -> Answer:
    """Compute what the measurement needs."""
    planned = transference_design(
        conductivity,
        interface,
        fraction,
        thickness,
        bias=bias,
        temperature=temperature,
        resolution=resolution.si,
        target=target.si,
    )
    if resistance_uncertainty is None and current_uncertainty is None:
        return planned
    if resistance_uncertainty is None or current_uncertainty is None:
        raise InputError(
            "Only one of 'resistance_uncertainty' and 'current_uncertainty' is given.",
            "",
            "Give both, or neither and nothing is simulated.",
        )
    bulk = thickness.si / conductivity.si
    cell = PolarisedCell(bulk, interface.si, fraction.value, diffusion_time=1.0)
    simulated = _simulated(cell, fraction, interface, (resistance_uncertainty, current_uncertainty), bias.si, context)
    drawn = _transient(cell, current_uncertainty.value, bias.si, context.seed)
    return replace(
        simulated,
        figures={**simulated.figures, "transient": drawn},
        results={**simulated.results, **planned.results},
        notes={**simulated.notes, **planned.notes},
        warnings=planned.warnings,
        method=planned.method,
        headline=("simulated_fraction", "relative_uncertainty"),
    )


def _transient(cell: PolarisedCell, noise: float, bias: float, seed: int) -> FigureData:
    """Draw one simulated current under the bias; time is over that of diffusion, L2/D."""
    time = np.linspace(0.0, 2.0, 201)
    first = cell.initial_current(bias)
    measured = polarisation(cell, bias, time, noise=noise, seed=seed).current / first
    truth = cell.current(bias, time) / first
    steady = Rule(cell.steady_current(bias) / first, axis="y", text="")
    traces = [Points(time, measured, "synthetic", 0, marker="dot"), Line(time, truth, "without noise", "ink"), steady]
    panel = Panel(traces, Axis("time / time of diffusion"), Axis("current / initial current"))
    return Figure([panel]).entitled("Synthetic: one of the simulated currents under the bias")


def _simulated(
    cell: PolarisedCell,
    fraction: Quantity,
    interface: Quantity,
    uncertainties: tuple[Quantity, Quantity],
    bias: float,
    context: Context,
) -> Answer:
    r"""Simulate the measurement many times, each time with other errors of the currents and resistances.

    .. math:: \rho_+ = \frac{I_s (\Delta V - I_0 R_0)}{I_0 (\Delta V - I_s R_s)}
    """
    resistance, current = (item.value for item in uncertainties)

    def draw(resistance: float, current: float) -> NDArray[np.float64]:
        return _draw(cell, resistance, current, bias, context.seed)

    budget = {
        "the interfaces' resistances": central_half_width(draw(resistance, 0.0)) / fraction.value,
        "the currents": central_half_width(draw(0.0, current)) / fraction.value,
    }
    conditions = (
        f"a film of {1e4 * cell.bulk_resistance:.3g} ohm cm2 between interfaces of {interface.to('ohm cm2')}, each "
        f"resistance read to {100 * resistance:g} % and each current to {100 * current:g} %"
    )
    return resolution_answer("fraction", draw(resistance, current), fraction, budget, conditions)


def _draw(cell: PolarisedCell, resistance: float, current: float, bias: float, seed: int) -> NDArray[np.float64]:
    random = np.random.default_rng(seed)
    relative = np.array([[current], [current], [resistance], [resistance]])
    first, last, before, after = 1.0 + relative * random.standard_normal((4, _COUNT))
    I0, Is = first * cell.initial_current(bias), last * cell.steady_current(bias)
    R0, Rs = before * cell.interfacial_resistance, after * cell.interfacial_resistance
    return np.asarray(Is * (bias - I0 * R0) / (I0 * (bias - Is * Rs)))
