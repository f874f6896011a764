"""A measured powder pattern for drawing: two columns, 2 theta in degrees and intensity, below any preamble."""

from __future__ import annotations

from pathlib import Path

from lamion.formats.content import RawFile
from lamion.formats.loading import load
from lamion.formats.reading import read_raw
from lamion.quantities import FileFormatError
from lamion.records import Pattern


def read_pattern(path: str | Path) -> dict[str, list[float]]:
    """Read a measured pattern for drawing.

    Parameters
    ----------
    path : str or Path
        As for :func:`read_raw_pattern`.
    """
    return read_raw_pattern(load(path))


def read_raw_pattern(raw: RawFile) -> dict[str, list[float]]:
    """Read a measured pattern for drawing, from a file that was loaded.

    Parameters
    ----------
    raw : RawFile
        The file; without headers its columns are the angle and the intensity.

    Returns
    -------
    dict
        ``two_theta_deg`` and ``intensity``.

    Raises
    ------
    FileFormatError
        When a line below the comments is not two numbers, the angles do not rise within 0 to 180 degrees, or no
        intensity is above zero.
    """
    pattern = read_raw(raw, record="diffraction").the(Pattern)
    if pattern.counts.max() <= 0:
        raise FileFormatError(raw.name, "", "intensities above zero", "none", "Export the pattern again.")
    return {"two_theta_deg": pattern.two_theta.tolist(), "intensity": pattern.counts.tolist()}
