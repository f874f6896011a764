"""Write a crystal as CIF: every atom of the cell, in P 1."""

from __future__ import annotations

import re
from collections import Counter
from typing import Any

from lamion.substances.crystal import Crystal


def cif_text(crystal: Crystal) -> str:
    r"""Write a crystal.

    Parameters
    ----------
    crystal : Crystal
        Its name becomes the data block's.

    Returns
    -------
    str
        The same crystal gives the same text.

    Examples
    --------
    >>> import numpy as np
    >>> salt = Crystal("CsCl", 4.123 * np.eye(3), ("Cs", "Cl"), np.array([[0.0, 0, 0], [0.5, 0.5, 0.5]]))
    >>> cif_text(salt).splitlines()[0]
    'data_CsCl'
    """
    name = re.sub(r"[^A-Za-z0-9]+", "_", crystal.name).strip("_") or "crystal"
    tags = ("length_a", "length_b", "length_c", "angle_alpha", "angle_beta", "angle_gamma")
    lines = [f"data_{name}", f"_chemical_formula_sum '{_formula(crystal)}'", "_cell_formula_units_Z 1"]
    lines += [f"_cell_{tag} {value:.6f}" for tag, value in zip(tags, crystal.lengths_and_angles, strict=True)]
    lines += ["_symmetry_space_group_name_H-M 'P 1'", "loop_", "_symmetry_equiv_pos_as_xyz", "'x, y, z'", "loop_"]
    lines += ["_atom_site_label", "_atom_site_type_symbol"]
    lines += [f"_atom_site_fract_{axis}" for axis in "xyz"]
    lines += [] if crystal.occupancies is None else ["_atom_site_occupancy"]
    atoms = zip(crystal.symbols, crystal.fractions, crystal.shares, strict=True)
    for number, (symbol, place, share) in enumerate(atoms, start=1):
        numbers = [f"{value:.8f}" for value in _wrapped(place)]
        numbers += [] if crystal.occupancies is None else [f"{share:.8f}"]
        lines.append(f"{symbol}{number} {symbol} {' '.join(numbers)}")
    return "\n".join(lines) + "\n"


def _wrapped(place: Any) -> list[float]:
    return [value % 1.0 if round(value % 1.0, 8) < 1.0 else 0.0 for value in map(float, place)]


def _formula(crystal: Crystal) -> str:
    counts: Counter[str] = Counter()
    for symbol, share in zip(crystal.symbols, crystal.shares.tolist(), strict=True):
        counts[symbol] += share
    return " ".join(f"{symbol}{'' if count == 1 else f'{count:.8g}'}" for symbol, count in sorted(counts.items()))
