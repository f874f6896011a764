"""Substances and what is known about them, formulations, and the electrolyte that models take."""

from lamion.substances.concentration_law import ConcentrationPolynomial
from lamion.substances.electrolyte import Electrolyte, Film
from lamion.substances.fact import GRADES, Fact
from lamion.substances.formulation import (
    Formulation,
    Ingredient,
    formulation_from_table,
    mass_parts_formulation,
    polymer_formulation,
)
from lamion.substances.known import known_substance, library, published_electrolyte
from lamion.substances.law import Arrhenius, Constant, Law, VogelTammannFulcher, as_law
from lamion.substances.membrane import CaseResult, Membrane, membrane_of
from lamion.substances.recipe import (
    membrane_recipe,
    molar_ratio_of_batch,
    peo_formulation,
    repeat_units_per_plasticiser,
)
from lamion.substances.structural_case import StructuralCase, structural_cases
from lamion.substances.substance import Substance

__all__ = [
    "GRADES",
    "Arrhenius",
    "CaseResult",
    "ConcentrationPolynomial",
    "Constant",
    "Electrolyte",
    "Fact",
    "Film",
    "Formulation",
    "Ingredient",
    "Law",
    "Membrane",
    "StructuralCase",
    "Substance",
    "VogelTammannFulcher",
    "as_law",
    "formulation_from_table",
    "library",
    "mass_parts_formulation",
    "membrane_of",
    "molar_ratio_of_batch",
    "peo_formulation",
    "polymer_formulation",
    "published_electrolyte",
    "membrane_recipe",
    "repeat_units_per_plasticiser",
    "structural_cases",
    "known_substance",
]
