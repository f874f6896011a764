"""The data block of a CIF that holds a structure: its tags, its columns and its numbers."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from lamion.formats.content import RawFile
from lamion.formats.table import parse_number
from lamion.quantities import FileFormatError, MissingExtraError

if TYPE_CHECKING:
    from gemmi import cif

CELL = tuple(
    f"_cell_{name}" for name in ("length_a", "length_b", "length_c", "angle_alpha", "angle_beta", "angle_gamma")
)
"""The tags of a cell, three lengths and three angles."""

_PLACE = "_atom_site_fract_x"
_WITH_ERROR = re.compile(r"(?P<number>[^()]+)\((?P<error>\d{1,6})\)", re.ASCII)
_PADDED = re.compile(r"[-+]?0\d")
# The name of a space group without the quotes that its blanks need: a whole database is printed so.
_NAME = re.compile(r"^(\s*_(?:symmetry_|space_group_)\S*name\S*\s+)([^'\"#;_\s][^'\"#]*\s[^'\"#]*[^'\"#\s])\s*$", re.I)
_LONGEST_NAME = 120
_ANYTHING_ELSE = "Export the structure again as an ordinary CIF of the core dictionary."


@dataclass(frozen=True)
class Printed:
    """A number as it is printed.

    Parameters
    ----------
    value : float
        The number.
    step : float
        What its last printed digit stands for.
    slack : float
        By how much it may be off: half a step, or three of its standard uncertainties where it has one.
    """

    value: float
    step: float
    slack: float


@dataclass(frozen=True, eq=False)
class DataBlock:
    """A data block; upper and lower case are one, and so are ``_cell_length_a`` and ``_cell.length_a``.

    Parameters
    ----------
    file : str
        The file's name, for messages.
    name : str
        What stands behind ``data_``.
    tags : Mapping of str to tuple of (str or None)
        Tag in lower case to its values without quotes, one for a tag outside a loop; None for ``?`` and ``.``.
    """

    file: str
    name: str
    tags: Mapping[str, tuple[str | None, ...]]

    def text(self, *tags: str) -> str | None:
        """Return the one value of the first tag that has one; None when none has.

        Parameters
        ----------
        *tags : str
            In lower case.

        Raises
        ------
        FileFormatError
            When it has several.
        """
        for tag in tags:
            values = [value for value in self.tags.get(tag, ()) if value is not None]
            if len(values) > 1:
                raise self.refused(f"one value for {tag}", f"{len(values)}", "Keep the one that is meant.")
            if values:
                return values[0]
        return None

    def number(self, *tags: str) -> Printed | None:
        """Return the number of the first tag that has a value; None when none has.

        Parameters
        ----------
        *tags : str
            In lower case.

        Raises
        ------
        FileFormatError
            When it is none.
        """
        for tag in tags:
            text = self.text(tag)
            if text is not None:
                return self.parsed(tag, text)
        return None

    def parsed(self, tag: str, text: str | None) -> Printed:
        """Read a number such as ``4.594(1)``.

        Parameters
        ----------
        tag : str
            Where it stands, for the message.
        text : str or None
            The value.

        Raises
        ------
        FileFormatError
            When it is none.
        """
        match = _WITH_ERROR.fullmatch(text or "")
        bare = match["number"] if match else text or ""
        parsed = None if _PADDED.match(bare) else parse_number(bare)
        if parsed is None:
            found = "none (? or .)" if text is None else repr(text[:40])
            raise self.refused(f"a number for {tag}", found, "Mend it if you know it; else export the file again.")
        step = 10.0 ** parsed[1]
        return Printed(parsed[0], step, max(0.5 * step, 3.0 * int(match["error"]) * step if match else 0.0))

    def column(self, tag: str, rows: int) -> tuple[str | None, ...]:
        """Return a column of the list of sites, one value a site; all None when the file has no such column.

        Parameters
        ----------
        tag : str
            In lower case.
        rows : int
            How many sites there are.

        Raises
        ------
        FileFormatError
            When it has another length.
        """
        values = self.tags.get(tag, (None,) * rows)
        if len(values) != rows:
            raise self.refused(f"{rows} values for {tag}, one a site", f"{len(values)}", _ANYTHING_ELSE)
        return values

    def refused(self, expected: str, found: str, remedy: str, where: str = "") -> FileFormatError:
        """Return the error for this file.

        Parameters
        ----------
        expected, found, remedy, where : str
            As for :class:`~lamion.quantities.FileFormatError`.
        """
        return FileFormatError(self.file, where, expected, found, remedy)


def structure_block(raw: RawFile) -> DataBlock:
    """Return the one block of a CIF that lists sites.

    Parameters
    ----------
    raw : RawFile
        The file.

    Raises
    ------
    FileFormatError
        When it is no CIF, none of its blocks lists sites, or several do.
    MissingExtraError
        Without gemmi.
    """
    blocks = [block for block in _blocks(raw) if any(tag.startswith("_atom_site_") for tag in block.tags)]
    placed = [block for block in blocks if any(block.tags.get(_PLACE, ()))]
    if len(placed) == 1:
        return placed[0]
    if len(placed) > 1:
        names = ", ".join(block.name for block in placed[:5])
        raise placed[0].refused(
            "one structure", f"{len(placed)}, the data blocks {names}", "Put the one that is meant into its own file."
        )
    if any("_atom_site_cartn_x" in block.tags for block in blocks):
        raise blocks[0].refused(
            "places as fractions of the cell (_atom_site_fract_x)",
            "places in angstrom alone",
            "Export the structure with fractional coordinates.",
        )
    raise FileFormatError(
        raw.name,
        "",
        "a list of atoms (_atom_site_fract_x)",
        "none",
        "It may hold reflections or a pattern only, or be cut: name the file with the structure.",
    )


def _blocks(raw: RawFile) -> list[DataBlock]:
    try:
        from gemmi import cif
    except ImportError as error:
        raise MissingExtraError("atomistic", "Reading a CIF") from error
    lines = [line.text for line in raw.text.lines]
    text = "\n".join(_NAME.sub(r"\1'\2'", line) if len(line) < _LONGEST_NAME else line for line in lines) + "\n"
    try:
        document = cif.read_string(text, 0)
    except (RuntimeError, ValueError) as error:
        where = re.search(r":(\d+)", str(error))
        said = re.sub(r"^string[\d:()]*(?: in)? ?", "", str(error))[:80]
        quoting = "texts with blanks need quotes"
        if "unterminated" in said:
            quoting = "a closing quote must be followed by a blank or the line's end"
        raise FileFormatError(
            raw.name,
            f"line {where[1]}" if where else "",
            "the syntax of a CIF",
            f"something else ({said})",
            f"Mend the line ({quoting}), or fetch the file again if it was cut.",
        ) from error
    return [DataBlock(raw.name, block.name, _tags(raw, block)) for block in document]


def _tags(raw: RawFile, block: cif.Block) -> dict[str, tuple[str | None, ...]]:
    """Gather a block's values, a tag with a dot and the same with an underscore as one."""
    tags: dict[str, tuple[str | None, ...]] = {}
    for item in block:
        where = f"line {item.line_number}"
        for name, values in _columns(item).items():
            tag = name.lower().replace(".", "_")
            if "" in values:
                raise FileFormatError(
                    raw.name,
                    where,
                    f"a value for {name}",
                    "none",
                    "Write ? for an unknown one, or fetch the file again.",
                )
            found = tuple(_plain(value) for value in values)
            known = tags.get(tag, found)
            if found != known and any(found) and any(known):
                raise FileFormatError(
                    raw.name, where, f"{name} once", "it twice with different values", "Keep the one that is meant."
                )
            tags[tag] = found if any(found) else known
    return tags


def _columns(item: cif.Item) -> dict[str, list[str]]:
    """Return the values of one item by tag, as printed."""
    if item.loop is not None:
        names, values = [str(name) for name in item.loop.tags], [str(value) for value in item.loop.values]
        # A tag that stands twice in one loop gets the values of both, and thereby another length than its neighbours.
        columns: dict[str, list[str]] = {name: [] for name in names}
        for place, name in enumerate(names):
            columns[name] += values[place :: len(names)]
        return columns
    pair: Any = item.pair
    return {} if pair is None else {str(pair[0]): [str(pair[1])]}


def _plain(value: str) -> str | None:
    """Take the quotes off; None for an unknown, inapplicable or empty value."""
    from gemmi import cif

    return None if cif.is_null(value) else cif.as_string(value).strip() or None
