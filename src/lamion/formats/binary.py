"""Bytes to numbers, within the file: what lies beyond its end is a refusal with its byte."""

from __future__ import annotations

import struct
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lamion.formats.spectrometer import COPY_AGAIN
from lamion.quantities import FileFormatError

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Bytes:
    """A file's content.

    Parameters
    ----------
    file : str
        Its name, for messages.
    content : bytes
        All of it.
    """

    file: str
    content: bytes

    def unpack(self, form: str, place: int, what: str) -> tuple[Any, ...]:
        """Return the values at a byte.

        Parameters
        ----------
        form : str
            As :mod:`struct` writes it.
        place : int
            The first byte.
        what : str
            What should stand there, for messages.
        """
        self.require(place, struct.calcsize(form), what)
        return struct.unpack_from(form, self.content, place)

    def numbers(self, dtype: str, place: int, count: int, what: str) -> Array:
        """Return an array of numbers from a byte on."""
        self.require(place, np.dtype(dtype).itemsize * count, what)
        with np.errstate(invalid="ignore"):  # damaged bytes can be a number that signals
            return np.frombuffer(self.content, dtype, count, place).astype(np.float64)

    def text(self, place: int, length: int, what: str) -> str:
        """Return the printable text in some bytes, up to the first zero, in one line."""
        self.require(place, length, what)
        said = self.content[place : place + length].partition(b"\x00")[0].decode("latin-1")
        return " ".join("".join(letter if letter.isprintable() else " " for letter in said).split())

    def require(self, place: int, length: int, what: str) -> None:
        """Refuse what begins or ends outside of the file."""
        if place < 0 or length < 0 or place + length > len(self.content):
            found = f"a file of {len(self.content)} bytes"
            raise self.refused(place, f"{what} in {length} bytes", found)

    def refused(self, place: int, expected: str, found: str) -> FileFormatError:
        """Return the error of a damaged file."""
        return FileFormatError(self.file, f"byte {place}", expected, found, COPY_AGAIN)
