"""The level of lamion's intervals, stated here and nowhere else."""

from __future__ import annotations

import math

LEVEL = math.erf(1 / math.sqrt(2))
"""The share of intervals that cover the truth: that of one standard deviation of a normal distribution."""

LEVEL_95 = 0.95
"""The second level, where a result states two."""


def level_text(level: float | None = None) -> str:
    """Write a level as people read it.

    Parameters
    ----------
    level : float, optional
        Between 0 and 1; `LEVEL` without it.

    Examples
    --------
    >>> level_text(), level_text(LEVEL_95)
    ('68 %', '95 %')
    """
    return f"{100 * (LEVEL if level is None else level):.0f} %"


def central_percentiles(level: float | None = None) -> tuple[float, float]:
    """Return the percentiles between which the central share of a sample lies.

    Parameters
    ----------
    level : float, optional
        The share; `LEVEL` without it.

    Examples
    --------
    >>> central_percentiles(LEVEL_95)
    (2.5..., 97.5)
    """
    share = LEVEL if level is None else level
    return 50 * (1 - share), 50 * (1 + share)


def coverage_factor(level: float | None = None, freedom: float = math.inf) -> float:
    r"""Return how many standard errors an interval spans: the two-sided quantile of Student's t.

    .. math:: P(|t_\nu| \le k) = \mathrm{level}

    Parameters
    ----------
    level : float, optional
        The share of intervals that shall cover the truth, between 0 and 1; `LEVEL` without it.
    freedom : float
        Degrees of freedom from which the noise was estimated; infinite when the noise is known.

    Returns
    -------
    float
        1 for `LEVEL` and a known noise.

    References
    ----------
    JCGM 100:2008 (the GUM), G.3.

    Examples
    --------
    >>> coverage_factor(), round(coverage_factor(freedom=5), 3)
    (1.0, 1.111)
    >>> round(coverage_factor(LEVEL_95, 5), 3)
    2.571
    """
    from scipy.special import ndtri, stdtrit

    share = LEVEL if level is None else level
    if math.isinf(freedom):
        return float(ndtri((1 + share) / 2))
    return float(stdtrit(freedom, (1 + share) / 2))
