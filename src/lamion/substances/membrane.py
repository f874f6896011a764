"""What a formulation is as a membrane: mass fractions, densities and salt concentrations with their uncertainty."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import product

from lamion.quantities import InputError, Quantity, propagate
from lamion.substances.fact import Fact
from lamion.substances.formulation import Formulation
from lamion.substances.structural_case import FREE_STANDING, StructuralCase, structural_cases


@dataclass(frozen=True)
class CaseResult:
    """A membrane in one structural case.

    Parameters
    ----------
    case : StructuralCase
        What is assumed.
    density : Quantity
        Of the membrane, g/cm3.
    salt_concentration : Quantity
        All salts per volume of membrane, mol/L.
    guest_volume_fraction : float
        Volume of the guest, in galleries and pores, over that of the membrane.
    density_choice, salt_concentration_choice : float
        The part of their uncertainties that is the choice of the guest's densities, in the same units.
    """

    case: StructuralCase
    density: Quantity
    salt_concentration: Quantity
    guest_volume_fraction: float
    density_choice: float
    salt_concentration_choice: float


@dataclass(frozen=True)
class Membrane:
    """What a formulation gives.

    Where the facts leave a density of the guest open, the furthest choice is taken as the end of a rectangular
    distribution that begins at the chosen one: its distance over the root of 3 is added in quadrature to what is
    propagated from the stated uncertainties (GUM, 4.3.7).

    Parameters
    ----------
    mass_fraction : Mapping of str to Quantity
        Of the whole membrane, by ingredient.
    guest_mass_fraction : Mapping of str to Quantity
        Of the guest, by ingredient other than the framework.
    amount : Mapping of str to Quantity
        Moles (of formula or repeat units) per mass of membrane, mol/kg, by ingredient.
    guest_density : Quantity
        By ideal mixing, g/cm3.
    guest_salt_concentration : Quantity
        All salts, mol/L of guest.
    salt_concentration : Mapping of str to Quantity
        Each salt, mol/L of guest.
    repeat_units_per_salt : Mapping of str to Quantity
        Repeat units of the polymer per formula unit, by salt; empty without a polymer.
    repeat_units_per_carrier : Quantity or None
        Repeat units per Li, Na or K of all salts together, additives included; None without a polymer or a salt.
    cases : tuple of CaseResult
        One per structural case, the default first.
    assumptions : tuple of str
        Whole sentences.
    """

    mass_fraction: Mapping[str, Quantity]
    guest_mass_fraction: Mapping[str, Quantity]
    amount: Mapping[str, Quantity]
    guest_density: Quantity
    guest_salt_concentration: Quantity
    salt_concentration: Mapping[str, Quantity]
    repeat_units_per_salt: Mapping[str, Quantity]
    repeat_units_per_carrier: Quantity | None
    cases: tuple[CaseResult, ...]
    assumptions: tuple[str, ...]


def membrane_of(formulation: Formulation, densities: Mapping[str, str] | None = None) -> Membrane:
    r"""Compute a membrane from its formulation.

    The guest's volumes add: with mass fractions :math:`w_i` of the membrane and densities :math:`\rho_i`,

    .. math:: v_g = \sum_i w_i/\rho_i, \quad \rho_g = (1 - w_f)/v_g, \quad c_g = \sum_s (w_s/M_s)/v_g,

    and for the membrane, whose specific volume v is the structural case's
    (:meth:`lamion.substances.structural_case.StructuralCase.specific_volume`), :math:`\rho = 1/v` and
    :math:`c = \sum_s (w_s/M_s)/v`.

    Parameters
    ----------
    formulation : Formulation
        What it is mixed from.
    densities : Mapping of str to str, optional
        The form of the density fact to take for an ingredient, such as ``{"litfsi": "supplier"}``; by default the
        first fact, and what the others would give widens the uncertainty.

    Returns
    -------
    Membrane

    Raises
    ------
    InputError
        When an ingredient has no density, or a form or an ingredient is unknown.

    Notes
    -----
    Ideal mixing leaves out the change of volume on dissolution. Voids, and the water and the solvent that drying
    leaves, are left out too.

    Examples
    --------
    >>> from lamion.substances import known_substance, polymer_formulation
    >>> film = polymer_formulation(known_substance("peo"), salts=[(known_substance("litfsi"), 18)])
    >>> round(membrane_of(film).repeat_units_per_carrier.value, 6)
    18.0
    """
    choices = _density_choices(formulation, densities or {})
    model = _Model(formulation, tuple(facts[0].quantity for facts in choices))
    others = [
        tuple(fact.quantity for fact in combination)
        for combination in product(*choices)
        if combination != tuple(facts[0] for facts in choices)
    ]
    cases = structural_cases(formulation.framework)
    composition = {name: model.composed(name, unit) for name, unit in model.composition().items()}
    guest = {
        name: model.with_choice(name, FREE_STANDING, unit, others).quantity
        for name, unit in model.guest_volumes().items()
    }
    return Membrane(
        mass_fraction=_part(composition, "mass_fraction"),
        guest_mass_fraction=_part(composition, "guest_mass_fraction"),
        amount=_part(composition, "amount"),
        guest_density=guest["density"],
        guest_salt_concentration=guest["salt_concentration"],
        salt_concentration=_part(guest, "salt"),
        repeat_units_per_salt=_part(composition, "per_salt"),
        repeat_units_per_carrier=composition.get("per_carrier"),
        cases=tuple(_case_result(model, case, others) for case in cases),
        assumptions=_assumptions(formulation, choices),
    )


def _density_choices(formulation: Formulation, wanted: Mapping[str, str]) -> list[tuple[Fact, ...]]:
    """List each guest ingredient's density facts, the one to take first; one only where the caller chose."""
    keys = [item.key for item in formulation.guest]
    unknown = [key for key in wanted if key not in keys]
    if unknown:
        raise InputError(
            f"A density was chosen for '{unknown[0]}', which the guest does not hold.",
            "",
            f"Choose for: {', '.join(keys)}.",
        )
    choices = []
    for item in formulation.guest:
        chosen = item.substance.fact("density", wanted.get(item.key))
        is_open = item.key not in wanted and item.amount.value > 0
        choices.append(item.substance.stated("density") if is_open else (chosen,))
    return choices


@dataclass(frozen=True)
class _Chosen:
    """A result, and the part of its uncertainty that is the choice of densities."""

    quantity: Quantity
    choice: float


@dataclass(frozen=True)
class _Model:
    """The computation with plain floats, so that each result can be propagated from the same inputs."""

    formulation: Formulation
    densities: tuple[Quantity, ...]

    def composition(self) -> dict[str, str]:
        """Name the results that need no density, with their units."""
        form = self.formulation
        names = {f"mass_fraction.{key}": "1" for key in form.keys}
        names |= {f"guest_mass_fraction.{item.key}": "1" for item in form.guest}
        names |= {f"amount.{key}": "mol/kg" for key in form.keys}
        present = [item.key for item in form.salts if item.amount.value > 0]
        if form.polymer is not None and present:
            names |= {f"per_salt.{key}": "1" for key in present} | {"per_carrier": "1"}
        return names

    def guest_volumes(self) -> dict[str, str]:
        """Name the guest's results that need densities, with their units."""
        salts = {f"salt.{item.key}": "mol/L" for item in self.formulation.salts}
        return {"density": "g/cm3", "salt_concentration": "mol/L", **salts}

    def composed(self, name: str, unit: str) -> Quantity:
        """Propagate a result that needs no density."""

        def function(*amounts: float) -> float:
            return self._composition_values(self._fractions(amounts))[name]

        amounts = [item.amount for item in self.formulation.ingredients]
        return propagate(function, *amounts, unit=unit, source="composition")

    def propagated(self, name: str, case: StructuralCase, unit: str) -> Quantity:
        """Propagate a result that needs densities."""
        ingredients, guests = len(self.formulation.ingredients), len(self.densities)

        def function(*values: float) -> float:
            fractions = self._fractions(values[:ingredients])
            densities = values[ingredients : ingredients + guests]
            return self._volume_values(fractions, densities, values[ingredients + guests :], case)[name]

        amounts = [item.amount for item in self.formulation.ingredients]
        inputs = (*amounts, *self.densities, *case.densities)
        return propagate(
            function,
            *inputs,
            unit=unit,
            source="ideal mixing" if case is FREE_STANDING else f"ideal mixing, {case.name}",
        )

    def with_choice(
        self, name: str, case: StructuralCase, unit: str, others: Sequence[tuple[Quantity, ...]]
    ) -> _Chosen:
        """Widen a result by the other choices of densities."""
        chosen = self.propagated(name, case, unit)
        found = [replace(self, densities=other).propagated(name, case, unit).value for other in others]
        choice = max((abs(value - chosen.value) for value in found), default=0.0) / math.sqrt(3)
        return _Chosen(replace(chosen, std=math.hypot(chosen.std or 0.0, choice)), choice)

    def _fractions(self, amounts: Sequence[float]) -> dict[str, float]:
        form = self.formulation
        return dict(zip(form.keys, form.mass_fractions(amounts), strict=True))

    def _moles(self, fractions: Mapping[str, float]) -> dict[str, float]:
        """Give the amounts in mol/kg of membrane, from molar masses in g/mol."""
        return {
            item.key: 1000 * fractions[item.key] / item.substance.molar_mass.value
            for item in self.formulation.ingredients
        }

    def _composition_values(self, fractions: Mapping[str, float]) -> dict[str, float]:
        form = self.formulation
        guest = sum(fractions[item.key] for item in form.guest)
        moles = self._moles(fractions)
        return {
            **{f"mass_fraction.{key}": value for key, value in fractions.items()},
            **{f"guest_mass_fraction.{item.key}": fractions[item.key] / guest for item in form.guest},
            **{f"amount.{key}": value for key, value in moles.items()},
            **self._repeat_units(moles),
        }

    def _volume_values(
        self,
        fractions: Mapping[str, float],
        densities: Sequence[float],
        framework_densities: Sequence[float],
        case: StructuralCase,
    ) -> dict[str, float]:
        form = self.formulation
        guest = sum(fractions[item.key] for item in form.guest)
        guest_volume = sum(fractions[item.key] / density for item, density in zip(form.guest, densities, strict=True))
        volume = case.specific_volume(1 - guest, guest_volume, *framework_densities)
        moles = self._moles(fractions)
        salt = sum(moles[item.key] for item in form.salts)
        return {
            **{f"salt.{item.key}": moles[item.key] / guest_volume for item in form.salts},
            "density": guest / guest_volume,
            "salt_concentration": salt / guest_volume,
            "membrane_density": 1 / volume,
            "membrane_salt_concentration": salt / volume,
            "guest_volume_fraction": guest_volume / volume,
        }

    def _repeat_units(self, moles: Mapping[str, float]) -> dict[str, float]:
        polymer, salts = self.formulation.polymer, self.formulation.salts
        carriers = sum(moles[item.key] * item.substance.charge_carriers for item in salts)
        if polymer is None or carriers == 0:
            return {}
        units = moles[polymer.key]
        per_salt = {f"per_salt.{item.key}": units / moles[item.key] for item in salts if moles[item.key] > 0}
        return {**per_salt, "per_carrier": units / carriers}


def _case_result(model: _Model, case: StructuralCase, others: Sequence[tuple[Quantity, ...]]) -> CaseResult:
    density = model.with_choice("membrane_density", case, "g/cm3", others)
    salt = model.with_choice("membrane_salt_concentration", case, "mol/L", others)
    return CaseResult(
        case=case,
        density=density.quantity,
        salt_concentration=salt.quantity,
        guest_volume_fraction=model.propagated("guest_volume_fraction", case, "1").value,
        density_choice=density.choice,
        salt_concentration_choice=salt.choice,
    )


def _part(results: Mapping[str, Quantity], prefix: str) -> dict[str, Quantity]:
    return {
        name.removeprefix(f"{prefix}."): quantity for name, quantity in results.items() if name.startswith(f"{prefix}.")
    }


def _assumptions(formulation: Formulation, choices: Sequence[tuple[Fact, ...]]) -> tuple[str, ...]:
    sentences = ["The volumes of the guest's ingredients add (ideal mixing), and there are no voids."]
    for item, facts in zip(formulation.guest, choices, strict=True):
        if item.amount.value == 0:
            continue
        if item.basis in ("guest", "membrane"):
            whole = "the guest" if item.basis == "guest" else "the whole membrane"
            sentences.append(f"{item.key} is a mass fraction of {whole}.")
        others = "".join(f", and not {fact.quantity} ({fact.form})" for fact in facts[1:])
        fact = facts[0]
        sentences.append(f"The density of {item.key} is {fact.quantity} ({fact.form}; grade {fact.grade}){others}.")
    return tuple(sentences)
