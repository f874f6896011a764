"""File to record, one file per instrument or exchange format; `reading.py` registers them, in the order asked."""

from lamion.formats.content import FileContent, RawFile
from lamion.formats.loading import load
from lamion.formats.reading import read, read_raw

__all__ = ["FileContent", "RawFile", "load", "read", "read_raw"]
