"""The works that lamion's methods rest on, by the keys under which tasks cite them."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from types import MappingProxyType
from typing import Any

from lamion.quantities.errors import InputError

DOI = re.compile(r"10\.\d{4,9}/[^\s\"',;]*[^\s\"',;.]")
"""What a DOI looks like, within any text."""


@dataclass(frozen=True)
class Reference:
    """A work, as far as it is known here.

    Parameters
    ----------
    key : str
        What a task writes in ``cites``.
    authors : tuple of str
        The last is ``"others"`` where they are not all named.
    title, journal, volume, page, publisher : str
        Empty where not known; a title stands where a book has one.
    year : int or None
        Of publication.
    edited : bool
        Whether the authors are editors.
    doi : str
        Without a prefix; empty where there is none.

    Examples
    --------
    >>> print(reference("evans1987"))
    J. Evans, C. A. Vincent, P. G. Bruce, Polymer 28 (1987) 2324, doi:10.1016/0032-3861(87)90394-6
    """

    key: str
    authors: tuple[str, ...] = ()
    title: str = ""
    journal: str = ""
    volume: str = ""
    page: str = ""
    publisher: str = ""
    year: int | None = None
    edited: bool = False
    doi: str = ""

    @property
    def text(self) -> str:
        """The work in one line, without its DOI."""
        authors = ", ".join(self.authors).replace(", others", " et al.") + (" (ed.)" if self.edited else "")
        if not self.journal:
            year = "" if self.year is None else f"{self.publisher} {self.year}".strip()
            return ", ".join(filter(None, (authors, self.title, year)))
        return f"{authors}, {self.journal} {self.volume}".rstrip() + f" ({self.year}) {self.page}".rstrip()

    @property
    def url(self) -> str:
        """Where its DOI leads; empty without one."""
        return f"https://doi.org/{self.doi}" if self.doi else ""

    def __str__(self) -> str:
        return ", ".join(filter(None, (self.text, f"doi:{self.doi}" if self.doi else "")))

    def bibtex(self) -> str:
        """Return it as an entry of a BibTeX file."""
        kind = "article" if self.journal else "book" if self.title else "misc"
        fields = {
            "editor" if self.edited else "author": " and ".join(self.authors),
            "title": self.title,
            "journal": self.journal,
            "volume": self.volume,
            "pages": self.page,
            "publisher": self.publisher,
            "year": "" if self.year is None else str(self.year),
            "doi": self.doi,
        }
        return entry(kind, self.key, fields)

    def to_json(self) -> dict[str, Any]:
        """Return what is known of it, and the line that says it."""
        known = {name: getattr(self, name) for name in ("title", "journal", "volume", "page", "publisher", "year")}
        listed = {name: item for name, item in known.items() if item}
        return {"key": self.key, "authors": list(self.authors), **listed, "doi": self.doi or None, "text": str(self)}


def entry(kind: str, key: str, fields: Mapping[str, str]) -> str:
    """Write an entry of a BibTeX file, without the fields that are empty.

    Parameters
    ----------
    kind, key : str
        Such as ``"article"`` and ``"evans1987"``.
    fields : Mapping of str to str
        As they are read.
    """
    lines = [f"  {name} = {{{_escaped(item)}}}," for name, item in fields.items() if item]
    return "\n".join([f"@{kind}{{{key},", *lines, "}"])


def _escaped(text: str) -> str:
    """Write a text so that TeX shows it; a DOI's underscores and a text's percent signs are the usual trouble."""
    return re.sub(r"([%&#_$])", r"\\\1", re.sub(r"[{}]", "", text))


@lru_cache(maxsize=1)
def references() -> Mapping[str, Reference]:
    """Return every reference by its key."""
    text = files("lamion").joinpath("references.toml").read_text(encoding="utf-8")
    tables = tomllib.loads(text)
    return MappingProxyType({key: _of(key, table) for key, table in tables.items()})


def _of(key: str, table: Mapping[str, Any]) -> Reference:
    return Reference(key, **{**table, "authors": tuple(table["authors"])})


def reference(key: str) -> Reference:
    """Return a reference by its key, or a work of which only the DOI is known, as plug-ins cite them.

    Raises
    ------
    InputError
        When the key is neither.

    Examples
    --------
    >>> print(reference("10.1000/182"))
    doi:10.1000/182
    """
    found = references().get(key)
    if found is None and DOI.fullmatch(key):
        return Reference(key, doi=key)
    if found is None:
        raise InputError(f"There is no reference '{key}'.", "", "Cite a key of lamion's references.toml, or a DOI.")
    return found
