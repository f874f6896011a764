"""A drawn picture as short as it can be without looking any different, so that a page can hold a hundred."""

from __future__ import annotations

import math
import re

_NOT_DRAWN = re.compile(r"<\?xml.*?\?>|<!DOCTYPE.*?>|<!--.*?-->|<metadata>.*?</metadata>", re.DOTALL)
_BETWEEN = re.compile(r">\s+<")
_PATH = re.compile(r' d="([^"]*)"')
_NUMBER = re.compile(r"-?\d+(?:\.\d+)?")
_DISC = re.compile(r'<path d="(M[^"CLQ]*(?:C[^"CLQz]*){8}z\s*)"')
"""What may be a circle: matplotlib draws one from its lowest point in eight curves, each of three points."""
_ROUND = 0.03
_NAMED_GROUP = re.compile(r'<g id="[^"]*"')
"""Nothing refers to a group by its name."""
_LETTER = re.compile(r'"(#?)DejaVuSans-')
_STYLE = re.compile(r'style\*?="[^"]*"')
"""Of a mark, and what a style sheet says of marks of one style: both lose the same spaces."""
_ALONE = re.compile(r"<g>(<[a-z]+ [^<>]*/>)</g>")
_MARK = re.compile(r"\bm[0-9a-f]{10}\b")
_PLACE = re.compile(r'( [xy]="-?\d+\.\d)\d+"')
_AROUND_LETTER = re.compile(r"\s*([A-Za-z])\s*")
_SPACE = re.compile(r"\s+")
_LONG = re.compile(r"(-?\d+\.\d)\d+")
_RESERVED = str.maketrans({"%": "%25", "#": "%23", '"': "'", "&": "%26"})


def lean(svg: bytes) -> str:
    """Take out of an SVG what no eye sees: its head, remarks, the room between its words, hundredths of a point.

    Parameters
    ----------
    svg : bytes
        As matplotlib writes it.

    Examples
    --------
    >>> lean(b'<?xml version="1.0"?> <svg> <!-- a --> <path d="M 0 0 L 1 -2.25 "/> </svg>')
    '<svg><path d="M0 0L1 -2.2"/></svg>'
    """
    text = _DISC.sub(_disc, _BETWEEN.sub("><", _NOT_DRAWN.sub("", svg.decode())).strip())
    text = _LETTER.sub(r'"\1D', _NAMED_GROUP.sub("<g", text).replace(" xlink:href=", " href="))
    text = _STYLE.sub(lambda found: found[0].replace(": ", ":").replace("; ", ";"), text)
    marks = {name: f"m{number}" for number, name in enumerate(dict.fromkeys(_MARK.findall(text)))}
    text = _MARK.sub(lambda found: marks[found[0]], text)
    text = _PLACE.sub(r'\1"', _ALONE.sub(r"\1", _ALONE.sub(r"\1", text)))
    return _PATH.sub(lambda found: f' d="{_path(found[1])}"', text)


def _disc(found: re.Match[str]) -> str:
    """Write eight curves as the circle that they are; leave what is none."""
    numbers = [float(number) for number in _NUMBER.findall(found[1])]
    ends = [(numbers[k], numbers[k + 1]) for k in range(0, len(numbers) - 1, 6)]
    if len(numbers) != 50:
        return found[0]
    x, y = ends[0][0], (ends[0][1] + ends[4][1]) / 2
    radius = abs(ends[0][1] - ends[4][1]) / 2
    if any(abs(math.hypot(a - x, b - y) - radius) > _ROUND for a, b in ends):
        return found[0]
    return f'<circle cx="{x:g}" cy="{y:g}" r="{radius:.2g}"'


def _path(drawn: str) -> str:
    return _LONG.sub(r"\1", _AROUND_LETTER.sub(r"\1", drawn)).strip()


def as_uri(svg: bytes) -> str:
    """Write a picture as an address that holds it, without double quotation marks.

    Parameters
    ----------
    svg : bytes
        As matplotlib writes it.

    Examples
    --------
    >>> as_uri(b'<svg a="b"/>')
    "data:image/svg+xml,<svg a='b'/>"
    """
    text = lean(svg).replace("'", "&#39;")
    return "data:image/svg+xml," + _SPACE.sub(" ", text).translate(_RESERVED)
