"""Fit an equivalent circuit to impedance spectra, without a guess.

Several files are a series that one circuit describes: the results are the means, the series (--csv) has a row for
each. Without --circuit the best of a family is chosen by AICc, and the notes say why: circuits of cells between
lithium or other reversible electrodes (cell), or between blocking ones (blocking).
"""

from __future__ import annotations

import argparse
import csv
import io
import math
from pathlib import Path

from lamion.cli.analyze.spectrum_options import add_spectrum_arguments, frequency_limits
from lamion.cli.output import add_output_arguments, show, write_file
from lamion.cli.running import progress_bar
from lamion.formats import read
from lamion.quantities import Answer, InputError, Quantity, parse, parse_positive
from lamion.study.measured import about_files, refuse_repeated


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the verb's arguments.

    Parameters
    ----------
    parser : ArgumentParser
        The verb's.
    """
    parser.add_argument("files", metavar="FILE", type=Path, nargs="+")
    parser.add_argument("--circuit", metavar="C", help='such as "R0-p(R1,CPE1)-CPE2" or "R(RQ)Q"')
    parser.add_argument("--family", choices=("cell", "blocking"), default="cell", help="to choose from")
    parser.add_argument("--weighting", choices=("modulus", "proportional", "unit"), default="modulus")
    parser.add_argument("--robust", action="store_true", help="weigh outliers down")
    parser.add_argument("--fix", metavar="NAME=X", action="append", default=[], help="hold a parameter, in SI")
    parser.add_argument("--share", metavar="NAME", action="append", default=[], help="one value for all spectra")
    parser.add_argument("--series", choices=("temperature", "time", "soc"), help="what changes from file to file")
    parser.add_argument("--at", metavar="Q,Q,...", help='its value for each file, such as "25 degC, 35 degC"')
    parser.add_argument("--area", metavar="Q", help="of one electrode: area-specific values")
    parser.add_argument("--fitted", metavar="FILE", type=Path, help="write all data and fitted curves as CSV")
    add_spectrum_arguments(parser)
    add_output_arguments(parser)


def run(arguments: argparse.Namespace) -> int:
    """Fit the circuit and show its parameters.

    Parameters
    ----------
    arguments : Namespace
        As declared.
    """
    from lamion.techniques.impedance.circuit_answer import impedance_answer
    from lamion.techniques.impedance.families import BLOCKING_FAMILY, CELL_FAMILY
    from lamion.techniques.impedance.series import series_answer

    limits = frequency_limits(arguments)
    contents = [read(path, columns=arguments.columns) for path in arguments.files]
    refuse_repeated(contents)
    with progress_bar() as progress:
        answer = impedance_answer(
            [content.spectrum(arguments.cycle) for content in contents],
            arguments.circuit or {"cell": CELL_FAMILY, "blocking": BLOCKING_FAMILY}[arguments.family],
            weighting=arguments.weighting,
            loss="robust" if arguments.robust else "linear",
            fixed=dict(_fixed(item) for item in arguments.fix),
            shared=arguments.share,
            lowest=limits.lowest,
            highest=limits.highest,
            area=None if arguments.area is None else parse_positive(arguments.area, "m2", name="The area"),
            in_order=arguments.series is not None,
            progress=progress,
        )
    if arguments.series is not None:
        answer = series_answer(answer, arguments.series, _places(arguments))
    if arguments.fitted is not None:
        write_file(arguments.fitted, _curves(answer).encode())
    show(about_files(answer, contents), arguments)
    return 0


def _curves(answer: Answer) -> str:
    """Return the data and the fit of every spectrum as one table."""
    titles = ("Frequency / Hz", "Real Impedance / ohm", "Imaginary Impedance / ohm")
    header = ["File", *titles, "Fitted Real Impedance / ohm", "Fitted Imaginary Impedance / ohm"]
    table = io.StringIO()
    rows = csv.writer(table, lineterminator="\n")
    rows.writerow(header)
    for curve in answer.figures["nyquist"].data["spectra"]:
        columns = (curve[name] for name in ("frequency", "re", "im", "fit_re", "fit_im"))
        rows.writerows([curve["label"], *map(repr, row)] for row in zip(*columns, strict=True))
    return table.getvalue()


def _places(arguments: argparse.Namespace) -> list[Quantity]:
    from lamion.techniques.impedance.series import UNITS

    texts = [text.strip() for text in (arguments.at or "").split(",") if text.strip()]
    return [parse(text, UNITS[arguments.series], name=f"The {arguments.series}") for text in texts]


def _fixed(item: str) -> tuple[str, float]:
    name, equals, text = item.partition("=")
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not equals or not name or not math.isfinite(value):
        raise InputError(f"--fix '{item}' cannot be read.", "", "Write it like 'R0=10' or 'CPE1.n=0.9', in SI.")
    return name.strip(), value
