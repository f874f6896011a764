"""Whether spectra resolve a resistance's digits, or a change of it.

Many noisy spectra of one circuit are fitted. For a number with its digits give --resistance, which then is the
parameter's value, and --area-uncertainty; for a statement such as "it did not change" give --change, the relative
change that the measurement must be able to exclude: of one cell the area cancels. A change counts as resolved where it
is twice the scatter of the difference of two measurements, or more.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Annotated

import numpy as np
from numpy.typing import NDArray

from lamion.quantities import Answer, FigureData, InputError, Quantity, units
from lamion.quantities.figure import Axis, Figure, Line, Panel, Points
from lamion.tasks.declaring import Context, Option, Result, task
from lamion.tasks.design._resolution import central_half_width, resolution_answer
from lamion.tasks.options.measured_spectrum import SpectrumOptions


@task(
    results={
        "simulated_resistance": Result("ohm cm2", "median and scatter of the simulated measurements", headline=True),
        "relative_uncertainty": Result("1", "of one such measurement", headline=True),
        "scatter_of_a_difference": Result("1", "of two measurements of one cell, relative", headline=True),
    },
    evidence="synthetic",
    example=(
        '--circuit "R0-p(R1,CPE1)" --values "R0=0.66 ohm cm2" "CPE1.Q=30 uS s^n/cm2" CPE1.n=0.85 --parameter R1 '
        '--resistance "24.5 ohm cm2" --area-uncertainty "1 %" --highest-frequency "1e5 Hz" '
        '--lowest-frequency "0.1 Hz" --noise "1 %" --quick'
    ),
    cites=("macdonald1982", "boukamp1986"),
    random=True,
    quick=True,
    heavy=True,
)
def impedance(
    circuit: Annotated[str, Option("of the cell", example="R0-p(R1,CPE1)")],
    values: Annotated[
        Mapping[str, Quantity],
        Option("of its parameters, area-specific; numbers are in SI", unit="", example="R0=0.66 ohm cm2"),
    ],
    parameter: Annotated[str, Option("the resistance in question", example="R1")],
    spectrum: SpectrumOptions,
    context: Context,
    resistance: Annotated[
        Quantity | None,
        Option("with the digits that are asked about", of="charge_transfer", example="24.5 ohm cm2", printed=True),
    ] = None,
    area_uncertainty: Annotated[
        Quantity | None, Option("of the electrode, relative; with a resistance", example="1 %", maximum=1.0)
    ] = None,
    change: Annotated[
        Quantity | None, Option("to be told from none, relative; instead of a resistance", example="5 %", maximum=1.0)
    ] = None,
) -> Answer:
    """Fit simulated spectra."""
    conditions = f"spectra of {circuit} {spectrum.conditions}"
    if change is not None and resistance is None and area_uncertainty is None:
        drawn = _draw(circuit, values, parameter, spectrum, context)
        return _with(drawn, _change(drawn.fitted, change, conditions))
    if resistance is None or area_uncertainty is None or change is not None:
        raise InputError(
            "either 'resistance' with 'area_uncertainty' or 'change' is needed.", "", "Give one or the other."
        )
    drawn = _draw(circuit, {**values, parameter: resistance}, parameter, spectrum, context)
    found = drawn.fitted
    area = area_uncertainty.value
    budget = {"the spectrum's noise": central_half_width(found) / resistance.si, "the area": area}
    areas = 1.0 + area * np.random.default_rng(context.seed + 1).standard_normal(len(found))
    read = areas * found * resistance.value / resistance.si
    said = f"{conditions} and an area known to {100 * area:g} %"
    return _with(drawn, resolution_answer("resistance", read, resistance, budget, said))


@dataclass(frozen=True, eq=False)
class _Drawn:
    """Simulated spectra.

    Parameters
    ----------
    fitted : array, shape (n,)
        The resistances that their fits give, ohm m2.
    first, clean : array of complex, shape (m,)
        One of them, and without its noise.
    """

    fitted: NDArray[np.float64]
    first: NDArray[np.complex128]
    clean: NDArray[np.complex128]


def _with(drawn: _Drawn, answer: Answer) -> Answer:
    """Add one of the spectra to an answer's figures."""
    return replace(answer, figures={**answer.figures, "spectrum": _figure(drawn)})


def _figure(drawn: _Drawn) -> FigureData:
    first, clean = 1e4 * drawn.first, 1e4 * drawn.clean
    traces = [
        Points(first.real, -first.imag, "synthetic", 0, open=True),
        Line(clean.real, -clean.imag, "without noise", "ink"),
    ]
    panel = Panel(traces, Axis("Re Z", "ohm cm2"), Axis("−Im Z", "ohm cm2"), equal=True)
    return Figure([panel], size=(6.0, 3.6)).entitled("Synthetic: one of the simulated spectra")


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
        synthetic=True,
    )


def _draw(
    text: str, values: Mapping[str, Quantity], wanted: str, spectrum: SpectrumOptions, context: Context
) -> _Drawn:
    """Simulate the spectra and fit them."""
    from lamion.synthetic.blocking_cell import with_noise
    from lamion.techniques.impedance.circuit import Circuit
    from lamion.techniques.impedance.fit import fit_circuit
    from lamion.techniques.impedance.spectra import gather

    circuit = Circuit.read(text)
    missing = [name for name in circuit.names if name not in values]
    unknown = [name for name in (*values, wanted) if name not in circuit.names]
    if missing or unknown:
        raise InputError(
            f"'{(missing or unknown)[0]}' has no positive value, or is no parameter of {text}.",
            "",
            f"Give a value to each of: {', '.join(circuit.names)}.",
        )
    for name, parameter in zip(circuit.names, circuit.parameters, strict=True):
        _check(name, values[name], parameter.unit, parameter.impedance_power)
    frequency = spectrum.frequency
    clean = circuit.impedance([values[name].si for name in circuit.names], frequency)
    random = np.random.default_rng(context.seed)
    count = 60 if context.quick else 300
    noisy = np.stack([with_noise(clean, spectrum.noise.value, random) for _ in range(count)])
    fits = fit_circuit(circuit, gather(np.tile(frequency, (count, 1)), noisy))
    return _Drawn(np.asarray(fits.values[:, circuit.names.index(wanted)]), noisy[0], clean)


def _check(name: str, value: Quantity, unit: str, power: float) -> None:
    """Refuse a value that is neither a plain number nor of the parameter's dimension for one unit of area."""
    area = f"m{2 * abs(power):g}"
    wanted = units.of_product([unit, area]) if power > 0 else units.of_product([unit], [area]) if power else unit
    if not units.is_plain(value.unit) and not units.same_dimension(value.unit, wanted):
        raise InputError(
            f"The value of '{name}' is {units.dimension_name(value.unit)}, not {units.dimension_name(wanted)}.",
            "The values are those of one unit of area.",
            f"Give it in '{wanted}', or as a number in that unit.",
        )
