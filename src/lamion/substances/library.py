"""The substances that come with lamion."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import lru_cache
from importlib.resources import files
from types import MappingProxyType

from lamion.quantities import InputError
from lamion.substances.substance import Substance


@lru_cache(maxsize=1)
def library() -> Mapping[str, Substance]:
    """Return every built-in substance by its key, in the order of ``facts.toml``.

    Examples
    --------
    >>> library()["sn"].name
    'succinonitrile'
    """
    text = files("lamion.substances").joinpath("facts.toml").read_text(encoding="utf-8")
    tables = tomllib.loads(text)
    return MappingProxyType({key: Substance.from_table({"key": key, **table}) for key, table in tables.items()})


def substance(name: str) -> Substance:
    """Return a built-in substance by its key, name or alias, upper or lower case.

    Parameters
    ----------
    name : str
        Such as ``"litfsi"``, ``"LiTFSI"`` or ``"succinonitrile"``.

    Returns
    -------
    Substance

    Raises
    ------
    InputError
        When nothing has that name.

    Examples
    --------
    >>> substance("LiTFSI").key
    'litfsi'
    """
    wanted = name.strip().casefold()
    for item in library().values():
        if wanted in {text.casefold() for text in (item.key, item.name, *item.aliases)}:
            return item
    raise InputError(
        f"There is no substance called '{name}'.",
        f"Known are: {', '.join(library())}.",
        "Use one of these, or define your own with its formula and density.",
    )
