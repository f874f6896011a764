"""Build and stack a metal-porphyrin sheet.

From bond lengths; clashes between the layers are looked for. The stack can be written as CIF or XYZ.
"""

from __future__ import annotations

from dataclasses import replace

from lamion.formats import cif, xyz
from lamion.models.atomistic.structure.stacked_sheet import stacked_sheet
from lamion.models.atomistic.structure.stacking import stack
from lamion.quantities import Answer
from lamion.substances.crystal import Crystal
from lamion.substances.elements import ATOMIC_NUMBERS
from lamion.substances.molecule import Molecule
from lamion.tasks.declaring import Result, task
from lamion.tasks.options.sheet import SheetOptions


@task(
    results={
        "lattice": Result("angstrom", "the square cell's edge", headline=True),
        "strain": Result("1", "of the sheet in that cell", headline=True),
        "layer_thickness": Result("angstrom", "of one sheet", headline=True),
        "closest_contact": Result("angstrom", "between atoms of neighbouring layers", headline=True),
        "overlap": Result("angstrom", "of their van der Waals spheres"),
        "density": Result("g/cm3", "of the empty framework"),
    },
    evidence="geometry",
    example="--node Cu --centre Cu",
    cites=("allen1987",),
    extra="atomistic",
    files={
        "cif": "write the crystal",
        "xyz": "write the atoms of one cell and its lattice, as extended XYZ",
    },
)
def sheet(stacked: SheetOptions) -> Answer:
    """Build the stack."""
    built, stacking = stacked.sheet(), stacked.stacked()
    crystal = stack(built, stacking)
    files = {"cif": cif.cif_text(crystal).encode(), "xyz": _xyz(crystal).encode()}
    return replace(stacked_sheet(built, stacking), files=files)


def _xyz(crystal: Crystal) -> str:
    odd = sum(ATOMIC_NUMBERS[symbol] for symbol in crystal.symbols) % 2
    return xyz.xyz_text(Molecule(crystal.name, crystal.symbols, crystal.positions, 0, 1 + odd), crystal.cell)
