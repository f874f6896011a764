"""The versions of what lamion rests on."""

from __future__ import annotations

from functools import lru_cache
from importlib.metadata import PackageNotFoundError, requires, version


@lru_cache(maxsize=1)
def package_versions() -> dict[str, str]:
    """Return the versions of lamion's own dependencies that are installed, by name."""
    names = {item.split(";")[0].split("[")[0].split(">")[0].split("=")[0].strip() for item in requires("lamion") or []}
    found = {}
    for name in sorted(names - {"lamion"}):
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            continue
    return found
