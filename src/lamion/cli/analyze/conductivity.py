"""Ionic conductivity from the impedance of blocking cells, such as steel|electrolyte|steel.

Several files are several cells of one electrolyte: their scatter is reported beside the fit's own uncertainty.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from lamion.cli.analyze.spectrum_options import add_spectrum_arguments, frequency_limits
from lamion.cli.output import add_output_arguments, show
from lamion.formats import read
from lamion.quantities import parse, parse_positive


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the verb's arguments.

    Parameters
    ----------
    parser : ArgumentParser
        The verb's.
    """
    parser.add_argument("files", metavar="FILE", type=Path, nargs="+")
    parser.add_argument("--thickness", metavar="Q", required=True, help='of the electrolyte, such as "9 ± 0.3 um"')
    parser.add_argument("--area", metavar="Q", required=True, help='of one electrode, such as "2.01 cm2"')
    parser.add_argument("--temperature", metavar="Q", help='at which it was measured, such as "25 degC"')
    parser.add_argument("--short", metavar="FILE", type=Path, help="spectrum of the shorted cell, for the leads")
    add_spectrum_arguments(parser)
    add_output_arguments(parser)


def run(arguments: argparse.Namespace) -> int:
    """Analyse the spectra and show the conductivity.

    Parameters
    ----------
    arguments : Namespace
        As declared.
    """
    from lamion.study.measured import about_files, refuse_repeated
    from lamion.techniques.conduction.conductivity import conductivity

    thickness = parse_positive(arguments.thickness, "m", name="The thickness")
    area = parse_positive(arguments.area, "m2", name="The area")
    temperature = None if arguments.temperature is None else parse(arguments.temperature, "K", name="The temperature")
    limits = frequency_limits(arguments)
    contents = [read(path, columns=arguments.columns) for path in arguments.files]
    refuse_repeated(contents)
    short = None if arguments.short is None else read(arguments.short, columns=arguments.columns)
    answer = conductivity(
        [content.spectrum(arguments.cycle) for content in contents],
        thickness,
        area,
        temperature=temperature,
        fmin=limits.lowest,
        fmax=limits.highest,
        short=None if short is None else short.spectrum(),
    )
    show(about_files(answer, contents if short is None else [*contents, short]), arguments)
    return 0
