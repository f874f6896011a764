"""Current fraction of a Li|Li cell after Evans, Vincent and Bruce.

Either from files: --bias, --dc (current against time), --before and --after (impedance); or from numbers:
--bias, --i0, --is, --r0, --rs. The resistances are those of the interfaces, both electrodes together, not of
the electrolyte.

With --conductivity, --diffusivity, --concentration, --temperature and --thermodynamic-factor the current fraction is
also read with concentrated-solution theory, which gives the transference number.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from lamion.cli.output import add_output_arguments, show
from lamion.formats import read
from lamion.quantities import Answer, InputError, Quantity, parse_positive
from lamion.study.measured import CONCENTRATED_SOLUTION, transference_answer, with_concentrated_solution

_NUMBERS = {
    "i0": ("A", "A/m2", "the initial current"),
    "is": ("A", "A/m2", "the steady current"),
    "r0": ("ohm", "ohm m2", "the interfaces' resistance before"),
    "rs": ("ohm", "ohm m2", "the interfaces' resistance at steady state"),
}
_FILES = ("dc", "before", "after")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the verb's arguments.

    Parameters
    ----------
    parser : ArgumentParser
        The verb's.
    """
    parser.add_argument("--bias", metavar="Q", required=True, help='the voltage applied, such as "10 mV"')
    parser.add_argument("--dc", metavar="FILE", type=Path, help="current against time")
    parser.add_argument("--before", metavar="FILE", type=Path, help="impedance before the polarisation")
    parser.add_argument("--after", metavar="FILE", type=Path, help="impedance at its end")
    for name, (_, _, text) in _NUMBERS.items():
        parser.add_argument(f"--{name}", metavar="Q", help=text)
    for name in CONCENTRATED_SOLUTION:
        parser.add_argument(f"--{name.replace('_', '-')}", metavar="Q", help="of the electrolyte; see above")
    add_output_arguments(parser)


def run(arguments: argparse.Namespace) -> int:
    """Find the current fraction and show it.

    Parameters
    ----------
    arguments : Namespace
        As declared.
    """
    bias = parse_positive(arguments.bias, "V", name="The bias")
    files = [name for name in _FILES if getattr(arguments, name) is not None]
    numbers = [name for name in _NUMBERS if getattr(arguments, name) is not None]
    solution = _solution(arguments)
    if len(files) == len(_FILES) and not numbers:
        answer = _from_files(bias, arguments)
    elif len(numbers) == len(_NUMBERS) and not files:
        answer = _from_numbers(bias, arguments)
    else:
        given = ", ".join(f"--{name}" for name in (*files, *numbers)) or "nothing else"
        raise InputError(
            f"Besides the bias, {given} was given.",
            "Three files are needed, or four numbers.",
            "Give --dc, --before and --after, or --i0, --is, --r0 and --rs.",
        )
    show(answer if solution is None else with_concentrated_solution(answer, **solution), arguments)
    return 0


def _solution(arguments: argparse.Namespace) -> dict[str, Quantity] | None:
    given = {name: getattr(arguments, name) for name in CONCENTRATED_SOLUTION if getattr(arguments, name) is not None}
    if not given:
        return None
    missing = [name.replace("_", "-") for name in CONCENTRATED_SOLUTION if name not in given]
    if missing:
        raise InputError(f"Concentrated-solution theory also needs --{missing[0]}.", "", "Give all five, or none.")
    return {name: parse_positive(text, CONCENTRATED_SOLUTION[name], name=f"--{name}") for name, text in given.items()}


def _from_files(bias: Quantity, arguments: argparse.Namespace) -> Answer:
    return transference_answer(*(read(getattr(arguments, name)) for name in _FILES), bias=bias)


def _from_numbers(bias: Quantity, arguments: argparse.Namespace) -> Answer:
    from lamion.techniques.conduction.transference import transference_from_numbers

    return transference_from_numbers(bias, *(_number(name, getattr(arguments, name)) for name in _NUMBERS))


def _number(name: str, text: str) -> Quantity:
    """Read a current or a current density, a resistance or an area-specific one."""
    plain, specific, _ = _NUMBERS[name]
    try:
        return parse_positive(text, specific, name=f"--{name}")
    except InputError:
        return parse_positive(text, plain, name=f"--{name}")
