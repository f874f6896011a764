"""A measured powder pattern for drawing: two columns, 2 theta in degrees and intensity, below any preamble."""

from __future__ import annotations

from pathlib import Path

from lamion.formats.content import FileContent
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
    return drawn_pattern(read(path, record=Pattern))


def drawn_pattern(content: FileContent) -> dict[str, list[float]]:
    """Return a measured pattern for drawing.

    Parameters
    ----------
    content : FileContent
        What was read.

    Returns
    -------
    dict
        ``two_theta_deg`` and ``intensity``.

    Raises
    ------
    FileFormatError
        When no intensity is above zero.
    """
    pattern = content.the(Pattern)
    if pattern.counts.max() <= 0:
        raise FileFormatError(content.name, "", "intensities above zero", "none", "Export the pattern again.")
    return {"two_theta_deg": pattern.two_theta.tolist(), "intensity": pattern.counts.tolist()}
