"""An electrolyte's properties as options, which an electrolyte can say all at once."""

from __future__ import annotations

from lamion.quantities import Quantity
from lamion.substances import Electrolyte
from lamion.tasks.declaring import Noun, Option, Part


def _get(electrolyte: Electrolyte, name: str, temperature: Quantity | None) -> Quantity | None:
    return electrolyte.quantity(name, temperature) if getattr(electrolyte, name) is not None else None


ELECTROLYTE = Noun(
    build=lambda table, substances, title: Electrolyte.from_table(table),
    substances=lambda table: [],
    thing=Electrolyte,
    get=_get,
    help="its properties at once: a table, an Electrolyte, a recipe's answer or { step = ... }",
)


def said_by_electrolyte(attribute: str) -> Part:
    """Let the electrolyte say an option."""
    return Part("electrolyte", ELECTROLYTE, attribute)


CONDUCTIVITY = Option("of the electrolyte, at its temperature", part=said_by_electrolyte("conductivity"))
TRANSFERENCE = Option("of the lithium ion", part=said_by_electrolyte("transference"), positive=False)
CONCENTRATION = Option("of the salt at rest", part=said_by_electrolyte("concentration"))
DIFFUSIVITY = Option("of the salt", part=said_by_electrolyte("diffusivity"), otherwise="by Nernst and Einstein")
THERMODYNAMIC_FACTOR = Option(
    "1 + dlnf/dlnc of the salt", part=said_by_electrolyte("thermodynamic_factor"), otherwise="1"
)
