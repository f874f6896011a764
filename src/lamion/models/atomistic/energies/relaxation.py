"""Relax a structure, or compute it as it stands; keep what is found; refuse what fell apart."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from subprocess import SubprocessError
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lamion.models.atomistic.energies import outside_engines
from lamion.models.atomistic.energies.calculators import engine
from lamion.models.atomistic.energies.kept_keys import DECIMALS, kept_places, key_of
from lamion.models.atomistic.energies.shipped_structures import SAME_ENERGY, ShippedStructure, ShippedStructures
from lamion.models.atomistic.structure.bonding import changed_bonds
from lamion.quantities import Answer, InputError, MissingExtraError, Quantity
from lamion.store import Store
from lamion.substances.molecule import Molecule

Array = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Relaxed:
    """A structure with its energy.

    Parameters
    ----------
    molecule : Molecule
        Where the atoms came to rest.
    energy : float
        eV.
    steps : int
        Of the relaxation.
    """

    molecule: Molecule
    energy: float
    steps: int


@dataclass(frozen=True)
class RelaxationSettings:
    """How structures are relaxed.

    Parameters
    ----------
    calculator : str
        An engine's name.
    force : float
        The largest force that may remain, eV/angstrom.
    steps : int
        The most steps; 0 computes the structure as it stands.
    """

    calculator: str = "gfn2"
    force: float = 0.02
    steps: int = 600


def relax(
    molecule: Molecule,
    settings: RelaxationSettings | None = None,
    *,
    parts: Sequence[int] = (),
    fixed: int = 0,
    cell: Array | None = None,
    store: Store | None = None,
) -> Relaxed:
    """Relax a structure.

    Parameters
    ----------
    molecule : Molecule
        Atoms, charge, multiplicity.
    settings : RelaxationSettings, optional
        The engine and when to stop.
    parts : sequence of int
        The sizes of the parts whose contacts with each other may open and close, in order.
    fixed : int
        How many of the first atoms stay where they are.
    cell : array, shape (3, 3), optional
        Of a periodic structure, angstrom.
    store : Store, optional
        Consulted first, and given what was found; of :class:`~.shipped_structures.ShippedStructures` the relaxation
        begins with theirs.

    Returns
    -------
    Relaxed

    Raises
    ------
    InputError
        When the SCF or the relaxation does not converge, or a bond of the structure breaks or forms.
    MissingExtraError
        Without ASE or the engine.

    Examples
    --------
    >>> from lamion.models.atomistic.structure.molecules import species
    >>> water = relax(species("h2o").conformers[0])
    >>> round(water.energy, 1)
    -138.0
    """
    settings = settings or RelaxationSettings()
    key = "" if store is None else _key(molecule, settings, fixed, cell)
    kept = None if store is None else store.get(key)
    found = _rested(molecule, settings, fixed, cell, store) if kept is None else _from_answer(molecule, kept)
    change = changed_bonds(molecule, found.molecule, parts)
    if change:
        raise InputError(
            f"{molecule.name} fell apart while it was relaxed: {change}.",
            "The charge, the multiplicity or the start is not that of a stable structure.",
            "Check them.",
        )
    if store is not None and kept is None:
        store.put(key, _to_answer(found))
    return found


def _rested(
    molecule: Molecule, settings: RelaxationSettings, fixed: int, cell: Array | None, store: Store | None
) -> Relaxed:
    """Relax a structure from the shipped one, if that has its energy with this engine, or else from the start."""
    if not isinstance(store, ShippedStructures) or not settings.steps or len(molecule) < 2:
        return _relaxed(molecule, settings, fixed, cell)
    key = _start_key(molecule, settings, fixed, cell)
    begin = store.begin(key)
    if begin is not None and begin.positions.shape == molecule.positions.shape:
        found = _relaxed(replace(molecule, positions=begin.positions), settings, fixed, cell)
        if abs(found.energy - begin.energy) < SAME_ENERGY:
            store.checked += 1
            return replace(found, molecule=replace(molecule, positions=found.molecule.positions))
    found = _relaxed(molecule, settings, fixed, cell)
    store.afresh[key] = ShippedStructure(found.molecule.positions, found.energy)
    return found


def _start_key(molecule: Molecule, settings: RelaxationSettings, fixed: int, cell: Array | None) -> str:
    """Return the hash of a relaxation's start, whatever the engine's version: what is shipped is checked."""
    options = {
        "settings": [settings.calculator, settings.force, settings.steps],
        "fixed": fixed,
        "cell": None if cell is None else kept_places(cell),
    }
    return key_of(molecule, options, ())


def _relaxed(molecule: Molecule, settings: RelaxationSettings, fixed: int, cell: Array | None) -> Relaxed:
    try:
        from ase import Atoms
        from ase.calculators.calculator import BadConfiguration, CalculatorError, CalculatorSetupError
        from ase.constraints import FixAtoms
    except ImportError as error:
        raise MissingExtraError("atomistic", "Relaxing a structure") from error
    used = engine(settings.calculator)
    atoms = Atoms(list(molecule.symbols), molecule.positions, cell=cell, pbc=cell is not None)
    if used.outside:
        outside_engines.prepare(settings.calculator, atoms, molecule)
    moved = atoms.positions[0] - molecule.positions[0]
    if fixed:
        atoms.set_constraint(FixAtoms(range(fixed)))
    with TemporaryDirectory(prefix="lamion-") as folder:
        try:
            atoms.calc = used.build(molecule, cell is not None, Path(folder))
            steps = _rest(atoms, molecule, settings) if settings.steps and len(molecule) > 1 else 0
            energy = float(atoms.get_potential_energy())
            if used.outside:
                outside_engines.check_converged(settings.calculator, atoms.calc, Path(folder))
        except (BadConfiguration, CalculatorSetupError, ImportError, OSError, KeyError) as error:
            raise outside_engines.not_started(settings.calculator, error) from error
        except (CalculatorError, ArithmeticError, RuntimeError, SubprocessError) as error:
            raise InputError(
                f"{settings.calculator} failed for {molecule.name} with charge {molecule.charge} and multiplicity "
                f"{molecule.multiplicity}: {str(error).strip()[:120]}.",
                "A wrong charge or multiplicity or a strange geometry keeps the SCF from converging.",
                "Check them, or try another engine.",
            ) from error
    if not np.isfinite(energy):
        raise InputError(f"{settings.calculator} returned no finite energy for {molecule.name}.")
    rested = replace(molecule, positions=np.round(atoms.positions - moved, DECIMALS))
    return Relaxed(rested, round(energy, DECIMALS), steps)


def _rest(atoms: Any, molecule: Molecule, settings: RelaxationSettings) -> int:
    """Move the atoms to rest and return the number of steps."""
    from ase.optimize import LBFGS

    optimiser = LBFGS(atoms, logfile=os.devnull, maxstep=0.1)
    if not optimiser.run(fmax=settings.force, steps=settings.steps):
        raise InputError(
            f"The relaxation of {molecule.name} did not converge in {settings.steps} steps.",
            "The start may be far from any minimum.",
            "Start from another geometry, or allow a larger remaining force.",
        )
    return int(optimiser.nsteps)


def _key(molecule: Molecule, settings: RelaxationSettings, fixed: int, cell: Array | None) -> str:
    options: dict[str, Any] = {
        "settings": [settings.calculator, settings.force, settings.steps],
        "fixed": fixed,
        "cell": None if cell is None else kept_places(cell),
    }
    if engine(settings.calculator).outside:
        options["outside"] = outside_engines.identity(settings.calculator, molecule, cell is not None)
    return key_of(molecule, options, ("ase", "tblite"))


def _to_answer(found: Relaxed) -> Answer:
    places: dict[str, Any] = {"positions": found.molecule.positions.tolist(), "steps": found.steps}
    return Answer({"energy": Quantity(found.energy, None, "eV")}, notes=places)


def _from_answer(molecule: Molecule, kept: Answer) -> Relaxed:
    rested = replace(molecule, positions=np.array(kept.notes["positions"]))
    return Relaxed(rested, kept.results["energy"].value, int(kept.notes["steps"]))
