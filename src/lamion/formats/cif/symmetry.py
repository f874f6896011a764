"""The symmetry that a CIF gives: its operations, or a space group's from Hall symbol, name or number."""

from __future__ import annotations

import contextlib
import itertools
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from lamion.formats.cif.block import DataBlock

if TYPE_CHECKING:
    import gemmi

Array = NDArray[np.float64]
_PARTS = 24
_MOST = 192
_LONGEST_NAME = 80
_OPERATIONS = ("_space_group_symop_operation_xyz", "_symmetry_equiv_pos_as_xyz")
_NAMES = (
    "_space_group_name_h-m_alt",
    "_symmetry_space_group_name_h-m",
    "_space_group_name_h-m_full",
    "_space_group_name_h-m_ref",
)
_HALL = ("_space_group_name_hall", "_symmetry_space_group_name_hall")
_NUMBERS = ("_space_group_it_number", "_symmetry_int_tables_number")
_TERM = r"(?:[xyz]|\d{1,2}(?:/\d{1,2})?|\d?\.\d{1,12})"
_OPERATION = re.compile(rf"[-+]?{_TERM}(?:[-+]{_TERM})*", re.ASCII)
_WRITE_THEM = "Write the symmetry operations into the file (_space_group_symop_operation_xyz), or export it in P 1."
_STRAINED = 0.004
_SHEARED = 0.002


@dataclass(frozen=True, eq=False)
class Symmetry:
    """A space group's operations in one setting.

    Parameters
    ----------
    name : str
        Where they come from, for messages.
    rotations : array, shape (n, 3, 3)
        The matrices that act on fractions.
    translations : array, shape (n, 3)
        Fractions of the cell.
    declared : bool
        Whether the file says so; False where it says nothing and P 1 is tried.
    """

    name: str
    rotations: Array
    translations: Array
    declared: bool = True

    def __len__(self) -> int:
        return len(self.rotations)

    def fits(self, cell: Array) -> bool:
        """Tell whether every operation leaves a cell's lengths, within 0.2 %, and angles, within 0.1 degree.

        Parameters
        ----------
        cell : array, shape (3, 3)
            Vectors as rows.
        """
        metric = cell @ cell.T
        moved = np.einsum("nji,jk,nkl->nil", self.rotations, metric, self.rotations)
        scale = np.sqrt(np.outer(np.diag(metric), np.diag(metric)))
        allowed = np.where(np.eye(3, dtype=bool), _STRAINED, _SHEARED)
        return bool(np.all(np.abs(moved - metric) < allowed * scale))


def symmetries(block: DataBlock) -> list[Symmetry]:
    """Return the symmetry of a block; several where the file leaves open which setting of a space group is meant.

    Parameters
    ----------
    block : DataBlock
        The file's own operations come first, then a Hall symbol, a Hermann-Mauguin name, a number.

    Raises
    ------
    FileFormatError
        When the operations are no group, a name is unknown, or the file's claims contradict each other.
    """
    for tag in block.tags:
        if tag.startswith(("_space_group_magn_", "_space_group_symop_magn_", "_space_group_ssg_", "_cell_modulation")):
            raise block.refused(
                "an ordinary space group",
                f"a magnetic or modulated structure ({tag})",
                "Export its average nuclear structure, or a supercell in P 1.",
            )
    operations = _operations(block)
    groups = _claimed(block)
    if operations is not None:
        _check_claims(block, operations, groups)
        return [_symmetry("the listed operations", operations)]
    _check_agreement(block, groups)
    hall = block.text(*_HALL)
    if hall is not None and "_hall" in groups:
        return [_symmetry(f"the Hall symbol {hall}", list(groups["_hall"][0]))]
    return _from_names(block, groups)


def _from_names(block: DataBlock, groups: dict[str, list[gemmi.GroupOps]]) -> list[Symmetry]:
    name, number = block.text(*_NAMES), block.text(*_NUMBERS)
    for said, key in ((f"the space group {name}", "_name"), (f"the space group number {number}", "_number")):
        if key in groups:
            return [_symmetry(said, list(group)) for group in groups[key]]
    hall = block.text(*_HALL)
    if name is not None or hall is not None or number is not None:
        raise block.refused("a space group that is known", repr(str(name or hall or number)[:40]), _WRITE_THEM)
    return [Symmetry("no symmetry", np.eye(3)[None], np.zeros((1, 3)), declared=False)]


def _symmetry(name: str, operations: list[gemmi.Op]) -> Symmetry:
    rotations = np.array([operation.rot for operation in operations], dtype=float) / _PARTS
    return Symmetry(name, rotations, np.array([operation.tran for operation in operations], dtype=float) / _PARTS)


def _operations(block: DataBlock) -> list[gemmi.Op] | None:
    """Read the listed operations; None when there are none."""
    found: list[list[gemmi.Op]] = []
    for tag in _OPERATIONS:
        texts = [text for text in block.tags.get(tag, ()) if text is not None]
        if not texts:
            continue
        if len(texts) > 2 * _MOST:
            raise block.refused(f"at most {_MOST} symmetry operations", f"{len(texts)}", _WRITE_THEM)
        distinct = {operation.triplet(): operation for operation in (_operation(block, text) for text in texts)}
        found.append([distinct[key] for key in distinct])
    if not found:
        return None
    if len(found) == 2 and {o.triplet() for o in found[0]} != {o.triplet() for o in found[1]}:
        raise block.refused("one list of symmetry operations", "two that differ", "Keep the one that is meant.")
    if not _is_group(found[0]):
        raise block.refused(
            "a whole list of symmetry operations",
            f"{len(found[0])}, of which two in a row give one that is not listed",
            "A line may be lost or changed: compare the list with the space group's, or export the file again.",
        )
    return found[0]


def _operation(block: DataBlock, text: str) -> gemmi.Op:
    import gemmi

    plain = re.sub(r"[\s_]", "", text).lower()
    try:
        if all(_OPERATION.fullmatch(part) for part in plain.split(",")):
            operation = gemmi.Op(plain).wrap()
            if np.isin(operation.rot, (-_PARTS, 0, _PARTS)).all() and abs(operation.det_rot()) == _PARTS**3:
                return operation
    except (RuntimeError, ValueError):
        pass
    raise block.refused(
        "a symmetry operation such as -x,y+1/2,-z",
        repr(text[:40]),
        "Mend it; a translation must be a multiple of 1/24, else export the structure in P 1.",
    )


def _is_group(operations: list[gemmi.Op]) -> bool:
    """Tell whether any two operations in a row are one of them, but for whole cells."""
    rotations = np.array([operation.rot for operation in operations]) // _PARTS
    translations = np.array([operation.tran for operation in operations])
    product = np.einsum("aij,bjk->abik", rotations, rotations).reshape(-1, 9)
    moved = np.einsum("aij,bj->abi", rotations, translations) + translations[:, None, :]
    one = np.hstack([rotations.reshape(-1, 9), translations % _PARTS])
    both = np.hstack([product, moved.reshape(-1, 3) % _PARTS])
    return len(np.unique(np.vstack([one, both]), axis=0)) == len(operations)


def _claimed(block: DataBlock) -> dict[str, list[gemmi.GroupOps]]:
    """Return the groups that Hall symbol, name and number stand for, each in every setting that it may mean."""
    import gemmi

    groups: dict[str, list[gemmi.GroupOps]] = {}
    hall, name, number = block.text(*_HALL), block.text(*_NAMES), block.text(*_NUMBERS)
    if hall is not None and len(hall) <= _LONGEST_NAME:
        with contextlib.suppress(RuntimeError, ValueError):
            groups["_hall"] = [gemmi.symops_from_hall(hall.replace("_", " "))]
    named = _settings(name) if name is not None else []
    if named:
        groups["_name"] = [setting.operations() for setting in named]
    if number is not None:
        wanted = block.parsed(_NUMBERS[0], number).value
        of_number = [setting for setting in gemmi.spacegroup_table() if setting.number == wanted]
        if not of_number:
            raise block.refused("a space group number of 1 to 230", f"{wanted:g}", "Correct it.")
        groups["_number"] = [setting.operations() for setting in of_number]
    return groups


def _settings(name: str) -> list[gemmi.SpaceGroup]:
    """Return the settings that a Hermann-Mauguin name stands for; several where origin or axes are left open."""
    import gemmi

    if len(name) > _LONGEST_NAME:
        return []
    plain = re.sub(r"[()]", "", name.replace("_", " ")).strip()
    plain = re.sub(r"\s+(?:S|O1|:\s*1)$", ":1", re.sub(r"\s+(?:Z|O2|:\s*2)$", ":2", plain))
    plain = re.sub(r"\s*:?\s*([HR])$", r":\1", plain) if plain[:1].upper() == "R" else plain
    try:
        found = gemmi.find_spacegroup_by_name(plain)
    except (RuntimeError, ValueError):
        return []
    if found is None:
        return []
    if ":" in plain:
        return [found]
    return [setting for setting in gemmi.spacegroup_table() if setting.hm == found.hm]


def _check_claims(block: DataBlock, operations: list[gemmi.Op], groups: dict[str, list[gemmi.GroupOps]]) -> None:
    """Hold the listed operations against the names: by their kinds of rotation, which no change of axes alters."""
    for key, settings in groups.items():
        if not any(_kinds(operations) == _kinds(list(setting)) for setting in settings):
            said = {"_hall": block.text(*_HALL), "_name": block.text(*_NAMES), "_number": block.text(*_NUMBERS)}[key]
            raise block.refused(
                f"the symmetry operations of the space group {said}",
                f"{len(operations)} of another one",
                "Correct whichever is wrong; a structure that lists every atom of the cell has the space group P 1.",
            )


def _check_agreement(block: DataBlock, groups: dict[str, list[gemmi.GroupOps]]) -> None:
    """Hold Hall symbol, name and number against each other."""
    for first, second in itertools.pairwise(groups):
        kinds = [{_kinds(list(group)) for group in groups[key]} for key in (first, second)]
        if not kinds[0] & kinds[1]:
            raise block.refused(
                "one space group",
                "a Hall symbol, a name and a number of different ones",
                "Correct whichever is wrong, or write the symmetry operations into the file.",
            )


def _kinds(operations: list[gemmi.Op]) -> tuple[int, ...]:
    """Return how many operations there are, and of which kind each distinct rotation is."""
    distinct = {str(operation.rot): int(operation.rot_type()) for operation in operations}
    return (len(operations), *sorted(distinct.values()))
