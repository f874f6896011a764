"""Engines of energies and forces by name, all through ASE's interface.

GFN2-xTB and GFN1-xTB come with lamion[atomistic]. GPAW, Quantum ESPRESSO, CP2K and VASP are used where the user has
installed them and told ASE where; lamion sets PBE with D3(BJ) dispersion, charge and spin, and the engine's own
configuration does the rest.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from lamion.quantities import InputError, MissingExtraError
from lamion.substances.molecule import Molecule


@dataclass(frozen=True)
class Engine:
    """An engine as lamion uses it.

    Parameters
    ----------
    name : str
        On the command line.
    method : str
        In words, dispersion included.
    counterpoise : str
        What is done about the superposition of basis sets.
    build : callable
        From a molecule, and whether it is periodic, to an ASE calculator.
    """

    name: str
    method: str
    counterpoise: str
    build: Callable[[Molecule, bool], Any]


def engine(name: str) -> Engine:
    """Return an engine by name.

    Parameters
    ----------
    name : str
        A key of :data:`ENGINES`.

    Raises
    ------
    InputError
        When the name is unknown.

    Examples
    --------
    >>> engine("gfn2").method
    'GFN2-xTB with its own D4 dispersion'
    """
    if name not in ENGINES:
        raise InputError(f"There is no engine '{name}'.", "", f"Known are: {', '.join(ENGINES)}.")
    return ENGINES[name]


def _tblite(method: str) -> Callable[[Molecule, bool], Any]:
    def build(molecule: Molecule, periodic: bool) -> Any:
        try:
            from tblite.ase import TBLite
        except ImportError as error:
            raise MissingExtraError("atomistic", f"{method}") from error
        # A hotter electron gas settles the SCF of the sheet's many close levels.
        return TBLite(
            method=method,
            charge=molecule.charge,
            multiplicity=molecule.multiplicity,
            electronic_temperature=1000.0 if periodic else 300.0,
            max_iterations=500,
            verbosity=0,
        )

    return build


def settings_of(name: str, molecule: Molecule) -> dict[str, Any]:
    """Return the keywords with which ASE's interface to an outside engine is called.

    Parameters
    ----------
    name : str
        ``"gpaw"``, ``"espresso"``, ``"cp2k"`` or ``"vasp"``.
    molecule : Molecule
        For charge and spin.

    Examples
    --------
    >>> import numpy as np
    >>> settings_of("vasp", Molecule("oxygen", ("O", "O"), np.array([[0.0, 0, 0], [0, 0, 1.21]]), 0, 3))["nupdown"]
    2
    """
    unpaired, polarised = molecule.multiplicity - 1, molecule.multiplicity > 1
    if name == "gpaw":
        return {"mode": "fd", "h": 0.18, "xc": "PBE", "charge": molecule.charge, "spinpol": polarised, "txt": None}
    if name == "espresso":
        system = {"input_dft": "PBE", "tot_charge": molecule.charge, "vdw_corr": "grimme-d3", "dftd3_version": 4}
        system |= {"ecutwfc": 60, "ecutrho": 480, "occupations": "smearing", "degauss": 0.002}
        system |= {"nspin": 2, "tot_magnetization": unpaired} if polarised else {"nspin": 1}
        return {"input_data": {"control": {"tprnfor": True}, "system": system}}
    if name == "cp2k":
        dispersion = (
            "&FORCE_EVAL &DFT &XC &VDW_POTENTIAL POTENTIAL_TYPE PAIR_POTENTIAL &PAIR_POTENTIAL TYPE DFTD3(BJ) "
            "REFERENCE_FUNCTIONAL PBE PARAMETER_FILE_NAME dftd3.dat &END &END &END &END &END"
        ).replace(" &", "\n&")
        spin = {"uks": polarised, "multiplicity": molecule.multiplicity}
        return {"xc": "PBE", "charge": molecule.charge, "inp": dispersion, **spin}
    if name == "vasp":
        return {"xc": "pbe", "ivdw": 12, "ispin": 2 if polarised else 1, "nupdown": unpaired, "charge": molecule.charge}
    raise InputError(f"'{name}' is no outside engine that lamion knows.")


def _outside(name: str) -> Callable[[Molecule, bool], Any]:
    def build(molecule: Molecule, periodic: bool) -> Any:
        try:
            from ase.calculators.calculator import BadConfiguration, CalculatorSetupError, get_calculator_class
        except ImportError as error:
            raise MissingExtraError("atomistic", f"The engine {name}") from error
        settings = settings_of(name, molecule)
        # VASP takes a number of electrons, which its potentials know and lamion does not.
        if name == "vasp" and settings.pop("charge"):
            raise InputError("A charged system needs NELECT, which depends on VASP's potentials.")
        try:
            return get_calculator_class(name)(**settings)
        except (BadConfiguration, CalculatorSetupError, ImportError, OSError, RuntimeError, KeyError) as error:
            raise InputError(
                f"The engine {name} cannot be started: {type(error).__name__}: {error}.",
                "It is not installed, or ASE's configuration does not name it.",
                f"Install {name} and describe it in ASE's configuration file, or use gfn2.",
            ) from error

    return build


_PLANE_WAVES = "none: plane waves or a grid have no superposition of basis sets"
ENGINES = {
    engine.name: engine
    for engine in (
        Engine(
            "gfn2",
            "GFN2-xTB with its own D4 dispersion",
            "none: part of the method's fit",
            _tblite("GFN2-xTB"),
        ),
        Engine("gfn1", "GFN1-xTB with its own D3 dispersion", "none: part of the method's fit", _tblite("GFN1-xTB")),
        Engine("gpaw", "PBE with GPAW, without dispersion", _PLANE_WAVES, _outside("gpaw")),
        Engine("espresso", "PBE-D3(BJ) with Quantum ESPRESSO", _PLANE_WAVES, _outside("espresso")),
        Engine("cp2k", "PBE-D3(BJ) with CP2K", "not corrected: Gaussian basis sets", _outside("cp2k")),
        Engine("vasp", "PBE-D3(BJ) with VASP", _PLANE_WAVES, _outside("vasp")),
    )
}
"""The engines that relax structures. Single points of PBE-D3 with PySCF are in
:mod:`lamion.models.atomistic.adsorption_dft`."""
