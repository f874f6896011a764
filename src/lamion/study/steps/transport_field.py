"""The concentration field of a film under current, and whether it is steady at the time it is shown."""

from __future__ import annotations

from dataclasses import replace

from lamion.models.transport.film_case import Discretisation, FilmCase
from lamion.models.transport.film_transport import film_transport
from lamion.quantities import Answer
from lamion.study.inputs import Inputs
from lamion.study.kinds import Option, StepKind

_STEADY = 0.99


def run(inputs: Inputs) -> Answer:
    """Simulate the film in two dimensions.

    Parameters
    ----------
    inputs : Inputs
        ``thickness``, ``width``, ``conductivity``, ``transference``, ``concentration``, ``current``, ``time``,
        ``temperature``; ``diffusivity``, by Nernst and Einstein without it.

    Returns
    -------
    Answer
        As :func:`lamion.models.transport.film_transport.film_transport`; the verdict on a picture of a steady field is
        that it agrees where 99 % of the steady drop are reached at the time.
    """
    names = ("thickness", "conductivity", "transference", "concentration", "current", "time", "temperature")
    case = FilmCase(**{name: inputs.quantity(name) for name in names})
    case = replace(case, diffusivity=inputs.optional_quantity("diffusivity"))
    cells = 40 if inputs.quick else 100
    answer = film_transport(case, Discretisation(2, cells, inputs.quantity("width").si)).answer
    share, drop = answer.results["steady_fraction"].value, answer.results["concentration_drop"]
    current, time = case.current.to("mA/cm2"), case.time.to("s")
    reason = (
        f"At {current} the concentration falls by {drop} across the film at {time}, even sideways: "
        f"{100 * share:.3g} % of the steady drop. "
        + ("The picture is that of the steady state." if share >= _STEADY else "The picture is a passing moment.")
        + " No scale is printed to compare with; the test is whether the field shown is the steady one."
    )
    verdict = "agrees" if share >= _STEADY else "disagrees"
    return replace(answer, verdict=verdict, reason=reason)


KIND = StepKind(
    run,
    evidence="model",
    options={
        "thickness": Option("quantity", "m", from_subject=True),
        "width": Option("quantity", "m"),
        "conductivity": Option("quantity", "S/m"),
        "transference": Option("quantity", "1"),
        "concentration": Option("quantity", "mol/m3"),
        "current": Option("quantity", "A/m2"),
        "time": Option("quantity", "s"),
        "temperature": Option("quantity", "K"),
        "diffusivity": Option("quantity", "m2/s", required=False),
    },
    quick=True,
    heavy=True,
)
