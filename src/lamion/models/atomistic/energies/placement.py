"""Put hosts on the donor atoms of a molecule: the starting geometries of a search."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from lamion.models.atomistic.energies.hosts import Host
from lamion.models.atomistic.structure.bonding import outward
from lamion.substances.molecule import Molecule

Array = NDArray[np.float64]

_CONTACT = 2.2
_TIGHTEST = 1.5
_TILTS = (0.0, 45.0, -45.0)
_TURNS = (0.0, 45.0)


def starts(host: Host, guest: Molecule, donors: Sequence[int]) -> list[Molecule]:
    """Return complexes in which a host sits on each of some donors, over tilts and turns of the molecule.

    Parameters
    ----------
    host : Host
        The first in place; the others are copies of it.
    guest : Molecule
        One conformer.
    donors : sequence of int
        One for each contact.

    Returns
    -------
    list of Molecule
        Hosts first, the molecule last; charges added, spins parallel. Starts in which atoms would be nearer than 1.5
        angstrom are left out, so the list may be empty.
    """
    found = []
    for tilt in _TILTS if len(guest) > 2 and len(donors) == 1 else _TILTS[:1]:
        for turn in _TURNS:
            complex_ = _complex(host, guest, donors, tilt, turn)
            if complex_ is not None:
                found.append(complex_)
    return found


def _complex(host: Host, guest: Molecule, donors: Sequence[int], tilt: float, turn: float) -> Molecule | None:
    parts = []
    raised = _raising(host.site.normal)
    own = (host.molecule.positions - host.molecule.positions[host.site.atom]) @ raised.T
    for donor in donors:
        frame = _towards(outward(guest, donor), tilt if len(donors) == 1 else 0.0)
        turned = _about_z(turn)
        # The site's normal points at the donor: the molecule lies above the host.
        parts.append((own @ turned.T) @ frame + guest.positions[donor] - _CONTACT * frame[2])
    positions = np.vstack([*parts, guest.positions])
    if not _clear([*parts, guest.positions]):
        return None
    first = _towards(outward(guest, donors[0]), tilt if len(donors) == 1 else 0.0)
    upright = (positions - parts[0][host.site.atom]) @ first.T @ _about_z(turn)
    count = len(donors)
    return Molecule(
        f"{guest.name} on {host.name}" if count == 1 else f"{guest.name} on {count} x {host.name}",
        host.molecule.symbols * count + guest.symbols,
        upright @ raised + host.molecule.positions[host.site.atom],
        host.molecule.charge * count + guest.charge,
        (host.molecule.multiplicity - 1) * count + guest.multiplicity,
    )


def _raising(normal: Array) -> Array:
    """Return the rotation that turns a site's normal upwards; exactly none where it points there."""
    up = np.array([0.0, 0.0, 1.0])
    return np.eye(3) if np.allclose(normal, up) else rotation_onto(normal, up)


def rotation_onto(one: Array, other: Array) -> Array:
    """Return the rotation that turns one direction into another.

    Parameters
    ----------
    one, other : array, shape (3,)
        Of length one.

    Returns
    -------
    array, shape (3, 3)

    Examples
    --------
    >>> x, y = np.eye(3)[:2]
    >>> np.round(rotation_onto(x, y) @ x, 12).tolist()
    [0.0, 1.0, 0.0]
    """
    from scipy.spatial.transform import Rotation

    found, _ = Rotation.align_vectors(other[None, :], one[None, :])
    return np.asarray(found.as_matrix())


def _towards(outward: Array, tilt: float) -> Array:
    """Return the axes (rows) of a host whose z axis points against the donor's outward direction."""
    z = -outward
    helper = np.eye(3)[int(np.argmin(np.abs(z)))]
    x = np.cross(helper, z)
    x /= np.linalg.norm(x)
    y = np.cross(z, x)
    angle = math.radians(tilt)
    z, x = z * math.cos(angle) + x * math.sin(angle), x * math.cos(angle) - z * math.sin(angle)
    return np.array([x, y, z])


def _about_z(turn: float) -> Array:
    c, s = math.cos(math.radians(turn)), math.sin(math.radians(turn))
    return np.array([[c, -s, 0.0], [s, c, 0.0], [0.0, 0.0, 1.0]])


def _clear(parts: Sequence[Array]) -> bool:
    """Tell whether no two parts come nearer than 1.5 angstrom."""
    from scipy.spatial import cKDTree

    trees = [cKDTree(part) for part in parts]
    return all(one.count_neighbors(other, _TIGHTEST) == 0 for k, one in enumerate(trees) for other in trees[k + 1 :])
