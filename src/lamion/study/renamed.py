"""What kinds of step were called before they were tasks, for studies written then."""

from __future__ import annotations

TASK_OF = {
    "activation": "analyze arrhenius",
    "activation-resolution": "design arrhenius",
    "adsorption": "simulate adsorption",
    "cell": "simulate cell",
    "cell-sensitivity": "simulate sensitivity",
    "concentration-cell": "analyze concentration-cell",
    "conductivity": "analyze conductivity",
    "conductivity-resolution": "design conductivity",
    "coordination": "simulate coordination",
    "current-staircase": "simulate symmetric",
    "diffusion": "analyze diffusion",
    "energy": "simulate energy",
    "framework-pores": "simulate pores",
    "impedance": "analyze impedance",
    "impedance-resolution": "design impedance",
    "laminate-structure": "analyze laminate",
    "leakage": "analyze leakage",
    "limiting-current": "simulate transport",
    "mixture-optimum": "simulate percolation",
    "product": "audit formula",
    "rate-table-fit": "analyze rate-table",
    "reading-spread": "audit spread",
    "readings-table": "audit readings",
    "recipe": "recipe",
    "redox": "simulate redox",
    "symmetric": "simulate symmetric",
    "tortuosity": "analyze tortuosity",
    "transference": "analyze transference",
    "transference-resolution": "design transference",
    "transport-field": "simulate transport",
}
"""The kinds that only the built-in study needed are its own tasks now."""
