"""Values with uncertainty, unit and source; properties and their ranges; constants; errors; an answer's shape."""

from lamion.quantities.answer import Answer
from lamion.quantities.errors import FileFormatError, InputError, MissingExtraError
from lamion.quantities.figure import FigureData
from lamion.quantities.level import LEVEL
from lamion.quantities.parsing import parse, parse_positive
from lamion.quantities.quantity import Quantity, propagate

__all__ = [
    "Answer",
    "FigureData",
    "FileFormatError",
    "InputError",
    "LEVEL",
    "MissingExtraError",
    "Quantity",
    "parse",
    "parse_positive",
    "propagate",
]
