"""Would a cell's impedance, measured as stated, resolve a printed resistance, or a change of one?"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from lamion.quantities import Answer, InputError, Quantity
from lamion.study.inputs import Inputs
from lamion.study.kinds import Option, StepKind
from lamion.study.resolution import central_half_width, resolution_answer
from lamion.synthetic.blocking_cell import sweep, with_noise


def run(inputs: Inputs) -> Answer:
    """Fit many noisy spectra of one circuit, and see how the wanted resistance scatters.

    Parameters
    ----------
    inputs : Inputs
        The ``circuit`` and its ``values``, area-specific and in SI (ohm m2, S s^n/m2) save for the exponents;
        ``parameter``, the resistance in question; ``highest_frequency``, ``lowest_frequency``, relative ``noise``.
        For a printed number ``resistance``, which then is the parameter's value, with ``area_uncertainty``, relative;
        for a statement ``change``, the relative change that it must be able to exclude: one cell's area cancels.

    Returns
    -------
    Answer
        ``simulated_resistance`` or ``scatter_of_a_difference``, with a verdict; all of it synthetic. A change counts
        as resolved when it is twice the scatter of the difference of two measurements, or more.
    """
    printed = inputs.optional_quantity("resistance")
    change = inputs.optional_quantity("change")
    if (printed is None) == (change is None) or (printed is None) == ("area_uncertainty" in inputs.options):
        raise InputError(
            "either 'resistance' with 'area_uncertainty' or 'change' is needed.", "", "Give one or the other."
        )
    values = _draw(inputs, printed)
    high, low = inputs.quantity("highest_frequency"), inputs.quantity("lowest_frequency")
    conditions = f"spectra of {inputs.options['circuit']} from {high} to {low} with {100 * _noise(inputs):g} % noise"
    if printed is not None:
        area = inputs.quantity("area_uncertainty").value
        budget = {"the spectrum's noise": central_half_width(values) / printed.si, "the area": area}
        areas = 1.0 + area * np.random.default_rng(inputs.generator_seed() + 1).standard_normal(len(values))
        read = areas * values * printed.value / printed.si
        return resolution_answer(
            "resistance", read, printed, budget, f"{conditions} and an area known to {100 * area:g} %"
        )
    return _change(values, inputs.quantity("change"), conditions)


def _change(values: NDArray[np.float64], change: Quantity, conditions: str) -> Answer:
    scatter = float(np.sqrt(2.0)) * central_half_width(values) / float(np.median(values))
    resolved = 2 * scatter <= change.value
    reason = (
        f"Synthetic: {conditions}, the difference of two fitted resistances scatters by {100 * scatter:.2g} %, so a "
        f"change of {100 * change.value:g} % {'could' if resolved else 'could not'} be told from none. It says nothing "
        "of whether the resistance did change."
    )
    return Answer(
        {"scatter_of_a_difference": Quantity(scatter, None, "1", "synthetic")},
        verdict="resolvable" if resolved else "not resolvable",
        reason=reason,
    )


def _noise(inputs: Inputs) -> float:
    return inputs.quantity("noise").value


def _draw(inputs: Inputs, printed: Quantity | None) -> NDArray[np.float64]:
    """Return the fitted resistances in ohm m2."""
    from lamion.techniques.impedance.circuit import Circuit
    from lamion.techniques.impedance.fit import fit_circuit
    from lamion.techniques.impedance.spectra import gather

    circuit, wanted = Circuit.read(inputs.options["circuit"]), inputs.options["parameter"]
    truth = {**inputs.options["values"], **({wanted: printed.si} if printed is not None else {})}
    missing = [name for name in circuit.names if not _is_positive(truth.get(name))]
    if missing or wanted not in circuit.names:
        name = missing[0] if missing else wanted
        raise InputError(f"'{name}' has no positive value, or is no parameter of {inputs.options['circuit']}.")
    frequency = sweep(inputs.quantity("highest_frequency").si, inputs.quantity("lowest_frequency").si)
    clean = circuit.impedance([float(truth[name]) for name in circuit.names], frequency)
    random = np.random.default_rng(inputs.generator_seed())
    count = 60 if inputs.quick else 300
    noisy = np.stack([with_noise(clean, _noise(inputs), random) for _ in range(count)])
    fits = fit_circuit(circuit, gather(np.tile(frequency, (count, 1)), noisy))
    return np.asarray(fits.values[:, circuit.names.index(wanted)])


def _is_positive(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and value > 0


KIND = StepKind(
    run,
    evidence="synthetic",
    options={
        "circuit": Option("text"),
        "values": Option("table"),
        "parameter": Option("text"),
        "resistance": Option("quantity", "ohm m2", required=False, printed=True),
        "area_uncertainty": Option("quantity", "1", required=False, at_most=1.0),
        "change": Option("quantity", "1", required=False, at_most=1.0),
        "highest_frequency": Option("quantity", "Hz"),
        "lowest_frequency": Option("quantity", "Hz"),
        "noise": Option("quantity", "1"),
    },
    random=True,
    quick=True,
    heavy=True,
)
