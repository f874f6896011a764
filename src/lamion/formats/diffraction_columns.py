"""A measured powder pattern for drawing: two columns, 2 theta in degrees and intensity, below any preamble."""

from __future__ import annotations

from pathlib import Path

from lamion.formats.reading import read
from lamion.quantities import FileFormatError
from lamion.records import Pattern


def read_pattern(path: str | Path) -> dict[str, list[float]]:
    """Read a measured pattern for drawing.

    Parameters
    ----------
    path : str or Path
        The file; without headers its columns are the angle and the intensity.
    """
    content = read(path, record=Pattern)
    return drawn_pattern(content.the(Pattern), content.name)


def drawn_pattern(pattern: Pattern, name: str) -> dict[str, list[float]]:
    """Return a measured pattern for drawing.

    Parameters
    ----------
    pattern : Pattern
        What was read.
    name : str
        The file's, for messages.

    Returns
    -------
    dict
        ``two_theta_deg`` and ``intensity``.

    Raises
    ------
    FileFormatError
        When no intensity is above zero.
    """
    if pattern.counts.max() <= 0:
        raise FileFormatError(name, "", "intensities above zero", "none", "Export the pattern again.")
    return {"two_theta_deg": pattern.two_theta.tolist(), "intensity": pattern.counts.tolist()}
