"""What a step receives: its options, resolved to plain values, and its files. Nothing else reaches a step."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from lamion import hashing
from lamion.formats import RawFile
from lamion.quantities import InputError, Quantity
from lamion.substances import Substance


@dataclass(frozen=True)
class Inputs:
    """The inputs of one step.

    Parameters
    ----------
    options : Mapping
        JSON values by option name: references resolved, quantities as ``{"value", "std", "unit"}``.
    files : Mapping of str to tuple of RawFile
        The files of each option that names some, in order.
    seed : int or None
        For kinds of step that draw random numbers.
    quick : bool
        For kinds of step that can answer more roughly in less time.
    """

    options: Mapping[str, Any]
    files: Mapping[str, tuple[RawFile, ...]] = field(default_factory=dict)
    seed: int | None = None
    quick: bool = False

    def key(self, kind: str, code: str) -> str:
        """Return the hash that names the step's result in the store.

        Parameters
        ----------
        kind : str
            The kind of step.
        code : str
            The version of the code that runs it.
        """
        return hashing.of_value(
            {
                "kind": kind,
                "options": self.options,
                "files": {name: [[f.name, f.sha256] for f in files] for name, files in self.files.items()},
                "seed": self.seed,
                "quick": self.quick,
                "code": code,
            }
        )

    def file(self, name: str) -> RawFile | None:
        """Return the file of an option, or None where it was not given."""
        return self.files[name][0] if name in self.files else None

    def quantity(self, name: str) -> Quantity:
        """Return a quantity that the kind of step requires."""
        return quantity_from_json(self.options[name])

    def optional_quantity(self, name: str) -> Quantity | None:
        """Return a quantity, or None where it was not given."""
        return quantity_from_json(self.options[name]) if name in self.options else None

    def quantities(self, name: str) -> list[Quantity]:
        """Return a list of quantities, empty where it was not given."""
        return [quantity_from_json(item) for item in self.options.get(name, [])]

    def substances(self, name: str) -> dict[str, Substance]:
        """Return the substances of an option, by the name they go by in the study."""
        return {key: Substance.from_table(table) for key, table in self.options[name].items()}

    def generator_seed(self) -> int:
        """Return the seed, which the runner gives to every kind of step that draws random numbers."""
        if self.seed is None:
            raise InputError("This kind of step needs a seed and was given none.")
        return self.seed


def quantity_to_json(quantity: Quantity) -> dict[str, Any]:
    """Return a quantity as the JSON value that options hold.

    Parameters
    ----------
    quantity : Quantity
        Its interval is not kept.
    """
    return {"value": quantity.value, "std": quantity.std, "unit": quantity.unit, "source": quantity.source}


def quantity_from_json(item: Mapping[str, Any]) -> Quantity:
    """Rebuild a quantity from :func:`quantity_to_json`.

    Parameters
    ----------
    item : Mapping
        With value, std, unit and source.
    """
    return Quantity(item["value"], item["std"], item["unit"], item.get("source", ""))
