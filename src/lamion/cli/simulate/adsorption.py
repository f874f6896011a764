"""The energy with which a molecule sits on a cut-out of a metal-porphyrin sheet, E_b = E_sa - E_s - E_a.

Without --host and --adsorbate the default table is computed: chain lengths, contacts, hosts, spins and engines.
Relaxed structures are kept: a run that was interrupted goes on, and a second one takes seconds.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from lamion import atomic
from lamion.cli.output import add_output_arguments, show
from lamion.cli.running import progress_bar
from lamion.quantities import Answer, InputError


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the verb's arguments.

    Parameters
    ----------
    parser : ArgumentParser
        The verb's.
    """
    parser.add_argument("--host", help="paddlewheel, benzoate, porphyrin or sheet")
    parser.add_argument("--adsorbate", help="dme, glyme, diglyme, triglyme, tetraglyme, sn, mecn, h2o, co, nh3, ...")
    parser.add_argument(
        "--calculator", default="gfn2", help="gfn2, gfn1, pbe-d3, or gpaw, espresso, cp2k, vasp where installed [gfn2]"
    )
    parser.add_argument("--contacts", type=int, default=1, help="how many hosts the molecule touches [1]")
    parser.add_argument("--multiplicity", type=int, help="of one host [largest spin]")
    parser.add_argument("--starts", type=int, default=4, help="how many starts are relaxed [4]")
    parser.add_argument("--xyz", metavar="FILE", type=Path, help="write the complex")
    parser.add_argument(
        "--cache", metavar="DIR", type=Path, default=Path(".lamion") / "relaxed", help="[.lamion/relaxed]"
    )
    add_output_arguments(parser)


def run(arguments: argparse.Namespace) -> int:
    """Search and show the binding energy, or the table.

    Parameters
    ----------
    arguments : Namespace
        As declared.
    """
    if (arguments.host is None) != (arguments.adsorbate is None):
        raise InputError("A host and an adsorbate go together.", "", "Give both, or neither for the default table.")
    if not 1 <= arguments.starts <= 50:
        raise InputError(f"{arguments.starts} starts are not 1 to 50.")
    answer = _answer(arguments)
    if arguments.xyz is not None:
        _write_complex(answer, arguments.xyz)
    show(answer, arguments)
    return 0


def _answer(arguments: argparse.Namespace) -> Answer:
    from lamion.models.atomistic.adsorption import Search, adsorption_answer
    from lamion.models.atomistic.adsorption_dft import dft_answer
    from lamion.models.atomistic.adsorption_table import table_answer
    from lamion.models.atomistic.dft import DFT_CALCULATORS
    from lamion.study.store import Store

    store = Store(arguments.cache)
    with progress_bar() as progress:
        if arguments.host is None:
            return table_answer(store=store, progress=progress)
        search = Search(arguments.calculator, arguments.contacts, arguments.multiplicity, kept=arguments.starts)
        compute = dft_answer if arguments.calculator in DFT_CALCULATORS else adsorption_answer
        return compute(arguments.host, arguments.adsorbate, search, store=store, progress=progress)


def _write_complex(answer: Answer, path: Path) -> None:
    import numpy as np

    from lamion.formats import xyz
    from lamion.substances.molecule import Molecule

    if "complex" not in answer.figures:
        raise InputError("There is no single complex to write.", "", "Leave --xyz away, or give host and adsorbate.")
    found = answer.figures["complex"].data["complex"]
    molecule = Molecule(
        "complex", tuple(found["symbols"]), np.array(found["positions"]), found["charge"], found["multiplicity"]
    )
    try:
        atomic.write(path, xyz.to_text(molecule))
    except OSError as error:
        raise InputError(f"{path} cannot be written: {error.strerror}.", "", "Name another file.") from error
