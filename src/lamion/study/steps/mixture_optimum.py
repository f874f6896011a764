"""Whether the composition of the highest conductivity can be predicted from percolation."""

from __future__ import annotations

from dataclasses import replace

from lamion.models.laminate.optimum import Mixture, optimum
from lamion.quantities import Answer
from lamion.study.inputs import Inputs
from lamion.study.kinds import Option, StepKind


def run(inputs: Inputs) -> Answer:
    """Find the optimum, and say whether it stands on what is known.

    Parameters
    ----------
    inputs : Inputs
        ``polymer_volume`` and ``plasticiser_volume``, molar; ``interface`` and ``plasticiser``, conductances over the
        polymer's.

    Returns
    -------
    Answer
        As :func:`lamion.models.laminate.optimum.optimum`; its verdict is ``not computed``, since the bonds'
        conductances are free.
    """
    names = ("polymer_volume", "plasticiser_volume", "interface", "plasticiser")
    mixture = Mixture(*(inputs.quantity(name) for name in names))
    rough = inputs.quick
    answer = optimum(mixture, size=8 if rough else 20, realisations=3 if rough else 8, seed=inputs.generator_seed())
    reason = (
        "A lattice of polymer, plasticiser and a better conducting interface has an optimum, but the three "
        "conductances are free: none is measured. "
        + (answer.warnings[0] if answer.warnings else "Over their ranges it hardly moves, yet they are not known.")
    )
    return replace(answer, verdict="not computed", reason=reason)


KIND = StepKind(
    run,
    evidence="model with assumed values",
    options={
        "polymer_volume": Option("quantity", "m3/mol"),
        "plasticiser_volume": Option("quantity", "m3/mol"),
        "interface": Option("quantity"),
        "plasticiser": Option("quantity"),
    },
    random=True,
    quick=True,
    heavy=True,
)
