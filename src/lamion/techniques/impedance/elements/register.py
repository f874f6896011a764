"""Every circuit element by its symbol; a user's package adds one under the entry-point group lamion.elements."""

from __future__ import annotations

from lamion.registry import Registry

_HERE = "lamion.techniques.impedance.elements"

ELEMENTS = Registry(
    "circuit element",
    "lamion.elements",
    {
        "R": f"{_HERE}.ideal:RESISTOR",
        "C": f"{_HERE}.ideal:CAPACITOR",
        "L": f"{_HERE}.ideal:INDUCTOR",
        "La": f"{_HERE}.modified_inductor:MODIFIED_INDUCTOR",
        "CPE": f"{_HERE}.constant_phase:CONSTANT_PHASE",
        "W": f"{_HERE}.warburg:WARBURG",
        "Wo": f"{_HERE}.warburg:WARBURG_OPEN",
        "Ws": f"{_HERE}.warburg:WARBURG_SHORT",
        "G": f"{_HERE}.gerischer:GERISCHER",
        "Zarc": f"{_HERE}.havriliak_negami:ZARC",
        "HN": f"{_HERE}.havriliak_negami:HAVRILIAK_NEGAMI",
        "TLM": f"{_HERE}.porous_electrode:PORE",
        "TLMi": f"{_HERE}.porous_electrode:ION_BLOCKING",
        "TLMe": f"{_HERE}.porous_electrode:ELECTRON_BLOCKING",
    },
)
