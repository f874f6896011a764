"""Relaxed structures that a study ships: a relaxation begins there, and ends at once where energy and force agree."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lamion.quantities import Answer, InputError
from lamion.store import Store

Array = NDArray[np.float64]

SAME_ENERGY = 1e-3
"""eV, between a shipped energy and that of the engine at hand: more is another minimum, or another method."""


@dataclass(frozen=True, eq=False)
class ShippedStructure:
    """Where atoms came to rest, and their energy.

    Parameters
    ----------
    positions : array, shape (n, 3)
        Angstrom.
    energy : float
        eV.
    """

    positions: Array
    energy: float


class ShippedStructures(Store):
    """Relaxed structures from a file, and what is found beside them.

    Parameters
    ----------
    name : str
        The file's name, for messages.
    content : bytes
        JSON: ``structures``, by key, each with ``positions`` and ``energy``.
    kept : Store, optional
        Where what is found is kept; otherwise it is remembered for this call alone.
    """

    def __init__(self, name: str, content: bytes, kept: Store | None = None) -> None:
        super().__init__(_Remembered())
        self._kept = Store(_Remembered()) if kept is None else kept
        self.known = _read(name, content)
        self.checked = 0
        self.afresh: dict[str, ShippedStructure] = {}

    def get(self, key: str) -> Answer | None:
        """Return what was found before."""
        return self._kept.get(key)

    def put(self, key: str, answer: Answer) -> None:
        """Keep what was found."""
        self._kept.put(key, answer)

    def begin(self, key: str) -> ShippedStructure | None:
        """Return the structure that a relaxation begins with."""
        return self.known.get(key)

    @property
    def said(self) -> str:
        """Which relaxations began with a shipped structure, as a sentence."""
        if not self.checked:
            return f"All {len(self.afresh)} structures were relaxed afresh."
        rest = f", {len(self.afresh)} relaxed afresh" if self.afresh else ""
        return f"{self.checked} relaxed structures came with the study and were checked by energy and gradient{rest}."


class _Remembered:
    """Entries for as long as a call lasts."""

    def __init__(self) -> None:
        self._entries: dict[str, Mapping[str, Any]] = {}

    def read(self, key: str) -> Answer | None:
        """Return the answer under a key, or None."""
        entry = self._entries.get(key)
        return None if entry is None else Answer.from_store(entry["answer"])

    def write(self, key: str, entry: Mapping[str, Any]) -> None:
        """Keep an entry under a key."""
        self._entries[key] = entry


def _read(name: str, content: bytes) -> dict[str, ShippedStructure]:
    try:
        entries = json.loads(content)["structures"]
        return {
            key: ShippedStructure(np.array(one["positions"], dtype=float).reshape(-1, 3), float(one["energy"]))
            for key, one in entries.items()
        }
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise InputError(
            f"{name} holds no relaxed structures that can be read.",
            "It was changed or cut short.",
            "Leave it away: the structures are relaxed then.",
        ) from error


def structures_json(structures: Mapping[str, ShippedStructure]) -> str:
    """Return the text of such a file.

    Parameters
    ----------
    structures : Mapping of str to ShippedStructure
        By key.
    """
    entries = {
        key: {"energy": one.energy, "positions": np.round(one.positions, 5).tolist()}
        for key, one in sorted(structures.items())
    }
    return json.dumps({"structures": entries}, separators=(",", ":"), allow_nan=False) + "\n"
