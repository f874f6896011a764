"""Single points of density-functional theory with PySCF: PBE with density fitting and D3(BJ) dispersion."""

from __future__ import annotations

import warnings
from dataclasses import asdict, dataclass
from typing import Any

from lamion.models.atomistic.energies.kept_keys import DECIMALS, kept_places, key_of
from lamion.quantities import Answer, InputError, MissingExtraError, Quantity
from lamion.quantities.constants import BOHR, HARTREE
from lamion.store import Store
from lamion.substances.molecule import Molecule

DFT_CALCULATORS = ("pbe-d3",)
"""The names of what this module computes, for single points."""

_CONVERGED = 1e-7
"""Hartree; a three-hundredth of the meV that is printed."""


@dataclass(frozen=True)
class DftSettings:
    """What is computed.

    Parameters
    ----------
    functional : str
        As PySCF and DFT-D3 name it.
    basis : str
        As PySCF names it.
    dispersion : bool
        Whether D3(BJ) is added.
    cycles : int
        SCF cycles allowed before it is called unconverged.
    """

    functional: str = "pbe"
    basis: str = "def2-svp"
    dispersion: bool = True
    cycles: int = 150


@dataclass(frozen=True)
class DftEnergy:
    """A single point.

    Parameters
    ----------
    electronic : float
        Of the functional, eV.
    dispersion : float
        D3(BJ), eV; zero where it was not asked for.
    spin_square : float
        The expectation value of S2.
    """

    electronic: float
    dispersion: float
    spin_square: float

    @property
    def total(self) -> float:
        """Both together, eV."""
        return self.electronic + self.dispersion


def single_point(
    molecule: Molecule,
    settings: DftSettings | None = None,
    *,
    ghosts: Molecule | None = None,
    store: Store | None = None,
) -> DftEnergy:
    """Compute the energy of a molecule as it stands.

    Parameters
    ----------
    molecule : Molecule
        Its atoms, charge and multiplicity.
    settings : DftSettings, optional
        By default PBE-D3(BJ)/def2-SVP.
    ghosts : Molecule, optional
        Atoms that only lend their basis functions, for a counterpoise correction.
    store : Store, optional
        Consulted first, and given what was found.

    Returns
    -------
    DftEnergy

    Raises
    ------
    MissingExtraError
        Without PySCF and DFT-D3.
    InputError
        When the SCF does not converge, or the functional or basis is unknown.

    Notes
    -----
    A molecule of multiplicity 1 is closed-shell; an open-shell singlet is not looked for.

    References
    ----------
    J. P. Perdew, K. Burke, M. Ernzerhof, Phys. Rev. Lett. 77 (1996) 3865, doi:10.1103/PhysRevLett.77.3865; S. Grimme
    et al., J. Comput. Chem. 32 (2011) 1456, doi:10.1002/jcc.21759; Q. Sun et al., J. Chem. Phys. 153 (2020) 024109,
    doi:10.1063/5.0006074.

    Examples
    --------
    >>> single_point(molecule).total  # doctest: +SKIP
    -2076.9
    """
    settings = settings or DftSettings()
    key = _key(molecule, settings, ghosts)
    kept = None if store is None else store.get(key)
    if kept is not None:
        return _from_answer(kept)
    found = _computed(molecule, settings, ghosts)
    if store is not None:
        store.put(key, _to_answer(found))
    return found


def _computed(molecule: Molecule, settings: DftSettings, ghosts: Molecule | None) -> DftEnergy:
    field = _field(molecule, settings, ghosts)
    energy = float(field.kernel()) * HARTREE
    if not field.converged:
        raise InputError(
            f"The SCF of {molecule.name} did not converge in {settings.cycles} cycles.",
            "A wrong charge or multiplicity or a strange geometry are the usual causes.",
            "Check them.",
        )
    spin = float(field.spin_square()[0]) if molecule.multiplicity > 1 else 0.0
    return DftEnergy(round(energy, DECIMALS), round(_dispersion(molecule, settings), DECIMALS), round(spin, 4))


def _field(molecule: Molecule, settings: DftSettings, ghosts: Molecule | None) -> Any:
    try:
        from pyscf import dft, gto
    except ImportError as error:
        raise MissingExtraError("dft", "Density-functional theory") from error
    atoms = list(zip(molecule.symbols, molecule.positions.tolist(), strict=True))
    if ghosts is not None:
        atoms += [
            (f"ghost-{symbol}", place) for symbol, place in zip(ghosts.symbols, ghosts.positions.tolist(), strict=True)
        ]
    spin = molecule.multiplicity - 1
    try:
        with warnings.catch_warnings():
            # PySCF advises on packages before it says that a basis is unknown.
            warnings.simplefilter("ignore", UserWarning)
            built = gto.M(atom=atoms, basis=settings.basis, charge=molecule.charge, spin=spin, verbose=0)
        field = (dft.RKS(built) if spin == 0 else dft.UKS(built)).density_fit()
        field.xc = settings.functional
        dft.libxc.parse_xc(settings.functional)
    except (KeyError, RuntimeError, ValueError) as error:
        raise InputError(f"{molecule.name} cannot be computed with {settings}: {error}.") from error
    field.max_cycle = settings.cycles
    field.conv_tol = _CONVERGED
    # Superposed atomic potentials bring copper's d shell near its place from the start.
    field.init_guess = "vsap"
    return field


def _dispersion(molecule: Molecule, settings: DftSettings) -> float:
    if not settings.dispersion:
        return 0.0
    try:
        from dftd3.interface import DispersionModel, RationalDampingParam
    except ImportError as error:
        raise MissingExtraError("dft", "Dispersion") from error
    import numpy as np

    from lamion.substances.elements import ATOMIC_NUMBERS

    numbers = np.array([ATOMIC_NUMBERS[symbol] for symbol in molecule.symbols])
    model = DispersionModel(numbers, molecule.positions / BOHR)
    found = model.get_dispersion(RationalDampingParam(method=settings.functional), grad=False)
    return float(found["energy"]) * HARTREE


def _key(molecule: Molecule, settings: DftSettings, ghosts: Molecule | None) -> str:
    lent = None if ghosts is None else [list(ghosts.symbols), kept_places(ghosts.positions)]
    options = {"settings": asdict(settings), "converged": _CONVERGED, "ghosts": lent}
    return key_of(molecule, options, ("pyscf", "dftd3"))


def _to_answer(found: DftEnergy) -> Answer:
    return Answer(
        {
            "electronic": Quantity(found.electronic, None, "eV"),
            "dispersion": Quantity(found.dispersion, None, "eV"),
            "spin_square": Quantity(found.spin_square, None, "1"),
        }
    )


def _from_answer(kept: Answer) -> DftEnergy:
    return DftEnergy(*(kept.results[name].value for name in ("electronic", "dispersion", "spin_square")))
