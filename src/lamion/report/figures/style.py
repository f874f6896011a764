"""The look of every figure: one palette that colour-blind readers can tell apart, on light and on dark paper."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

FONT = "DejaVu Sans"
PALETTE = ("#0072B2", "#E69F00", "#009E73", "#CC79A7", "#56B4E9", "#D55E00", "#999999", "#F0E442")
"""Okabe and Ito's colours (Color Universal Design, 2008)."""


@dataclass(frozen=True)
class Theme:
    """Colours that depend on the paper."""

    ink: str
    faint: str
    paper: str


LIGHT = Theme(ink="#1b1f24", faint="#c4cad2", paper="#ffffff")
DARK = Theme(ink="#e6e9ed", faint="#4a525c", paper="#14181d")


def settings(theme: Theme, fonts: Sequence[str]) -> dict[str, Any]:
    """Return matplotlib's settings for one theme, and fonts of which the first that has a letter draws it."""
    from matplotlib.rcsetup import cycler

    return {
        "font.family": list(fonts),
        "font.size": 10,
        "axes.prop_cycle": cycler(color=PALETTE),
        "axes.edgecolor": theme.ink,
        "axes.labelcolor": theme.ink,
        "axes.facecolor": theme.paper,
        "axes.spines.top": False,
        "axes.spines.right": False,
        "axes.titlesize": 10,
        "axes.titlecolor": theme.ink,
        "figure.facecolor": theme.paper,
        "figure.dpi": 150,
        "grid.color": theme.faint,
        "grid.linewidth": 0.6,
        "legend.frameon": False,
        "legend.labelcolor": theme.ink,
        "lines.linewidth": 1.6,
        "savefig.facecolor": theme.paper,
        "svg.hashsalt": "lamion",
        "text.color": theme.ink,
        "xtick.color": theme.ink,
        "ytick.color": theme.ink,
    }


_BLENDED = frozenset(("complex", "sheet"))
"""Kinds whose colours fade into the paper one by one: their lightness is turned as a whole."""
_WHOLE = "svg{filter:invert(.92) hue-rotate(180deg)}image{filter:invert(1) hue-rotate(180deg)}"
"""Maps keep their colours, which mean numbers: they are turned twice."""


def for_both_schemes(svg: bytes, *kinds: str) -> bytes:
    """Return a picture that was drawn for light paper so that it also suits dark paper; `kinds` are those it shows."""
    rules = _WHOLE if _BLENDED.intersection(kinds) else "".join(_turned())
    sheet = f"@media screen and (prefers-color-scheme:dark){{{rules}}}"
    return svg.replace(b"</style>", sheet.encode() + b"</style>", 1)


def _turned() -> list[str]:
    inks = ((LIGHT.ink, DARK.ink), (LIGHT.faint, DARK.faint), (LIGHT.paper, DARK.paper))
    return [
        f'[style*="{word}: {light}"]{{{word}:{dark}!important}}' for light, dark in inks for word in ("fill", "stroke")
    ]
