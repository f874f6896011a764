"""The substances and electrolytes that come with lamion."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import lru_cache
from importlib.resources import files
from types import MappingProxyType

from lamion.quantities import InputError
from lamion.registry import plug_ins
from lamion.substances.electrolyte import Electrolyte
from lamion.substances.substance import Substance

PLUG_INS = "lamion.substances"
"""The entry-point group of users' substances: each a table by its key, as in ``facts.toml``."""


@lru_cache(maxsize=1)
def library() -> Mapping[str, Substance]:
    """Return every substance by its key, in the order of ``facts.toml``; those of plug-ins last.

    Examples
    --------
    >>> library()["sn"].name
    'succinonitrile'
    """
    text = files("lamion.substances").joinpath("facts.toml").read_text(encoding="utf-8")
    built_in = tomllib.loads(text)
    tables = {**built_in, **plug_ins(PLUG_INS, but=built_in)}
    return MappingProxyType({key: Substance.from_table({"key": key, **table}) for key, table in tables.items()})


def known_substance(name: str) -> Substance:
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
    >>> known_substance("LiTFSI").key
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


@lru_cache(maxsize=1)
def electrolytes() -> Mapping[str, Electrolyte]:
    """Return the electrolytes whose laws of concentration were published, by the name that asks for each."""
    text = files("lamion.substances").joinpath("electrolytes.toml").read_text(encoding="utf-8")
    return MappingProxyType({key: Electrolyte.from_table(table) for key, table in tomllib.loads(text).items()})


def published_electrolyte(name: str) -> Electrolyte:
    """Return a published electrolyte.

    Parameters
    ----------
    name : str
        Such as ``"litfsi-peo"``.

    Raises
    ------
    InputError
        When none has that name.

    Examples
    --------
    >>> from lamion.quantities import Quantity
    >>> peo = published_electrolyte("litfsi-peo").at(concentration=Quantity("1 mol/L"))
    >>> print(peo.conductivity.to("S/cm"))
    7.348e-4 S/cm
    """
    if name in electrolytes():
        return electrolytes()[name]
    raise InputError(f"No electrolyte is called '{name}'.", "", f"Known are: {', '.join(electrolytes())}.")
