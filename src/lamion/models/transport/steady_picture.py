"""Whether a picture of a film under current shows its steady state."""

from __future__ import annotations

from dataclasses import replace

from lamion.models.transport.film_under_current import FilmUnderCurrent
from lamion.quantities import Answer

_STEADY = 0.99


def steady_picture(answer: Answer, case: FilmUnderCurrent) -> Answer:
    """Add the verdict on a picture of the concentration field at the time: ``agrees`` from 99 % of the steady drop on.

    Parameters
    ----------
    answer : Answer
        As :func:`lamion.models.transport.film_transport.film_transport` gives it.
    case : FilmUnderCurrent
        The film.
    """
    share, drop = answer.results["steady_fraction"].value, answer.results["concentration_drop"]
    current, time = case.current.to("mA/cm2"), case.time.to("s")
    reason = (
        f"At {current} the concentration falls by {drop} across the film at {time}, even sideways: "
        f"{100 * share:.3g} % of the steady drop. "
        + ("The picture is that of the steady state." if share >= _STEADY else "The picture is a passing moment.")
        + " No scale is printed to compare with; the test is whether the field shown is the steady one."
    )
    return replace(answer, verdict="agrees" if share >= _STEADY else "disagrees", reason=reason)
