"""The texts of figures as they are: no markup of matplotlib's in them, and fonts that have their letters."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

from lamion.quantities import FigureData
from lamion.report.figures.style import FONT
from lamion.texts import plain

_NO_WIDTH = "\u200b"
"""Before an underscore, behind which matplotlib would leave a label out of the legend."""


@dataclass(frozen=True)
class Drawn:
    """A figure whose texts matplotlib draws as they are.

    Parameters
    ----------
    figure : FigureData
        With its texts so written.
    fonts : tuple of str
        The families that have their letters, the usual one first.
    """

    figure: FigureData
    fonts: tuple[str, ...]


def as_drawn(figure: FigureData) -> Drawn:
    """Write the texts of a figure so that they are drawn as they are."""
    letters = {letter for text in _texts(figure.data) for letter in text if not letter.isascii()}
    fonts, lacking = _fonts(frozenset(plain("".join(letters))))
    return Drawn(replace(figure, data=_each_text(figure.data, lambda text: _written(text, lacking))), fonts)


def _written(text: str, lacking: frozenset[str]) -> str:
    """Return one text; a letter that no font has as its code, so that two names stay two."""
    known = plain(text).replace("$", r"\$")
    if lacking:
        known = "".join(f"\\u{ord(letter):04x}" if letter in lacking else letter for letter in known)
    return _NO_WIDTH + known if known.startswith("_") else known


def _texts(data: Any) -> Iterator[str]:
    """Go through the texts within JSON values."""
    if isinstance(data, str):
        yield data
    elif isinstance(data, Mapping):
        for item in data.values():
            yield from _texts(item)
    elif isinstance(data, Sequence):
        for item in data:
            if not isinstance(item, float):
                yield from _texts(item)


def _each_text(data: Any, change: Callable[[str], str]) -> Any:
    """Return JSON values with every text changed; the names in them stay."""
    if isinstance(data, str):
        return change(data)
    if isinstance(data, Mapping):
        return {name: _each_text(item, change) for name, item in data.items()}
    if isinstance(data, list | tuple):
        return [item if isinstance(item, float) else _each_text(item, change) for item in data]
    return data


@lru_cache(maxsize=64)
def _fonts(letters: frozenset[str]) -> tuple[tuple[str, ...], frozenset[str]]:
    """Return the families that have these letters, of those installed, and the letters that none has."""
    from matplotlib.font_manager import findfont, fontManager

    found, lacking = [FONT], letters - _had(findfont(FONT), letters)
    others = {entry.name: entry.fname for entry in fontManager.ttflist} if lacking else {}
    for family in sorted(others.keys() - {"Last Resort"}):
        had = _had(others[family], lacking)
        if had:
            found.append(family)
            lacking -= had
    return tuple(found), lacking


def _had(file: str, letters: frozenset[str]) -> frozenset[str]:
    """Return the letters that a font has."""
    from matplotlib.ft2font import FT2Font

    try:
        font = FT2Font(file)
        return frozenset(letter for letter in letters if font.get_char_index(ord(letter)))
    except (OSError, RuntimeError):
        return frozenset()
