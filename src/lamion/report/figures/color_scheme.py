"""One picture for light and for dark paper: in dark surroundings a style sheet turns its inks."""

from __future__ import annotations

from lamion.report.figures.style import DARK, LIGHT

_BLENDED = frozenset(("complex", "sheet"))
"""Kinds whose colours fade into the paper one by one: their lightness is turned as a whole."""
_WHOLE = "svg{filter:invert(.92) hue-rotate(180deg)}"


def for_both_schemes(svg: bytes, kind: str) -> bytes:
    """Return a picture that was drawn for light paper so that it also suits dark paper."""
    rules = _WHOLE if kind in _BLENDED else "".join(_turned())
    sheet = f"@media (prefers-color-scheme:dark){{{rules}}}"
    return svg.replace(b"</style>", sheet.encode() + b"</style>", 1)


def _turned() -> list[str]:
    inks = ((LIGHT.ink, DARK.ink), (LIGHT.faint, DARK.faint), (LIGHT.paper, DARK.paper))
    return [
        f'[style*="{word}: {light}"]{{{word}:{dark}!important}}' for light, dark in inks for word in ("fill", "stroke")
    ]
