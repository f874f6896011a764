"""Which lamion this is, what is plugged into it, which optional parts are there."""

from __future__ import annotations

import re
from importlib.metadata import PackageNotFoundError, distribution, entry_points, requires

from lamion import __version__

_EXTRA = re.compile(r"""^([A-Za-z0-9._-]+)\s*(?:\[([^\]]*)\])?.*;\s*extra\s*==\s*['"]([^'"]+)['"]""")
_FOR_DEVELOPERS = ("test",)


def version() -> str:
    """Return the version, plug-ins by group with where they come from, and the extras: one line each."""
    found: list[str] = []
    missing: list[str] = []
    for extra in _extras():
        (found if _is_installed(extra) else missing).append(extra)
    extras = [f"extras installed: {', '.join(found) or 'none'}"]
    if missing:
        extras.append(f'extras not installed: {", ".join(missing)} (pip install "lamion[{missing[0]}]")')
    return "\n".join([f"lamion {__version__}", *_plug_ins(), *extras]) + "\n"


def _plug_ins() -> list[str]:
    lines = []
    points = entry_points()
    for group in sorted(group for group in points.groups if group.startswith("lamion.")):
        told: dict[str, list[str]] = {}
        for point in points.select(group=group):
            source = "a package" if point.dist is None else f"{point.dist.name} {point.dist.version}"
            told.setdefault(source, []).append(point.name)
        said = "; ".join(f"{', '.join(sorted(names))} (from {source})" for source, names in sorted(told.items()))
        lines.append(f"plug-ins, {group.removeprefix('lamion.')}: {said}")
    return lines


def _needs() -> dict[str, list[tuple[str, list[str]]]]:
    """Return what each extra asks for: distributions, with their own extras."""
    try:
        written = requires("lamion") or []
    except PackageNotFoundError:
        return {}
    needs: dict[str, list[tuple[str, list[str]]]] = {}
    for text in written:
        match = _EXTRA.match(text)
        if match:
            inner = [part.strip() for part in (match[2] or "").split(",") if part.strip()]
            needs.setdefault(match[3], []).append((match[1], inner))
    return needs


def _extras() -> list[str]:
    return sorted(extra for extra in _needs() if extra not in _FOR_DEVELOPERS)


def _is_installed(extra: str) -> bool:
    for name, inner in _needs().get(extra, []):
        if name.lower() == "lamion":
            if not all(map(_is_installed, inner)):
                return False
            continue
        try:
            distribution(name)
        except PackageNotFoundError:
            return False
    return True
