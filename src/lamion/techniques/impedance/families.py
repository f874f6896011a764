"""Families of circuits from which data choose."""

from __future__ import annotations

BLOCKING_WITH_ONE_ARC = (
    "R0-CPE1",
    "L0-R0-CPE1",
    "p(R1,CPE1)-CPE2",
    "L0-p(R1,CPE1)-CPE2",
    "R0-p(R1,CPE1)-CPE2",
    "L0-R0-p(R1,CPE1)-CPE2",
)
"""An electrolyte between blocking electrodes: no arc or one before the spike, with the leads' inductance or without."""

BLOCKING_WITH_TWO_ARCS = (
    "p(R1,CPE1)-p(R2,CPE2)-CPE3",
    "L0-p(R1,CPE1)-p(R2,CPE2)-CPE3",
    "R0-p(R1,CPE1)-p(R2,CPE2)-CPE3",
    "L0-R0-p(R1,CPE1)-p(R2,CPE2)-CPE3",
)
"""The same for sintered and composite electrolytes: grains and grain boundaries."""

BLOCKING_FAMILY = BLOCKING_WITH_ONE_ARC + BLOCKING_WITH_TWO_ARCS
"""An electrolyte between blocking electrodes."""

_CELLS = (
    "R0-p(R1,CPE1)",
    "R0-p(R1,CPE1)-p(R2,CPE2)",
    "R0-p(R1,CPE1)-p(R2,CPE2)-p(R3,CPE3)",
    "R0-p(R1,CPE1)-W2",
    "R0-p(R1,CPE1)-p(R2,CPE2)-W3",
    "R0-p(R1,CPE1)-Ws2",
    "R0-p(R1,CPE1)-p(R2,CPE2)-Ws3",
)

_LOOPS = ("R0-p(R1,CPE1,R2-L2)", "R0-p(R1,CPE1)-p(R2,CPE2,R3-L3)")

INDUCTIVE_FAMILY = tuple(circuit for loop in _LOOPS for circuit in (loop, f"L0-{loop}"))
"""Arcs with an inductive branch beside the last one, as adsorbed species and side reactions make: tried besides where
a spectrum shows a loop at low frequencies."""

CELL_FAMILY = tuple(circuit for cell in _CELLS for circuit in (cell, f"L0-{cell}"))
"""Electrodes that pass ions: one to three arcs in the order of their time constants, then diffusion or none; with the
leads' inductance or without."""
