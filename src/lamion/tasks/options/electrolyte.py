"""An electrolyte's properties as options, which an electrolyte can say all at once."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from lamion.quantities import Quantity
from lamion.quantities.properties import PROPERTIES
from lamion.substances import ConcentrationPolynomial, Electrolyte
from lamion.tasks.declaring import Noun, Option, Part


def _get(electrolyte: Electrolyte, name: str, beside: Mapping[str, Any]) -> Quantity | None:
    if getattr(electrolyte, name) is None:
        return None
    return electrolyte.quantity(name, beside.get("temperature"), beside.get("concentration"))


def _law_or_quantity(electrolyte: Electrolyte, name: str, beside: Mapping[str, Any]) -> Any:
    law = getattr(electrolyte, name)
    return law if isinstance(law, ConcentrationPolynomial) else _get(electrolyte, name, beside)


ELECTROLYTE = Noun(
    build=lambda table, substances, title: Electrolyte.from_table(table),
    substances=lambda table: [],
    thing=Electrolyte,
    help="its properties at once: a table, an Electrolyte, a recipe's answer or { step = ... }",
)


def of_electrolyte(name: str, meaning: str = "", *, laws: bool = False, **more: Any) -> Option:
    """Return the option that a property of an electrolyte is: declared at its field, and said by an electrolyte.

    Parameters
    ----------
    name : str
        Of the field of :class:`lamion.substances.Electrolyte`.
    meaning : str
        A few words; by default the field's.
    laws : bool
        Whether the task takes laws of concentration as they are; by default their value at the salt's concentration.
    **more
        Of :class:`lamion.tasks.declaring.Option`.
    """
    declared = Electrolyte.__dataclass_fields__[name].metadata
    said = {"of": name, "positive": PROPERTIES[name].positive, "otherwise": declared["otherwise"], **more}
    part = Part("electrolyte", ELECTROLYTE, name, _law_or_quantity if laws else _get)
    return Option(meaning or declared["meaning"], part=part, **said)
