"""Engines of energies and forces by name, all through ASE's interface.

GFN2-xTB and GFN1-xTB come with lamion[atomistic]; the others are the user's own, see
:mod:`lamion.models.atomistic.energies.outside_engines`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lamion.models.atomistic.energies.outside_engines import calculator
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
        From a molecule, whether it is periodic, and a folder to work in, to an ASE calculator.
    outside : bool
        Whether it is a program of the user's.
    """

    name: str
    method: str
    counterpoise: str
    build: Callable[[Molecule, bool, Path], Any]
    outside: bool = False


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
        raise InputError(
            f"There is no engine '{name}'.", "", f"Known are: {', '.join(ENGINES)}; for adsorption also pbe-d3."
        )
    return ENGINES[name]


def _tblite(method: str) -> Callable[[Molecule, bool, Path], Any]:
    def build(molecule: Molecule, periodic: bool, _: Path) -> Any:
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
        Engine("gpaw", "PBE with GPAW, without dispersion", _PLANE_WAVES, calculator("gpaw"), outside=True),
        Engine("espresso", "PBE-D3(BJ) with Quantum ESPRESSO", _PLANE_WAVES, calculator("espresso"), outside=True),
        Engine("cp2k", "PBE-D3(BJ) with CP2K", "not corrected: Gaussian basis sets", calculator("cp2k"), outside=True),
        Engine("vasp", "PBE-D3(BJ) with VASP", _PLANE_WAVES, calculator("vasp"), outside=True),
    )
}
"""The engines that relax structures. Single points of PBE-D3 with PySCF are in
:mod:`lamion.models.atomistic.energies.adsorption_dft`."""
