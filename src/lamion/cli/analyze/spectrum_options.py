"""What every verb that reads spectra takes: limits of frequency, the cycle, the columns."""

from __future__ import annotations

import argparse
import math
from dataclasses import dataclass

from lamion.quantities import parse_positive


@dataclass(frozen=True)
class FrequencyLimits:
    """The range of frequencies to use, both ends included.

    Parameters
    ----------
    lowest, highest : float
        Hz; 0 and infinity where none was given.
    """

    lowest: float
    highest: float


def add_spectrum_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare ``--fmin``, ``--fmax``, ``--cycle`` and ``--columns``.

    Parameters
    ----------
    parser : ArgumentParser
        The verb's.
    """
    parser.add_argument("--fmin", metavar="Q", help="leave out lower frequencies")
    parser.add_argument("--fmax", metavar="Q", help="leave out higher frequencies")
    parser.add_argument("--cycle", metavar="N", type=int, help="of a file that holds several")
    parser.add_argument("--columns", metavar="SPEC", help='what the columns are, as in "f=1,re=2,im=-3"')


def frequency_limits(arguments: argparse.Namespace) -> FrequencyLimits:
    """Read ``--fmin`` and ``--fmax``.

    Parameters
    ----------
    arguments : Namespace
        As declared by :func:`add_spectrum_arguments`.

    Raises
    ------
    InputError
        When one of them is not a frequency larger than zero.
    """
    return FrequencyLimits(
        0.0 if arguments.fmin is None else parse_positive(arguments.fmin, "Hz", name="--fmin").si,
        math.inf if arguments.fmax is None else parse_positive(arguments.fmax, "Hz", name="--fmax").si,
    )
