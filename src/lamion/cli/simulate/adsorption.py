"""The energy with which a molecule sits on a cut-out of a metal-porphyrin sheet or of your own, E_b = E_sa - E_s - E_a.

Without --host and --adsorbate the default table is computed: chain lengths, contacts, hosts, spins and engines.
Relaxed structures are kept: a run that was interrupted goes on, and a second one takes seconds.
"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from lamion import atomic
from lamion.cli.output import add_output_arguments, show
from lamion.cli.running import progress_bar
from lamion.cli.simulate.relaxed_store import add_cache_argument, relaxed_store
from lamion.quantities import Answer, InputError

if TYPE_CHECKING:
    from lamion.models.atomistic.energies.hosts import Host
    from lamion.models.atomistic.structure.molecules import Species

_OF_ONE = ("site", "donor", "calculator", "contacts", "multiplicity", "starts", "xyz")
"""What only one host and one molecule can be asked for."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the verb's arguments.

    Parameters
    ----------
    parser : ArgumentParser
        The verb's.
    """
    parser.add_argument(
        "--host", help="paddlewheel, benzoate, carboxylate, porphyrin, sheet, sheet-porphyrin, or FILE.xyz with --site"
    )
    parser.add_argument("--site", metavar="N", type=int, help="the atom of the host's file that the molecule sits on")
    parser.add_argument(
        "--adsorbate", help="dme, glyme, ... tetraglyme, sn, mecn, h2o, co, nh3, li+, tfsi-, dfob-, or FILE.xyz"
    )
    parser.add_argument("--donor", metavar="N", type=int, help="the atom of the adsorbate's file that binds")
    parser.add_argument("--calculator", help="gfn2, gfn1, pbe-d3, or gpaw, espresso, cp2k, vasp where installed [gfn2]")
    parser.add_argument("--contacts", metavar="N", type=int, help="how many hosts the molecule touches [1]")
    parser.add_argument("--multiplicity", metavar="N", type=int, help="of one host [largest spin]")
    parser.add_argument("--starts", metavar="N", type=int, help="how many starts are relaxed [4]")
    parser.add_argument("--xyz", metavar="FILE", type=Path, help="write the complex")
    add_cache_argument(parser)
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
    idle = [f"--{name}" for name in _OF_ONE if getattr(arguments, name) is not None]
    if arguments.host is None and idle:
        raise InputError(f"The default table takes no {', '.join(idle)}.", "", "Give --host and --adsorbate too.")
    answer = _answer(arguments)
    if arguments.xyz is not None:
        _write_complex(answer, arguments.xyz)
    show(answer, arguments)
    return 0


def _answer(arguments: argparse.Namespace) -> Answer:
    from lamion.models.atomistic.energies.adsorption import Search, adsorption_answer
    from lamion.models.atomistic.energies.adsorption_dft import dft_answer
    from lamion.models.atomistic.energies.adsorption_table import table_answer
    from lamion.models.atomistic.energies.dft import DFT_CALCULATORS

    store = relaxed_store(arguments)
    if arguments.host is None:
        with progress_bar() as progress:
            return table_answer(store=store, progress=progress)
    kept = 4 if arguments.starts is None else arguments.starts
    if not 1 <= kept <= 50:
        raise InputError(f"{kept} starts are not 1 to 50.")
    calculator = arguments.calculator or "gfn2"
    contacts = 1 if arguments.contacts is None else arguments.contacts
    compute = dft_answer if calculator in DFT_CALCULATORS else adsorption_answer
    place, guest = _host(arguments), _adsorbate(arguments)
    with progress_bar() as progress:
        return compute(place, guest, Search(calculator, contacts, kept=kept), store=store, progress=progress)


def _host(arguments: argparse.Namespace) -> Host:
    from lamion.formats.xyz import read_molecule
    from lamion.models.atomistic.energies.hosts import host, own_host

    own = arguments.host.lower().endswith(".xyz")
    if own and arguments.site is None:
        raise InputError("A host from a file needs a --site.", "", "Give the number of the atom that is sat on.")
    if not own and arguments.site is not None:
        raise InputError(f"The host {arguments.host} has its own site.", "--site is for a file.", "Leave it away.")
    if not own:
        return host(arguments.host, multiplicity=arguments.multiplicity)
    return own_host(read_molecule(arguments.host), arguments.site - 1, multiplicity=arguments.multiplicity)


def _adsorbate(arguments: argparse.Namespace) -> Species:
    from lamion.formats.xyz import read_molecule
    from lamion.models.atomistic.structure.molecules import own_species, species

    own = arguments.adsorbate.lower().endswith(".xyz")
    if own and arguments.donor is None:
        raise InputError("An adsorbate from a file needs a --donor.", "", "Give the number of the atom that binds.")
    if not own and arguments.donor is not None:
        raise InputError(f"The donors of {arguments.adsorbate} are known.", "--donor is for a file.", "Leave it away.")
    if not own:
        return species(arguments.adsorbate)
    return own_species(read_molecule(arguments.adsorbate), [arguments.donor - 1])


def _write_complex(answer: Answer, path: Path) -> None:
    import numpy as np

    from lamion.formats import xyz
    from lamion.substances.molecule import Molecule

    found = answer.figures["complex"].data["complex"]
    molecule = Molecule(
        "complex", tuple(found["symbols"]), np.array(found["positions"]), found["charge"], found["multiplicity"]
    )
    try:
        atomic.write(path, xyz.to_text(molecule))
    except OSError as error:
        raise InputError(f"{path} cannot be written: {error.strerror}.", "", "Name another file.") from error
