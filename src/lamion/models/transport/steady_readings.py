"""Whether a film is steady at a time: in every reading of what a paper may mean by its D, t+ and c; in a picture."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from lamion.models.transport.film_under_current import FilmUnderCurrent
from lamion.models.transport.uniform_film import UniformFilm
from lamion.quantities import Answer
from lamion.quantities.constants import FARADAY, GAS

DiffusivityMeaning = Literal["D+ + D-", "D of Li+", "D of the salt"]

MEANINGS: tuple[DiffusivityMeaning, ...] = ("D+ + D-", "D of Li+", "D of the salt")
r"""What :math:`\sigma R T/(F^2 c_0)` may stand for: both ions together, as Nernst and Einstein mean it; the lithium ion
alone, as if it carried all the current; or the salt, as a program with one diffusing species takes it."""

_STEADY = 0.99


@dataclass(frozen=True)
class SteadyReading:
    """One reading of a film.

    Parameters
    ----------
    meaning : str
        One of :data:`MEANINGS`.
    film : UniformFilm
        What follows from it.
    share : float
        Of the steady concentration drop, at the time.
    time_to_99 : float
        s to 99 % of it.
    """

    meaning: DiffusivityMeaning
    film: UniformFilm
    share: float
    time_to_99: float

    @property
    def steady(self) -> bool:
        """Whether 99 % of the steady drop are reached at the time."""
        return self.share >= _STEADY


def read_as(film: UniformFilm, meaning: DiffusivityMeaning) -> UniformFilm:
    r"""Return the film with the D of the salt that a meaning of :math:`D_{NE} = \sigma R T/(F^2 c_0)` implies.

    .. math:: D = 2 t_+ (1 - t_+) D_{NE},\quad 2 (1 - t_+) D_{NE}\quad\text{or}\quad D_{NE}

    Parameters
    ----------
    film : UniformFilm
        By Nernst and Einstein.
    meaning : str
        One of :data:`MEANINGS`.

    Examples
    --------
    >>> film = UniformFilm(1e-4, 8.92e-3, 0.35, 2000.0, 298.15)
    >>> [round(read_as(film, meaning).limiting_current / 10, 3) for meaning in MEANINGS]
    [0.321, 0.917, 0.705]
    """
    together = film.conductivity * GAS * film.temperature / (FARADAY**2 * film.concentration)
    t = film.transference
    factor = {"D+ + D-": 2 * t * (1 - t), "D of Li+": 2 * (1 - t), "D of the salt": 1.0}[meaning]
    return replace(film, diffusivity=factor * together)


def film_readings(
    film: UniformFilm, transferences: Sequence[float], concentrations: Sequence[float], time: float
) -> list[SteadyReading]:
    """Read a film in every way.

    Parameters
    ----------
    film : UniformFilm
        Thickness, conductivity, temperature.
    transferences : sequence of float
        Values that t+ may have.
    concentrations : sequence of float
        Values that the concentration may have, mol/m3.
    time : float
        s at which it is said to be steady.

    Returns
    -------
    list of SteadyReading
        For each meaning of D, each transference number and each concentration.

    Examples
    --------
    >>> film = UniformFilm(1e-4, 8.92e-3, 0.35, 2000.0, 298.15)
    >>> any(reading.steady for reading in film_readings(film, [0.3, 0.4], [960.0, 2000.0], 60.0))
    False
    """
    found = []
    for meaning in MEANINGS:
        for t in transferences:
            for c in concentrations:
                one = read_as(replace(film, transference=t, concentration=c, diffusivity=None), meaning)
                found.append(SteadyReading(meaning, one, one.steady_fraction(time), one.time_to(_STEADY)))
    return found


def depletion_or_none(film: UniformFilm, current: float) -> float | None:
    """Return the depletion time in s, None where the film becomes steady.

    Parameters
    ----------
    film : UniformFilm
        The film.
    current : float
        A/m2.
    """
    time = film.depletion_time(current)
    return time if math.isfinite(time) else None


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
