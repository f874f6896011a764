"""Kramers-Kronig validity of an impedance spectrum.

Did the cell stay the same while it was measured? Blocking electrodes (a series capacitor) and inductive leads pass by
default. The relations do not see a response that is not linear: a second spectrum of the cell at a larger amplitude
(--amplitude-pair) shows that, and --figure draws how the two differ.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Annotated

from lamion.quantities import Answer, InputError, Quantity
from lamion.tasks.declaring import File, Option, Result, task
from lamion.tasks.declaring.measured import refuse_repeated
from lamion.tasks.options.points import Points
from lamion.techniques.impedance.linearity import linearity
from lamion.techniques.impedance.validity import validity


@task(
    results={
        "residual_rms": Result("1", "of the residuals, relative to |Z|", headline=True),
        "mu": Result("1", "how far the elements alternate; near 1 they do not", headline=True),
        "noise": Result("1", "what neighbouring residuals do not share, relative to |Z|"),
        "misfit": Result("1", "what neighbouring residuals share, relative to |Z|"),
        "low_frequency_drift": Result("1", "by which |Z| of the lowest decade is off what its phase asks for (Z-HIT)"),
        "amplitude_difference": Result("1", "between the amplitudes, relative to |Z|", headline=True),
        "amplitude_noise": Result("1", "of that difference"),
        "detectable_difference": Result("1", "the smallest that would show"),
        "largest_error_of_first": Result("1", "that the smaller amplitude can have"),
    },
    evidence="measured",
    example="lithium_cell.csv",
    cites=("boukamp1995", "schoenleber2014", "richter2001"),
)
def kk(
    file: Annotated[File, Option("an impedance spectrum", positional=True, record="ImpedanceSpectrum")],
    points: Points,
    mu: Annotated[float, Option("raise the elements until mu is below", minimum=0.0, maximum=1.0)] = 0.85,
    capacitor: Annotated[bool, Option("allow for no blocking electrodes")] = True,
    inductance: Annotated[bool, Option("allow for no inductive leads")] = True,
    amplitude_pair: Annotated[File | None, Option("the same at a larger amplitude", record="ImpedanceSpectrum")] = None,
    amplitudes: Annotated[tuple[Quantity, ...], Option("of the two", unit="", example="5 mV, 20 mV")] = (),
) -> Answer:
    """Test the spectrum."""
    if amplitude_pair is None:
        if amplitudes:
            raise InputError("The amplitudes came without a pair.", "", "Give the second spectrum as amplitude_pair.")
        return validity(points.within(file), mu_limit=mu, capacitor=capacitor, inductance=inductance)
    refuse_repeated([file, amplitude_pair])
    small, large = points.within(file), points.within(amplitude_pair)
    answer = validity(small, mu_limit=mu, capacitor=capacitor, inductance=inductance)
    return _with_linearity(answer, linearity(small, large, _pair(amplitudes)))


def _pair(amplitudes: Sequence[Quantity]) -> tuple[Quantity, Quantity] | None:
    if not amplitudes:
        return None
    if len(amplitudes) != 2:
        raise InputError(f"Two spectra have two amplitudes; {len(amplitudes)} given.", "", "Give two: 5 mV, 20 mV.")
    return amplitudes[0], amplitudes[1]


def _with_linearity(answer: Answer, pair: Answer) -> Answer:
    """Put the comparison of two amplitudes beside the verdict: the residuals' table, the pair's figure."""
    return replace(
        answer,
        results={**answer.results, **pair.results},
        notes={**answer.notes, **pair.notes},
        warnings=(*answer.warnings, *pair.warnings),
        figures={**pair.figures, **answer.figures},
    )
