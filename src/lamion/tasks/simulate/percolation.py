"""Where a polymer with its plasticiser conducts best, and how surely.

A lattice of polymer and plasticiser whose interface conducts best. The defaults are poly(ethylene oxide) and
succinonitrile.
"""

from __future__ import annotations

from typing import Annotated

from lamion.models.laminate.optimum import Mixture, mixture_optimum
from lamion.quantities import Answer, Quantity
from lamion.tasks.declaring import Context, Option, Result, task

_INTERFACE, _PLASTICISER = Quantity(30.0, None, "1"), Quantity(1.0, None, "1")
_POLYMER_VOLUME, _PLASTICISER_VOLUME = Quantity(39.0, None, "cm3/mol"), Quantity(80.0, None, "cm3/mol")
_QUICK_SIZE, _QUICK_REALISATIONS = 8, 3


@task(
    results={
        "optimum_ratio": Result(
            "1", "plasticiser per repeat unit of the polymer, where it conducts best", headline=True
        ),
        "optimum_fraction": Result("1", "volume of the plasticiser there", headline=True),
        "enhancement": Result("1", "highest conductivity over the polymer's alone", headline=True),
    },
    evidence="model with assumed values",
    example="--interface 30 --plasticiser 0.1 --size 6 --realisations 2",
    cites=("kirkpatrick1973",),
    random=True,
    heavy=True,
    quick=True,
)
def percolation(
    context: Context,
    interface: Annotated[Quantity, Option("conductance across the interface over the polymer's")] = _INTERFACE,
    plasticiser: Annotated[Quantity, Option("conductance of the plasticiser over the polymer's")] = _PLASTICISER,
    polymer_volume: Annotated[Quantity, Option("of a repeat unit", unit="m3/mol")] = _POLYMER_VOLUME,
    plasticiser_volume: Annotated[Quantity, Option("of a molecule", unit="m3/mol")] = _PLASTICISER_VOLUME,
    size: Annotated[int, Option("sites along an edge of the lattice")] = 16,
    realisations: Annotated[int, Option("lattices at each composition")] = 6,
) -> Answer:
    """Find the optimum."""
    if context.quick:
        size, realisations = min(size, _QUICK_SIZE), min(realisations, _QUICK_REALISATIONS)
    mixture = Mixture(polymer_volume, plasticiser_volume, interface, plasticiser)
    return mixture_optimum(mixture, size=size, realisations=realisations, seed=context.seed, progress=context.progress)
