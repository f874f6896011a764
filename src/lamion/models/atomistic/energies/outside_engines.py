"""GPAW, Quantum ESPRESSO, CP2K and VASP through ASE, where the user has installed them and told ASE where.

lamion sets PBE with D3(BJ) dispersion, charge, spin, and a box round what is not periodic; pseudopotentials, commands
and parallel runs are those of ASE's configuration file. The engines work in a folder that is removed afterwards.
"""

from __future__ import annotations

import math
import re
import shlex
import shutil
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lamion import hashing
from lamion.quantities import InputError
from lamion.substances.elements import ATOMIC_NUMBERS
from lamion.substances.molecule import Molecule

Array = NDArray[np.float64]

_TAIL = 5.0
"""Angstrom around a molecule that its electrons reach."""
_CP2K = """
&FORCE_EVAL
  &DFT
%s    &SCF
      EPS_SCF 1.0E-6
      &OT
        MINIMIZER DIIS
        PRECONDITIONER FULL_SINGLE_INVERSE
      &END
      &OUTER_SCF
        EPS_SCF 1.0E-6
        MAX_SCF 10
      &END
    &END
    &XC
      &VDW_POTENTIAL
        POTENTIAL_TYPE PAIR_POTENTIAL
        &PAIR_POTENTIAL
          TYPE DFTD3(BJ)
          REFERENCE_FUNCTIONAL PBE
          PARAMETER_FILE_NAME dftd3.dat
        &END
      &END
    &END
  &END
&END
"""
_ALONE = """    &POISSON
      PERIODIC NONE
      POISSON_SOLVER WAVELET
    &END
"""


def settings_of(name: str, molecule: Molecule, periodic: bool = False) -> dict[str, Any]:
    """Return the keywords with which ASE's interface to an outside engine is called.

    Parameters
    ----------
    name : str
        ``"gpaw"``, ``"espresso"``, ``"cp2k"`` or ``"vasp"``.
    molecule : Molecule
        For charge and spin.
    periodic : bool
        Whether it fills a cell; otherwise its images are kept from feeling each other.

    Raises
    ------
    InputError
        When the name is unknown, or the engine cannot take a charge.

    Examples
    --------
    >>> settings_of("vasp", Molecule("oxygen", ("O", "O"), np.array([[0.0, 0, 0], [0, 0, 1.21]]), 0, 3))["nupdown"]
    2
    """
    unpaired, polarised = molecule.multiplicity - 1, molecule.multiplicity > 1
    if name == "gpaw":
        spin = {"spinpol": polarised, "occupations": {"name": "fermi-dirac", "width": 0.02, "fixmagmom": polarised}}
        return {"mode": "fd", "h": 0.18, "xc": "PBE", "charge": molecule.charge, "txt": None, **spin}
    if name == "espresso":
        system = {"tot_charge": molecule.charge, "vdw_corr": "grimme-d3", "dftd3_version": 4}
        system |= {"ecutwfc": 60, "ecutrho": 480, "occupations": "smearing", "degauss": 0.002}
        system |= {"nspin": 2, "tot_magnetization": unpaired} if polarised else {"nspin": 1}
        system |= {} if periodic else {"assume_isolated": "mt"}
        return {"input_data": {"control": {"tprnfor": True}, "system": system}}
    if name == "cp2k":
        spin = {"uks": polarised, "multiplicity": molecule.multiplicity}
        fixed = {"xc": "PBE", "stress_tensor": False, "poisson_solver": None}
        return {**fixed, **spin, "charge": molecule.charge, "inp": _CP2K % ("" if periodic else _ALONE)}
    if name == "vasp":
        if molecule.charge:
            raise InputError("A charged system needs NELECT, which depends on VASP's potentials.", "", "Use cp2k.")
        return {"xc": "pbe", "ivdw": 12, "ispin": 2 if polarised else 1, "nupdown": unpaired, "encut": 520}
    raise InputError(f"'{name}' is no outside engine that lamion knows.")


def calculator(name: str) -> Callable[[Molecule, bool, Path], Any]:
    """Return what makes an outside engine's calculator from a molecule, whether it is periodic, and a folder.

    Parameters
    ----------
    name : str
        As in :func:`settings_of`.
    """

    def build(molecule: Molecule, periodic: bool, folder: Path) -> Any:
        from ase.calculators.calculator import get_calculator_class

        settings = settings_of(name, molecule, periodic)
        if name == "espresso":
            settings |= {"pseudopotentials": _pseudopotentials(molecule), "directory": str(folder)}
        if name == "cp2k":
            settings |= {"command": _cp2k_command(), "label": str(folder / "cp2k")}
        if name == "vasp":
            settings |= {"directory": str(folder)}
        return get_calculator_class(name)(**settings)

    return build


def identity(name: str, molecule: Molecule, periodic: bool) -> dict[str, Any]:
    """Return what an outside engine's energies depend on, as far as it is known without asking the engine.

    Parameters
    ----------
    name : str
        As in :func:`settings_of`.
    molecule : Molecule
        With its charge and spin.
    periodic : bool
        Whether it fills a cell.

    Returns
    -------
    dict
        The settings, and the content of Quantum ESPRESSO's pseudopotentials. The engine's version is not in it.
    """
    known = settings_of(name, molecule, periodic)
    if name == "espresso":
        folder = _pseudopotential_folder()
        chosen = _pseudopotentials(molecule) if folder is not None and folder.is_dir() else {}
        known["pseudopotentials"] = {
            s: hashing.of_bytes((folder / f).read_bytes()) for s, f in chosen.items() if folder
        }
    return known


def not_started(name: str, error: Exception) -> InputError:
    """Return the error of an engine that is not there.

    Parameters
    ----------
    name : str
        As in :func:`settings_of`.
    error : Exception
        What it or ASE said.
    """
    return InputError(
        f"The engine {name} cannot be started: {type(error).__name__}: {error}.",
        "It is not installed, ASE's configuration does not name it, or it cannot take this structure.",
        f"Install {name} and describe it in ASE's configuration file, or use gfn2.",
    )


def _cp2k_command() -> str:
    """Return CP2K's command; ASE itself starts a missing one and waits."""
    from ase.config import cfg

    command: str = cfg.parser.get("cp2k", "cp2k_shell", fallback="cp2k.psmp -s")
    if shutil.which(shlex.split(command)[0]) is None:
        raise FileNotFoundError(f"there is no command '{command}'")
    return command


def _pseudopotential_folder() -> Path | None:
    from ase.config import cfg

    named = cfg.parser.get("espresso", "pseudo_dir", fallback=None)
    return None if named is None else Path(named)


def _pseudopotentials(molecule: Molecule) -> dict[str, str]:
    folder = _pseudopotential_folder()
    if folder is None:
        raise FileNotFoundError("ASE's configuration names no pseudo_dir")
    return choose_pseudopotentials(molecule.symbols, [file.name for file in folder.iterdir()], str(folder))


def choose_pseudopotentials(symbols: Iterable[str], names: Iterable[str], folder: str) -> dict[str, str]:
    """Return each element's pseudopotential.

    Parameters
    ----------
    symbols : iterable of str
        Elements.
    names : iterable of str
        The folder's files: ``Cu.pbe-kjpaw.UPF``, ``cu_pbe_v1.2.uspp.F.UPF`` and the like.
    folder : str
        For the message.

    Returns
    -------
    dict of str to str
        The name by element.

    Raises
    ------
    InputError
        When an element has none, or more than one, for nothing tells which is meant.

    Examples
    --------
    >>> choose_pseudopotentials(["C", "Cu"], ["C.pbe.UPF", "Cu.pbe.UPF"], "pseudo")
    {'C': 'C.pbe.UPF', 'Cu': 'Cu.pbe.UPF'}
    """
    listed, chosen = sorted(names), {}
    for symbol in sorted(set(symbols)):
        fitting = [name for name in listed if re.match(rf"{symbol}[._-].*upf$", name, re.IGNORECASE)]
        if len(fitting) != 1:
            raise InputError(
                f"The folder {folder} has {len(fitting)} pseudopotentials of {symbol}"
                + (f": {', '.join(fitting[:4])}." if fitting else "."),
                "Quantum ESPRESSO takes one for each element, made for PBE.",
                "Name a folder with one .UPF file for each element as pseudo_dir in ASE's configuration file.",
            )
        chosen[symbol] = fitting[0]
    return chosen


def prepare(name: str, atoms: Any, molecule: Molecule) -> None:
    """Give ASE's atoms what outside engines ask for: unpaired electrons on the heaviest element, a box without a cell.

    The box is cubic, and twice as long as molecule and electrons together, as solvers for isolated charges demand; that
    of CP2K's wavelets need not be.

    Parameters
    ----------
    name : str
        As in :func:`settings_of`.
    atoms : ase.Atoms
        Changed in place.
    molecule : Molecule
        The same, for its spin.
    """
    heaviest = max(molecule.symbols, key=lambda symbol: ATOMIC_NUMBERS[symbol])
    bearing = np.array([symbol == heaviest for symbol in molecule.symbols])
    atoms.set_initial_magnetic_moments(bearing * (molecule.multiplicity - 1) / bearing.sum())
    if not atoms.pbc.any():
        longest = float(np.ptp(molecule.positions, axis=0).max())
        edge = longest + 2 * _TAIL if name == "cp2k" else 2 * (longest + _TAIL)
        atoms.set_cell(np.eye(3) * math.ceil(edge))
        atoms.center()
        # VASP knows periodic cells alone.
        atoms.pbc = name == "vasp"


def check_converged(name: str, calculator: Any, folder: Path) -> None:
    """Refuse an SCF that an engine reports as unconverged without stopping.

    Parameters
    ----------
    name : str
        As in :func:`settings_of`.
    calculator : ase Calculator
        After it computed.
    folder : Path
        Where it worked.

    Raises
    ------
    RuntimeError
        When it did not converge.
    """
    output = folder / "cp2k.out"
    loose = name == "cp2k" and "SCF run NOT converged" in output.read_text(errors="replace")
    if loose or (name == "vasp" and not calculator.converged):
        raise RuntimeError("the SCF did not converge")
