"""Mass fractions, salt concentrations and densities of a composition.

The names of substances are lamion's (peo, sn, litfsi, lidfob, cutcpp, ...); a study file can define others.
"""

from __future__ import annotations

import argparse
from typing import Any

from lamion.cli.output import add_output_arguments, show
from lamion.quantities import parse


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the verb's arguments.

    Parameters
    ----------
    parser : ArgumentParser
        The verb's.
    """
    parser.add_argument("--eo-li", metavar="X", required=True, help="polymer repeat units per formula unit of salt")
    parser.add_argument("--eo-sn", metavar="X", help="polymer repeat units per molecule of plasticiser")
    parser.add_argument("--framework", metavar="W", help="mass fraction of the framework in the whole membrane")
    parser.add_argument("--lidfob", metavar="W", help="mass fraction of LiDFOB in the whole membrane")
    parser.add_argument("--additive", metavar="NAME=W", action="append", default=[], help="another additive")
    parser.add_argument("--polymer", metavar="NAME", default="peo")
    parser.add_argument("--salt", metavar="NAME", default="litfsi")
    parser.add_argument("--plasticiser", metavar="NAME", default="sn")
    parser.add_argument("--framework-substance", metavar="NAME", default="cutcpp")
    parser.add_argument("--case", metavar="NAME", help="the structural case that the membrane's numbers are for")
    add_output_arguments(parser)


def run(arguments: argparse.Namespace) -> int:
    """Compute the composition and show it.

    Parameters
    ----------
    arguments : Namespace
        As declared.
    """
    from lamion.substances import library
    from lamion.substances.formulation import formulation_from_table
    from lamion.substances.recipe import recipe_answer

    show(recipe_answer(formulation_from_table(_table(arguments), library()), case=arguments.case), arguments)
    return 0


def _table(arguments: argparse.Namespace) -> dict[str, Any]:
    additives = {name: fraction for name, _, fraction in (item.partition("=") for item in arguments.additive)}
    if arguments.lidfob is not None:
        additives["lidfob"] = arguments.lidfob
    table: dict[str, Any] = {
        "polymer": arguments.polymer,
        "salts": {arguments.salt: parse(arguments.eo_li, "1", name="--eo-li")},
        "additives": {name: parse(text, "1", name=f"The fraction of {name}") for name, text in additives.items()},
        "additive_basis": "membrane",
    }
    if arguments.eo_sn is not None:
        table["plasticisers"] = {arguments.plasticiser: parse(arguments.eo_sn, "1", name="--eo-sn")}
    if arguments.framework is not None:
        table["framework"] = {arguments.framework_substance: parse(arguments.framework, "1", name="--framework")}
    return table
