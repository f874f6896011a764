"""A measured powder pattern as two columns, 2 theta in degrees and intensity, below any comment lines."""

from __future__ import annotations

from pathlib import Path

from lamion.formats.content import RawFile
from lamion.formats.loading import load
from lamion.formats.table import parse_number
from lamion.quantities import FileFormatError

_FEWEST = 10


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
        The file; lines that begin with a letter, a quotation mark or one of ``#;!`` above the numbers are comments.

    Returns
    -------
    dict
        ``two_theta_deg`` and ``intensity``.

    Raises
    ------
    FileFormatError
        When a line below the comments is not two numbers, or the angles do not rise within 0 to 180 degrees.
    """
    angles: list[float] = []
    intensities: list[float] = []
    for line in raw.text.lines:
        cells = line.text.replace(",", " ").replace(";", " ").split()
        if not cells or (not angles and (line.text.lstrip()[0].isalpha() or line.text.lstrip()[0] in "\"'#;!")):
            continue
        numbers = [parse_number(cell) for cell in cells]
        if len(numbers) < 2 or numbers[0] is None or numbers[1] is None:
            raise _refused(raw.name, f"line {line.number}", "an angle and an intensity", repr(line.text[:60]))
        angle, intensity = numbers[0][0], numbers[1][0]
        if not 0.0 < angle < 180.0 or (angles and angle <= angles[-1]):
            raise _refused(raw.name, f"line {line.number}", "a rising angle in degrees", f"{angle:g}")
        angles.append(angle)
        intensities.append(intensity)
    if len(angles) < _FEWEST:
        raise _refused(raw.name, "", f"at least {_FEWEST} points", f"{len(angles)}")
    if max(intensities) <= 0:
        raise _refused(raw.name, "", "intensities above zero", "none")
    return {"two_theta_deg": angles, "intensity": intensities}


def _refused(name: str, where: str, expected: str, found: str) -> FileFormatError:
    return FileFormatError(name, where, expected, found, "Export the pattern as two columns, angle and intensity.")
