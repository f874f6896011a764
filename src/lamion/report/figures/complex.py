"""A molecule on its host, seen from where their contact shows."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from lamion.report.figures.atoms import disc, draw_atoms, element_legend, is_metal
from lamion.report.figures.style import Theme

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

Array = NDArray[np.float64]
_Pair = tuple[int, int]

_MARGIN = 1.0
_ELEVATION = 20
_TURNS = tuple(range(0, 360, 15))
_APART = (60, 120)
_CLOSE = 0.6
_BAR = 2.0


def complex_(page: Figure, data: Mapping[str, Any], theme: Theme) -> None:
    """Draw the complex from the two directions in which its contacts are hidden least.

    Its data are ``complex``, ``host`` and ``adsorbate``, each with ``symbols`` and ``positions``, in the complex those
    of the molecule last; optionally ``binding_energy_eV``.
    """
    symbols, positions = data["complex"]["symbols"], np.array(data["complex"]["positions"])
    contacts = _contacts(symbols, positions, len(data["host"]["symbols"]), len(data["adsorbate"]["symbols"]))
    first, second = _directions(symbols, positions, contacts)
    views = [_seen(positions, turn) for turn in (first, second)]
    spans = [np.ptp(view[:, :2], axis=0) + 2 * _MARGIN for view in views]
    across, tall = float(sum(span[0] for span in spans)), float(max(span[1] for span in spans))
    page.set_size_inches(7.0, min(7.0, 6.7 * tall / across + 0.9))
    panels = page.subplots(1, 2, width_ratios=[float(span[0]) for span in spans])
    turned = min((second - first) % 360, (first - second) % 360)
    titles = (f"from the side, {_ELEVATION}° above", f"turned by {turned}°")
    for axes, view, title in zip(panels, views, titles, strict=True):
        middle = float(view[:, 1].max() + view[:, 1].min()) / 2
        axes.set_xlim(view[:, 0].min() - _MARGIN, view[:, 0].max() + _MARGIN)
        axes.set_ylim(middle - tall / 2, middle + tall / 2)
        _panel(axes, symbols, view, contacts, theme)
        axes.set_title(title, fontsize=9)
    _bar(panels[0], theme)
    page.suptitle(_title(data, len(contacts)), fontsize=11)
    element_legend(page, symbols, theme)


def _title(data: Mapping[str, Any], hosts: int) -> str:
    host, guest = (_formula(data[name]["symbols"]) for name in ("host", "adsorbate"))
    energy = data.get("binding_energy_eV")
    said = "" if energy is None else f", {energy:.2f} eV".replace("-", "−")
    return f"{guest} on {'' if hosts == 1 else f'{hosts} '}{host}{said}"


def _formula(symbols: Sequence[str]) -> str:
    """Write a formula in Hill's order."""
    counts = Counter(symbols)
    first = [symbol for symbol in ("C", "H") if "C" in counts and symbol in counts]
    order = [*first, *sorted(set(counts) - set(first))]
    return "".join(symbol + (f"$_{{{counts[symbol]}}}$" if counts[symbol] > 1 else "") for symbol in order)


def _contacts(symbols: Sequence[str], positions: Array, host: int, guest: int) -> list[_Pair]:
    """Return for each host its metal, or whichever atom is nearest, and the molecule's atom nearest to that."""
    start = len(symbols) - guest
    found = []
    for first in range(0, start, host):
        own = [k for k in range(first, first + host) if is_metal(symbols[k])] or list(range(first, first + host))
        distance = np.linalg.norm(positions[own][:, None] - positions[start:][None], axis=2)
        i, j = np.unravel_index(int(np.argmin(distance)), distance.shape)
        found.append((own[int(i)], start + int(j)))
    return found


def _seen(positions: Array, turn: float) -> Array:
    """Turn atoms so that the reader looks from a side and from above: right, up, towards the reader."""
    azimuth, elevation = math.radians(turn), math.radians(_ELEVATION)
    level = math.cos(elevation)
    reader = np.array([level * math.cos(azimuth), level * math.sin(azimuth), math.sin(elevation)])
    right = np.array([-math.sin(azimuth), math.cos(azimuth), 0.0])
    return np.asarray(positions @ np.array([right, np.cross(reader, right), reader]).T)


def _directions(symbols: Sequence[str], positions: Array, contacts: Sequence[_Pair]) -> tuple[int, int]:
    """Choose two directions, well apart, in which fewest atoms stand before a contact, then fewest on each other."""
    scores = {turn: _hidden(symbols, _seen(positions, turn), contacts) for turn in _TURNS}
    first = min(_TURNS, key=lambda turn: (*scores[turn], turn))
    others = [turn for turn in _TURNS if _APART[0] <= abs(turn - first) % 180 <= _APART[1]]
    return first, min(others, key=lambda turn: (*scores[turn], turn))


def _hidden(symbols: Sequence[str], view: Array, contacts: Sequence[_Pair]) -> tuple[int, int]:
    """Count the atoms before points along the contacts, and the pairs of atoms that cover each other."""
    radii = np.array([disc(symbol) for symbol in symbols])
    before = 0
    for pair in contacts:
        rest = np.setdiff1d(np.arange(len(view)), pair)
        for share in np.linspace(0.0, 1.0, 5):
            point = (1 - share) * view[pair[0]] + share * view[pair[1]]
            near = np.linalg.norm(view[rest, :2] - point[:2], axis=1) < radii[rest] + 0.1
            before += int(np.sum(near & (view[rest, 2] > point[2])))
    apart = np.linalg.norm(view[:, None, :2] - view[None, :, :2], axis=2)
    return before, int(np.sum(np.triu(apart < _CLOSE, 1)))


def _panel(axes: Axes, symbols: Sequence[str], view: Array, contacts: Sequence[_Pair], theme: Theme) -> None:
    axes.set_aspect("equal")
    axes.set_axis_off()
    draw_atoms(axes, symbols, view, theme, line=1.4)
    for i, j in contacts:
        axes.plot(*view[[i, j], :2].T, color=theme.ink, lw=1.2, ls=(0, (1.5, 1.5)), zorder=5)
        length = float(np.linalg.norm(view[i] - view[j]))
        axes.annotate(
            f"{symbols[i]}–{symbols[j]} {length:.2f} Å",
            tuple(view[[i, j], :2].mean(axis=0)),
            (10, 0),
            textcoords="offset points",
            va="center",
            fontsize=8,
            zorder=6,
            bbox={"facecolor": theme.paper, "edgecolor": "none", "alpha": 0.8, "pad": 0.5},
        )


def _bar(axes: Axes, theme: Theme) -> None:
    """Draw a scale: lengths across the direction of view are true."""
    left, bottom = axes.get_xlim()[0] + 0.3, axes.get_ylim()[0] + 0.2
    axes.plot([left, left + _BAR], [bottom, bottom], color=theme.ink, lw=2, solid_capstyle="butt", zorder=6)
    axes.text(left + _BAR / 2, bottom + 0.15, f"{_BAR:g} Å", ha="center", va="bottom", fontsize=8, zorder=6)
