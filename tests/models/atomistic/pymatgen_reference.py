"""Make pymatgen_reference.json: pymatgen's powder pattern of the slipped stack, for comparison.

pymatgen brings forty packages along, so it is no dependency of the tests. In an environment with pymatgen and lamion:

    python tests/models/atomistic/pymatgen_reference.py > tests/models/atomistic/pymatgen_reference.json
"""

import json
import sys
from importlib.metadata import version

from lamion.models.atomistic.structure.sheet import sheet
from lamion.models.atomistic.structure.stacking import slipped, stack

WAVELENGTH = 1.54184


def main() -> None:
    from pymatgen.analysis.diffraction.xrd import XRDCalculator
    from pymatgen.core import Lattice, Structure

    crystal = stack(sheet(lattice=16.70), slipped(4.64, (0.5, 0.3)))
    structure = Structure(Lattice(crystal.cell), list(crystal.symbols), crystal.fractions)
    found = XRDCalculator(wavelength=WAVELENGTH).get_pattern(structure, two_theta_range=(3, 40))
    peaks = [[round(float(x), 4), round(float(y), 4)] for x, y in zip(found.x, found.y, strict=True) if y > 0.5]
    json.dump({"pymatgen": version("pymatgen-core"), "wavelength": WAVELENGTH, "peaks": peaks}, sys.stdout, indent=1)


if __name__ == "__main__":
    main()
