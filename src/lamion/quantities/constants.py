"""Physical constants in SI, from the CODATA set that scipy ships."""

from __future__ import annotations

from scipy.constants import Avogadro, physical_constants, zero_Celsius
from scipy.constants import R as GAS_CONSTANT

FARADAY: float = physical_constants["Faraday constant"][0]
"""Charge of one mole of electrons, C/mol."""

GAS: float = GAS_CONSTANT
"""Molar gas constant, J/(mol K)."""

AVOGADRO: float = Avogadro
"""Particles in one mole, 1/mol."""

VACUUM_PERMITTIVITY: float = physical_constants["vacuum electric permittivity"][0]
"""Permittivity of the vacuum, F/m."""

HARTREE: float = physical_constants["Hartree energy in eV"][0]
"""Atomic unit of energy, eV."""

BOHR: float = physical_constants["Bohr radius"][0] * 1e10
"""Atomic unit of length, angstrom."""

ZERO_CELSIUS: float = zero_Celsius
"""0 degC in K."""
