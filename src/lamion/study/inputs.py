"""What a step receives: its options, resolved to plain values, and its files. Nothing else reaches a step."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from lamion import hashing
from lamion.formats import RawFile
from lamion.quantities import Answer
from lamion.substances import Substance
from lamion.tasks.declaring import Context, Task


@dataclass(frozen=True)
class Inputs:
    """The inputs of one step.

    Parameters
    ----------
    options : Mapping
        JSON values by option name: references resolved, quantities as ``{"value", "std", "unit"}``.
    files : Mapping of str to tuple of RawFile
        The files of each option that names some, in order.
    substances : Mapping of str to Mapping
        The substances that the options name, with their facts, as tables.
    seed : int or None
        For tasks that draw random numbers.
    quick : bool
        For tasks that can answer more roughly in less time.
    """

    options: Mapping[str, Any]
    files: Mapping[str, tuple[RawFile, ...]] = field(default_factory=dict)
    substances: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    seed: int | None = None
    quick: bool = False

    def key(self, task: str, code: str) -> str:
        """Return the hash that names the step's result in the store."""
        return hashing.of_value(
            {
                "task": task,
                "options": self.options,
                "substances": self.substances,
                "files": {name: [[f.name, f.key] for f in files] for name, files in self.files.items()},
                "seed": self.seed,
                "quick": self.quick,
                "code": code,
            }
        )

    def read(self) -> list[RawFile]:
        """Return every file that the step reads, sidecars too."""
        every = [file for files in self.files.values() for file in files]
        return [one for file in every for one in (file, file.sidecar) if one is not None]

    def answer(self, task: Task) -> Answer:
        """Run a task on them."""
        files = {name: list(found) if task.parameters[name].many else found[0] for name, found in self.files.items()}
        own = {name: Substance.from_table(table) for name, table in self.substances.items()}
        return task.answer({**self.options, **files}, Context(seed=self.seed or 0, quick=self.quick), own)
