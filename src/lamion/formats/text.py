"""Bytes to numbered lines, whatever the encoding and the line ends."""

from __future__ import annotations

import codecs
import itertools
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from lamion.quantities import FileFormatError

_BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_LINE_END = re.compile(r"\r\n|\r|\n")
_CONTROL = bytes([*range(9), 0x0B, *range(0x0E, 0x20), 0x7F])
_NOT_IN_TEXT = re.compile(r"[\x00-\x08\x0b\x0e-\x1f\x7f\ufffe\uffff]")


@dataclass(frozen=True)
class TextLine:
    """One line without its line end.

    Parameters
    ----------
    number : int
        Counted from 1.
    text : str
        As decoded.
    """

    number: int
    text: str


@dataclass(frozen=True)
class Text:
    """A decoded text file.

    Parameters
    ----------
    file : str
        The file's name, for messages.
    lines : tuple of TextLine
        Every line, blank ones included.
    terminated : bool
        Whether the last line that is not blank has a line end. A file that was cut mostly has none.
    encoding : str
        Python's name of the encoding.
    """

    file: str
    lines: tuple[TextLine, ...]
    terminated: bool
    encoding: str

    def line(self, number: int) -> str:
        """Return the text of a line, empty beyond the end.

        Parameters
        ----------
        number : int
            Counted from 1.
        """
        return self.lines[number - 1].text if 1 <= number <= len(self.lines) else ""


def decode(file: str, content: bytes) -> Text:
    r"""Decode a text file and split it into lines.

    UTF-8 and UTF-16 are told by their byte order mark; without one UTF-8 is tried, then Windows-1252, then
    Latin-1, which many instruments write.

    Parameters
    ----------
    file : str
        The file's name, for messages.
    content : bytes
        The whole file.

    Returns
    -------
    Text

    Raises
    ------
    FileFormatError
        When the bytes are no text.

    Examples
    --------
    >>> text = decode("a.txt", b"freq/Hz\r\n1.0")
    >>> [line.text for line in text.lines], text.terminated
    (['freq/Hz', '1.0'], False)
    """
    decoded, encoding = _decoded(file, content)
    control = _NOT_IN_TEXT.search(decoded)
    if control is not None:
        raise _not_text(
            file, len(decoded[: control.start()].encode(encoding)), f"the control character {ord(control[0]):#04x}"
        )
    pieces = _LINE_END.split(decoded)
    terminated = not pieces[-1].strip()
    if not pieces[-1]:
        pieces.pop()
    lines = tuple(TextLine(number, piece) for number, piece in enumerate(pieces, start=1))
    return Text(file, lines, terminated, encoding)


@dataclass(frozen=True)
class Block:
    r"""Whole lines that follow each other.

    Parameters
    ----------
    first : int
        The number of the first line, counted from 1.
    text : str
        The lines, with ``\n`` between them and none behind the last.
    terminated : bool
        Whether the last of them has a line end.
    """

    first: int
    text: str
    terminated: bool


def blocks(file: str, pieces: Callable[[], Iterable[bytes]], start: int = 1) -> Iterator[Block]:
    """Decode a text file of any size, some lines at a time; as :func:`decode` would.

    Parameters
    ----------
    file : str
        The file's name, for messages.
    pieces : callable
        Returns the content, piece by piece, from its first byte.
    start : int
        The number of the first line to yield.

    Yields
    ------
    Block

    Raises
    ------
    FileFormatError
        When the bytes are no text.
    """
    encoding = _encoding(pieces)
    decoder = codecs.getincrementaldecoder(encoding)()
    rest, number, byte = "", 1, 0
    for piece in itertools.chain(pieces(), [b""]):
        try:
            text = rest + decoder.decode(piece, final=not piece)
        except UnicodeDecodeError as error:
            raise _not_text(file, byte + error.start, f"bytes that are no {encoding}") from error
        _check_text(file, piece, text, byte - len(rest), encoding)
        byte += len(piece)
        held = "\r" if piece and text.endswith("\r") else ""
        if "\r" in text:
            text = text.removesuffix(held).replace("\r\n", "\n").replace("\r", "\n")
        if not piece and not text:
            return
        end = text.rfind("\n") if piece else len(text)
        if end < 0:
            rest = text + held
            continue
        body, rest = text[:end], text[end + 1 :] + held
        whole = bool(piece) or body.endswith("\n")
        body = body if piece else body.removesuffix("\n")
        count = body.count("\n") + 1
        skipped = max(0, min(count, start - number))
        if skipped < count:
            kept = body if not skipped else body.split("\n", skipped)[skipped]
            yield Block(number + skipped, kept, terminated=whole)
        number += count


def _encoding(pieces: Callable[[], Iterable[bytes]]) -> str:
    for piece in pieces():
        for mark, encoding in _BYTE_ORDER_MARKS:
            if piece.startswith(mark):
                return encoding
        break
    for encoding in ("utf-8", "cp1252"):
        decoder = codecs.getincrementaldecoder(encoding)()
        try:
            for piece in pieces():
                if not piece.isascii() or decoder.getstate()[0]:
                    decoder.decode(piece)
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            continue
        return encoding
    return "latin-1"


def _check_text(file: str, piece: bytes, text: str, byte: int, encoding: str) -> None:
    if encoding != "utf-16" and text.isascii() and len(piece.translate(None, _CONTROL)) == len(piece):
        return
    control = _NOT_IN_TEXT.search(text)
    if control is not None:
        place = len(text[: control.start()].encode(encoding, "replace"))
        raise _not_text(file, byte + place, f"the control character {ord(control[0]):#04x}")


def _decoded(file: str, content: bytes) -> tuple[str, str]:
    for mark, encoding in _BYTE_ORDER_MARKS:
        if content.startswith(mark):
            try:
                return content.decode(encoding), encoding
            except UnicodeDecodeError as error:
                raise _not_text(file, error.start, f"bytes that are no {encoding}") from error
    for encoding in ("utf-8", "cp1252"):
        try:
            return content.decode(encoding), encoding
        except UnicodeDecodeError:
            continue
    return content.decode("latin-1"), "latin-1"


def _not_text(file: str, byte: int, found: str) -> FileFormatError:
    return FileFormatError(
        file,
        f"byte {byte}",
        "text",
        found,
        "It is a binary file of a kind that lamion does not read yet, or it was damaged on its way: export "
        "the measurement as text from the instrument's own program, or copy the file again.",
    )
