"""Where verbs keep relaxed structures."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from lamion.quantities import InputError

if TYPE_CHECKING:
    from lamion.store import Store


def add_cache_argument(parser: argparse.ArgumentParser) -> None:
    """Declare ``--cache``.

    Parameters
    ----------
    parser : ArgumentParser
        The verb's.
    """
    default = Path(".lamion") / "relaxed"
    parser.add_argument("--cache", metavar="DIR", type=Path, default=default, help=f"relaxed structures [{default}]")


def relaxed_store(arguments: argparse.Namespace) -> Store:
    """Return the store that was asked for.

    Parameters
    ----------
    arguments : Namespace
        With ``cache``.

    Raises
    ------
    InputError
        When there is a file of that name.
    """
    from lamion.store import Store

    if arguments.cache.exists() and not arguments.cache.is_dir():
        raise InputError(f"{arguments.cache} is a file, not a folder.", "", "Name another folder with --cache.")
    return Store(arguments.cache)
