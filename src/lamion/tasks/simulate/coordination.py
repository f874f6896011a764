"""Lithium between ethers and nitriles: binding and exchange energies."""

from __future__ import annotations

from typing import Annotated

from lamion.models.atomistic.energies.coordination import SHELLS, lithium_coordination, parse_shells
from lamion.quantities import Answer
from lamion.tasks.declaring import Context, Option, Result, task
from lamion.tasks.options.structures import Structures, beginning_with, saying_so


@task(
    results={
        "exchange.*": Result("eV", "of an ether for a nitrile, between shells of as many contacts", headline=True),
        "binding.*": Result("eV", "of a shell of ligands round one ion", headline=True),
        "bias.*": Result("eV", "computed against measured"),
    },
    evidence="predicted",
    example='--shells "dme, sn-trans"',
    cites=("more1996", "ray1996"),
    extra="atomistic",
    heavy=True,
    keeps=True,
)
def coordination(
    context: Context,
    shells: Annotated[
        tuple[str, ...],
        Option("of ligands round one ion", example="dme, glyme, dme + sn", otherwise="seven shells"),
    ] = (),
    calculator: Annotated[str, Option("gfn2, gfn1, or an engine of yours", example="gfn1")] = "gfn2",
    structures: Structures = None,
) -> Answer:
    """Relax the shells."""
    wanted = parse_shells(",".join(shells)) if shells else SHELLS
    store = beginning_with(structures, context.store)
    return saying_so(lithium_coordination(calculator, wanted, store=store, progress=context.progress), store)
