"""Errors that a user can mend, each told as one paragraph: what happened, the likely cause, what to do."""

from __future__ import annotations

import os


class InputError(Exception):
    """Something in the user's input cannot be used.

    Parameters
    ----------
    happened : str
        What happened, a whole sentence.
    cause : str
        The likely cause, a whole sentence; empty when the first sentence already says it.
    remedy : str
        What to do, a whole sentence.

    Examples
    --------
    >>> print(InputError("The thickness is negative.", "", "Give a positive length."))
    The thickness is negative. Give a positive length.
    """

    def __init__(self, happened: str, cause: str = "", remedy: str = "") -> None:
        self.happened = happened
        self.cause = cause
        self.remedy = remedy
        self.noticed: tuple[str, ...] = ()
        """What was noticed before of the files that led to it, whole sentences: it may be the true cause."""
        super().__init__(happened, cause, remedy)

    def __str__(self) -> str:
        noticed = f"Noticed while reading: {' '.join(self.noticed)}" if self.noticed else ""
        return " ".join(part for part in (self.happened, self.cause, self.remedy, noticed) if part)


class FileFormatError(InputError):
    """A file that cannot be read as what it seems to be.

    Parameters
    ----------
    file : str
        The file's name.
    where : str
        The place, such as ``"line 12"`` or ``"byte 512"``; empty for the file as a whole.
    expected, found : str
        What should stand there and what does.
    remedy : str
        What to do, a whole sentence.

    Examples
    --------
    >>> print(FileFormatError("a.mpt", "line 3", "a number", "'abc'", "Export the file again."))
    The file a.mpt, line 3: expected a number, found 'abc'. Export the file again.
    """

    def __init__(self, file: str, where: str, expected: str, found: str, remedy: str) -> None:
        self.file = file
        self.where = where
        self.expected = expected
        self.found = found
        place = f"The file {file}, {where}" if where else f"The file {file}"
        super().__init__(f"{place}: expected {expected}, found {found}.", "", remedy)
        self.args = (file, where, expected, found, remedy)


class MissingExtraError(InputError):
    """An optional part of lamion is not installed.

    Parameters
    ----------
    extra : str
        The extra's name, as in ``lamion[cells]``.
    purpose : str
        What needs it, such as ``"Simulating a cell"``.

    Examples
    --------
    >>> print(MissingExtraError("cells", "Simulating a cell"))
    Simulating a cell needs an optional part that is not installed. Install it with: pip install "lamion[cells]"
    """

    def __init__(self, extra: str, purpose: str) -> None:
        super().__init__(
            f"{purpose} needs an optional part that is not installed.",
            "",
            f'Install it with: pip install "lamion[{extra}]"',
        )
        self.args = (extra, purpose)


MENDABLE = (ArithmeticError, ValueError, MemoryError, RecursionError, OSError)
"""What a user's input can lead to wherever it is computed; anything else is a defect and keeps its traceback."""


def as_input_error(error: Exception) -> InputError:
    """Return one of :data:`MENDABLE` in the words of an :class:`InputError`.

    Parameters
    ----------
    error : Exception
        Of arithmetic, memory, recursion or the system.

    Examples
    --------
    >>> print(as_input_error(ZeroDivisionError("division by zero")))
    The computation failed (ZeroDivisionError: division by zero). A value far outside the usual range is the ...
    """
    if isinstance(error, MemoryError):
        return InputError(
            "The computation needs more memory than there is.", "The input is very large.", "Give less at once."
        )
    if isinstance(error, RecursionError):
        return InputError("The input is nested too deeply.", "", "Write it more plainly.")
    if isinstance(error, OSError):
        place = f"'{os.fsdecode(error.filename)}'" if isinstance(error.filename, str | bytes) else "The output"
        return InputError(
            f"{place} cannot be used: {error.strerror or error}.",
            "The disk may be full, or its permissions may not allow it.",
            "Mend that, or name another place.",
        )
    return InputError(
        f"The computation failed ({type(error).__name__}: {error}).",
        "A value far outside the usual range is the likely cause.",
        "Check the numbers and their units.",
    )
