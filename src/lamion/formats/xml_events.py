"""XML as it comes, bounded: no document types, so many elements and so deep, whatever file it stands in."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from xml.parsers import expat

from lamion.quantities import FileFormatError

_MOST_ELEMENTS = 5_000_000
_DEEPEST = 200
Damaged = Callable[[str, str], FileFormatError]
"""Makes the error of a part from what was expected and what was found."""


def parse(
    pieces: Iterable[bytes],
    damaged: Damaged,
    start: Callable[[str, Mapping[str, str]], None],
    end: Callable[[str], None] | None = None,
    text: Callable[[str], None] | None = None,
    encoding: str | None = None,
) -> None:
    """Tell the elements of a document, by their names without a prefix, as they come.

    Parameters
    ----------
    pieces : iterable of bytes
        The document.
    damaged : callable
        Makes the error of one that is.
    start, end, text : callable
        Told of each element's beginning with its attributes, of its end, of texts.
    encoding : str, optional
        Whatever the document declares.

    Raises
    ------
    FileFormatError
        When it is damaged, declares entities, or holds more than any measurement does.
    """
    parser = expat.ParserCreate(encoding)
    parser.buffer_text = True
    seen = [0, 0]

    def begin(name: str, attributes: Mapping[str, str]) -> None:
        seen[0], seen[1] = seen[0] + 1, seen[1] + 1
        if seen[0] > _MOST_ELEMENTS or seen[1] > _DEEPEST:
            raise damaged("the elements of a measurement", "too many elements or too deep ones")
        start(name.rpartition(":")[2], attributes)

    def finish(name: str) -> None:
        seen[1] -= 1
        if end is not None:
            end(name.rpartition(":")[2])

    def entities(*_: object) -> None:
        raise damaged("XML without a document type", "one that could declare entities")

    parser.StartElementHandler, parser.EndElementHandler = begin, finish
    parser.StartDoctypeDeclHandler = entities
    if text is not None:
        parser.CharacterDataHandler = text
    try:
        for piece in pieces:
            parser.Parse(piece, False)
        parser.Parse(b"", True)
    except expat.ExpatError as error:
        raise damaged("well-formed XML", f"an error in line {error.lineno}") from error
    except (ValueError, LookupError) as error:  # an encoding that expat does not know
        raise damaged("XML in an encoding that is known", "another") from error


@dataclass
class Ends:
    """Tells each element when it ends, with all that it is.

    Parameters
    ----------
    told : callable
        Given the names of the element and those around it, from the outermost, its attributes and its own text.
    """

    told: Callable[[tuple[str, ...], Mapping[str, str], str], None]
    _path: list[str] = field(default_factory=list)
    _open: list[tuple[Mapping[str, str], list[str]]] = field(default_factory=list)

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        """Note that an element begins."""
        self._path.append(name)
        self._open.append((dict(attributes), []))

    def text(self, piece: str) -> None:
        """Note a text."""
        if self._open:
            self._open[-1][1].append(piece)

    def end(self, _: str) -> None:
        """Note that the element ends."""
        attributes, pieces = self._open.pop()
        self.told(tuple(self._path), attributes, "".join(pieces).strip())
        self._path.pop()
