"""Can load, probe, film and modulus all be what they are said to be: before anything is measured, or after."""

from __future__ import annotations

from lamion.quantities import Answer, Quantity, propagate
from lamion.techniques.mechanics.indentation import flat_punch

THIN = 0.1
"""Of a film's thickness, down to which its support is hardly felt."""
MOST_PRESSURE = 0.1
"""Of the modulus, that a contact bears before the solid flows."""
_SOURCE = "flat punch (Sneddon 1965)"


def stated_punch(
    load: Quantity, diameter: Quantity, modulus: Quantity, poisson: Quantity, thickness: Quantity
) -> Answer:
    r"""Compute what a load on a flat punch would do to a film, if the film stayed elastic.

    .. math:: p = \frac{4 P}{\pi d^2}, \qquad h = \frac{P (1 - \nu^2)}{E d}

    Parameters
    ----------
    load, diameter : Quantity
        On and of the punch.
    modulus, poisson, thickness : Quantity
        Of the film.

    Returns
    -------
    Answer
        ``pressure`` (GPa), ``depth`` (um) and ``depth_over_thickness``; the verdict is ``"holds"`` where the punch
        stays within the film and the mean pressure below the modulus, beyond either of which nothing elastic is left
        to measure.

    Raises
    ------
    InputError
        When a number is not above zero.

    References
    ----------
    I. N. Sneddon, Int. J. Eng. Sci. 3 (1965) 47, doi:10.1016/0020-7225(65)90019-4.

    Examples
    --------
    >>> given = (Quantity("3 mN"), Quantity("200 nm"), Quantity("1.38 GPa"), Quantity("0.3"), Quantity("9 um"))
    >>> answer = stated_punch(*given)
    >>> print(answer.verdict, answer["pressure"])
    does not hold 95.493 GPa
    """
    given = (load, diameter, modulus, poisson)

    def depth(p: float, d: float, e: float, nu: float) -> float:
        return flat_punch(p, d, e / (1 - nu**2)).depth

    pressure = propagate(lambda p, d: flat_punch(p, d, 1.0).pressure, load, diameter, unit="GPa", source="flat punch")
    sunk = propagate(depth, *given, unit="um", source=_SOURCE)
    share = propagate(lambda *x: depth(*x[:4]) / x[4], *given, thickness, unit="1", source=_SOURCE)
    holds = share.value < 1 and pressure.si < modulus.si
    reason = (
        f"{load} on a punch of {diameter} is a mean pressure of {pressure.value:.3g} GPa, "
        f"{pressure.si / modulus.si:.2g} times the modulus. Elastically the punch would sink {sunk.value:.3g} um into "
        f"a film of {thickness.to('um').value:g} um"
        + (": load, punch, film and modulus cannot all be right." if not holds else ".")
    )
    return Answer(
        {"pressure": pressure, "depth": sunk, "depth_over_thickness": share},
        verdict="holds" if holds else "does not hold",
        reason=reason,
    )


def bearable_load(
    load: Quantity, radius: Quantity, modulus: Quantity, poisson: Quantity, thickness: Quantity
) -> Quantity:
    """Return the largest load, up to a stated one, that leaves a film under a flat punch elastic and thick.

    Parameters
    ----------
    load : Quantity
        As stated.
    radius : Quantity
        Of the punch.
    modulus, poisson, thickness : Quantity
        Of the film.

    Returns
    -------
    Quantity
        That at which the punch sinks to a tenth of the film, or presses with a tenth of the modulus, which polymers
        bear at most before they flow (hardness is about three yield stresses, and these a thirtieth of the modulus).

    References
    ----------
    K. L. Johnson, Contact Mechanics, Cambridge University Press 1985, doi:10.1017/CBO9781139171731, chapter 6.

    Examples
    --------
    >>> given = (Quantity("100 nm"), Quantity("1.38 GPa"), Quantity("0.3"), Quantity("9 um"))
    >>> print(f"{bearable_load(Quantity('3 mN'), *given):.3g}")
    4.34 uN
    """
    one = flat_punch(1.0, 2 * radius.si, modulus.si / (1 - poisson.value**2))
    most = min(load.si, THIN * thickness.si / one.depth, MOST_PRESSURE * modulus.si / one.pressure)
    return load if most == load.si else Quantity(1e6 * most, None, "uN", _SOURCE)
