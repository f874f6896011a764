"""Kramers-Kronig validity of an impedance spectrum: did the cell stay the same while it was measured?

Blocking electrodes (a series capacitor) and inductive leads pass by default. The relations do not see a response that
is not linear: a second spectrum of the cell at a larger amplitude (--amplitude-pair) shows that, and --figure draws
how the two differ.
"""

from __future__ import annotations

import argparse
from dataclasses import replace
from pathlib import Path

from lamion.cli.analyze.spectrum_options import add_spectrum_arguments, frequency_limits
from lamion.cli.output import add_output_arguments, show
from lamion.formats import read
from lamion.quantities import Answer, InputError, Quantity, parse


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the verb's arguments.

    Parameters
    ----------
    parser : ArgumentParser
        The verb's.
    """
    parser.add_argument("file", metavar="FILE", type=Path)
    parser.add_argument("--mu", metavar="X", type=float, default=0.85, help="raise the elements until mu is below")
    parser.add_argument("--no-capacitor", action="store_true", help="allow for no blocking electrodes")
    parser.add_argument("--no-inductance", action="store_true", help="allow for no inductive leads")
    parser.add_argument("--amplitude-pair", metavar="FILE", type=Path, help="the same at a larger amplitude")
    parser.add_argument("--amplitudes", metavar="Q,Q", help='of the two, such as "5 mV, 20 mV"')
    add_spectrum_arguments(parser)
    add_output_arguments(parser)


def run(arguments: argparse.Namespace) -> int:
    """Test the spectrum and show the verdict.

    Parameters
    ----------
    arguments : Namespace
        As declared.
    """
    from lamion.study.measured import about_files, refuse_repeated
    from lamion.techniques.impedance.linearity import linearity
    from lamion.techniques.impedance.validity import validity

    limits = frequency_limits(arguments)
    paths = [path for path in (arguments.file, arguments.amplitude_pair) if path is not None]
    contents = [read(path, columns=arguments.columns) for path in paths]
    refuse_repeated(contents)
    spectra = [content.spectrum(arguments.cycle).within(limits.lowest, limits.highest) for content in contents]
    answer = validity(
        spectra[0],
        mu_limit=arguments.mu,
        capacitor=not arguments.no_capacitor,
        inductance=not arguments.no_inductance,
    )
    if arguments.amplitudes is not None and len(spectra) == 1:
        raise InputError("--amplitudes came without --amplitude-pair.", "", "Give the second spectrum, too.")
    if len(spectra) == 2:
        answer = _with_linearity(answer, linearity(spectra[0], spectra[1], _amplitudes(arguments.amplitudes)))
    show(about_files(answer, contents), arguments)
    return 0


def _amplitudes(text: str | None) -> tuple[Quantity, Quantity] | None:
    if text is None:
        return None
    parts = [part.strip() for part in text.split(",")]
    if len(parts) != 2:
        raise InputError(f"--amplitudes '{text}' cannot be read.", "", "Give two, as in '5 mV, 20 mV'.")
    small, large = (parse(part, None, name="The amplitude") for part in parts)
    return small, large


def _with_linearity(answer: Answer, pair: Answer) -> Answer:
    """Put the comparison of two amplitudes beside the verdict: the residuals' table, the pair's figure."""
    return replace(
        answer,
        results={**answer.results, **pair.results},
        notes={**answer.notes, **pair.notes},
        warnings=(*answer.warnings, *pair.warnings),
        figures={**pair.figures, **answer.figures},
    )
