"""The framework's mass fraction, from what the guest's recipe and one printed mass fraction leave for it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from lamion.quantities import Answer, InputError, propagate
from lamion.study.inputs import Inputs
from lamion.study.kinds import Option, StepKind
from lamion.study.recipes import FACTS, formulation_of, substances_named
from lamion.substances.membrane import membrane


def run(inputs: Inputs) -> Answer:
    r"""Solve the mass balance for the framework.

    .. math:: f = 1 - w_a - w / s

    with the component's fraction w of the membrane, its share s of the guest without additives, and the additives'
    fraction :math:`w_a` of the membrane.

    Parameters
    ----------
    inputs : Inputs
        ``guest``, the recipe without framework and additives; ``component``, one of its substances, and its
        ``fraction`` of the membrane; ``additives``, their fraction of the membrane.

    Returns
    -------
    Answer
        ``mass_fraction.framework``.
    """
    component = inputs.options["component"]
    shares = membrane(formulation_of(inputs, "guest")).mass_fraction
    if component not in shares:
        raise InputError(f"the guest holds no '{component}'.", "", f"It holds: {', '.join(shares)}.")
    fraction = propagate(
        lambda s, w, a: 1 - a - w / s,
        shares[component],
        inputs.quantity("fraction"),
        inputs.quantity("additives"),
        unit="1",
        source="mass balance",
    )
    reason = (
        f"It is what the recipe and the printed fraction of {component} leave for the framework: the same balance "
        f"that checks the fraction of {component}, read the other way, not a second measurement."
    )
    return Answer({"mass_fraction.framework": fraction}, reason=reason)


def _substances(options: Mapping[str, Any]) -> list[str]:
    return substances_named(options["guest"])


KIND = StepKind(
    run,
    evidence="derived from printed numbers",
    options={
        "guest": Option("table"),
        "component": Option("text"),
        "fraction": Option("quantity"),
        "additives": Option("quantity"),
    },
    substances=_substances,
    facts=FACTS,
)
