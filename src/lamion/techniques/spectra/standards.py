"""Lines of materials that a Raman spectrometer's shift is held against, in 1/cm."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Standard:
    """A material with known lines.

    Parameters
    ----------
    lines : tuple of float
        Their Raman shifts, 1/cm.
    uncertainty : float
        Of each, one standard uncertainty, 1/cm.
    sources : tuple of str
        DOIs.
    """

    lines: tuple[float, ...]
    uncertainty: float
    sources: tuple[str, ...]


STANDARDS = {
    "polystyrene": Standard(
        (620.9, 795.8, 1001.4, 1031.8, 1155.3, 1450.5, 1583.1, 1602.3, 2852.4, 2904.5, 3054.3),
        0.55,
        ("10.2116/analsci.21P054",),
    ),
    "silicon": Standard((520.45,), 0.14, ("10.1002/jrs.6003",)),
}
"""By name: polystyrene's lines of ASTM E1840, with the expanded uncertainty of 1.1 1/cm (k = 2) of N. Itoh, N. Hanari,
Anal. Sci. 37 (2021) 1533; silicon's of N. Itoh, K. Shirono, J. Raman Spectrosc. 52 (2021): 520.45 ± 0.28 (k = 2)."""
