"""How many standard errors an interval of a stated level spans."""

from __future__ import annotations

import math

LEVEL_68 = math.erf(1 / math.sqrt(2))
"""The level of one standard deviation of a normal distribution, 0.6827."""

LEVEL_95 = 0.95


def coverage_factor(level: float, freedom: float = math.inf) -> float:
    r"""Return the two-sided quantile of Student's t.

    .. math:: P(|t_\nu| \le k) = \mathrm{level}

    Parameters
    ----------
    level : float
        The share of intervals that shall cover the truth, between 0 and 1.
    freedom : float
        Degrees of freedom from which the noise was estimated; infinite when the noise is known.

    Returns
    -------
    float
        1 for `LEVEL_68` and a known noise.

    References
    ----------
    JCGM 100:2008 (the GUM), G.3.

    Examples
    --------
    >>> round(coverage_factor(LEVEL_68), 6), round(coverage_factor(LEVEL_68, 5), 3)
    (1.0, 1.111)
    >>> round(coverage_factor(LEVEL_95, 5), 3)
    2.571
    """
    from scipy.special import ndtri, stdtrit

    if math.isinf(freedom):
        return float(ndtri((1 + level) / 2))
    return float(stdtrit(freedom, (1 + level) / 2))
