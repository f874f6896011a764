"""Bytes to numbered lines, whatever the encoding and the line ends."""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass

from lamion.quantities import FileFormatError

_BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_LINE_END = re.compile(r"\r\n|\r|\n")
_NOT_IN_TEXT = re.compile(r"[\x00-\x08\x0b\x0e-\x1f\x7f\ufffe\uffff]")


@dataclass(frozen=True)
class Line:
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
    lines : tuple of Line
        Every line, blank ones included.
    terminated : bool
        Whether the last line that is not blank has a line end. A file that was cut mostly has none.
    encoding : str
        Python's name of the encoding.
    """

    file: str
    lines: tuple[Line, ...]
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
    lines = tuple(Line(number, piece) for number, piece in enumerate(pieces, start=1))
    return Text(file, lines, terminated, encoding)


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
