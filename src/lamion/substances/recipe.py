"""From a formulation to the answer that people ask for, the recipes of PEO laminates, and the inverse problem."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

from lamion.quantities import Answer, FigureData, InputError, Quantity, propagate
from lamion.quantities.figure import Axis, Bars, Figure, Panel
from lamion.substances.formulation import Amount, Formulation, polymer_formulation, stated_substance
from lamion.substances.membrane import CaseResult, Membrane, membrane_of
from lamion.substances.structural_case import choose_case
from lamion.substances.substance import Substance


def membrane_recipe(
    formulation: Formulation, *, case: str | None = None, densities: Mapping[str, str] | None = None
) -> Answer:
    """Answer what a formulation is: mass fractions, densities, salt concentrations.

    Parameters
    ----------
    formulation : Formulation
        What it is mixed from.
    case : str, optional
        The structural case that the membrane's numbers are for; by default the first that its framework allows. The
        notes hold them all.
    densities : Mapping of str to str, optional
        As in :func:`lamion.substances.membrane.membrane_of`.

    Returns
    -------
    Answer
        ``mass_fraction.<key>`` of the whole membrane, ``salt_concentration.guest`` and ``.membrane`` (all salts,
        mol/L), ``density.guest`` and ``.membrane`` (g/cm3); ``series`` has one row per component.

    Raises
    ------
    InputError
        When a density is missing or the case is unknown.

    Examples
    --------
    >>> from lamion.substances import library
    >>> film = peo_formulation(library(), eo_li=18, eo_sn=4, framework=0.497, lidfob=0.01)
    >>> round(membrane_recipe(film).results["mass_fraction.sn"].value, 3)
    0.123
    """
    result = membrane_of(formulation, densities)
    chosen = choose_case(tuple(item.case for item in result.cases), case)
    shown = next(item for item in result.cases if item.case is chosen)
    return Answer(
        results={
            **{f"mass_fraction.{key}": value for key, value in result.mass_fraction.items()},
            "salt_concentration.guest": result.guest_salt_concentration,
            "salt_concentration.membrane": shown.salt_concentration,
            "density.guest": result.guest_density,
            "density.membrane": shown.density,
        },
        series=_table(result),
        notes=_notes(result, shown),
        warnings=_warnings(formulation),
        figures={"composition": _figure(result)},
        assumptions=(*result.assumptions, shown.case.description),
        method=_METHOD,
        things={"electrolyte": {"concentration": shown.salt_concentration, "density": shown.density}},
    )


_METHOD = (
    "Mass fractions from molar ratios and molar masses; in the guest the components' volumes add, the membrane's is "
    "that of its structural case."
)


def _table(result: Membrane) -> dict[str, list[float | str | None]]:
    """List the components, one row each."""
    keys = list(result.mass_fraction)
    return {
        "Component": list(keys),
        "Mass Fraction / 1": [result.mass_fraction[key].value for key in keys],
        "Mass Fraction of Guest / 1": [
            result.guest_mass_fraction[key].value if key in result.guest_mass_fraction else None for key in keys
        ],
        "Amount / mol/kg": [result.amount[key].value for key in keys],
    }


def _notes(result: Membrane, shown: CaseResult) -> dict[str, Any]:
    carriers = result.repeat_units_per_carrier
    return {
        "structural_case": shown.case.name,
        "structural_cases": {item.case.name: _case_note(item) for item in result.cases},
        "repeat_units_per_salt": _values(result.repeat_units_per_salt),
        "repeat_units_per_cation_in_all": None if carriers is None else carriers.value,
        "mass_fraction_of_guest": _values(result.guest_mass_fraction),
        "moles_per_kg_of_membrane": _values(result.amount),
        "salt_concentration_of_guest_by_salt_mol_per_L": _values(result.salt_concentration),
    }


def _case_note(item: CaseResult) -> dict[str, Any]:
    return {
        "assumes": item.case.description,
        "density_g_per_cm3": item.density.value,
        "density_uncertainty": item.density.std,
        "density_uncertainty_by_choice_of_density": item.density_choice,
        "salt_concentration_mol_per_L": item.salt_concentration.value,
        "salt_concentration_uncertainty": item.salt_concentration.std,
        "salt_concentration_uncertainty_by_choice_of_density": item.salt_concentration_choice,
        "guest_volume_fraction": item.guest_volume_fraction,
    }


def _values(quantities: Mapping[str, Quantity]) -> dict[str, float]:
    return {key: quantity.value for key, quantity in quantities.items()}


def _warnings(formulation: Formulation) -> tuple[str, ...]:
    if not formulation.salts:
        return ("The guest holds no salt: its salt concentration is zero.",)
    return ()


def _figure(result: Membrane) -> FigureData:
    """Draw the components as one bar."""
    traces, start = [], 0.0
    for number, (key, fraction) in enumerate((k, q.value) for k, q in result.mass_fraction.items() if q.value > 0):
        end = start + 100.0 * fraction
        traces.append(Bars([0.0], [start], [end], f"{key} {100 * fraction:.1f} %", number, across=True))
        start = end
    panel = Panel(traces, Axis("mass fraction of the whole", "%", low=0.0, high=100.0), Axis(hidden=True), grid="")
    return Figure([panel], size=(7.0, 1.6), legend="above").entitled("Mass fractions of the membrane")


def peo_formulation(
    substances: Mapping[str, Substance],
    *,
    eo_li: Amount,
    eo_sn: Amount | None = None,
    framework: Amount = 0.0,
    lidfob: Amount = 0.0,
    lidfob_basis: Literal["guest", "membrane"] = "membrane",
) -> Formulation:
    """Build a PEO/SN/LiTFSI electrolyte with LiDFOB in a CuTCPP framework.

    Parameters
    ----------
    substances : Mapping of str to Substance
        With ``peo``, ``litfsi``, ``sn``, ``lidfob`` and ``cutcpp``, such as :func:`lamion.substances.library`.
    eo_li, eo_sn : float, str or Quantity
        EO units per LiTFSI and per succinonitrile; no succinonitrile when `eo_sn` is None.
    framework : float, str or Quantity
        Mass fraction of the whole membrane; 0 for a free-standing film.
    lidfob : float, str or Quantity
        Mass fraction of LiDFOB.
    lidfob_basis : str
        What `lidfob` is a fraction of, ``"membrane"`` or ``"guest"``.

    Returns
    -------
    Formulation
        With all five ingredients, some perhaps of mass zero.

    Raises
    ------
    InputError
        When a ratio or a fraction is impossible or a substance is missing.

    Examples
    --------
    >>> from lamion.substances import library
    >>> peo_formulation(library(), eo_li=18).keys
    ('peo', 'litfsi', 'sn', 'lidfob', 'framework')
    """
    peo, sn, litfsi, salt, host = (
        stated_substance(key, substances) for key in ("peo", "sn", "litfsi", "lidfob", "cutcpp")
    )
    return polymer_formulation(
        peo,
        plasticisers=() if eo_sn is None else [(sn, eo_sn)],
        salts=[(litfsi, eo_li)],
        additives=[*([(sn, 0.0)] if eo_sn is None else []), (salt, lidfob)],
        additive_basis=lidfob_basis,
        framework=(host, framework),
    )


def repeat_units_per_plasticiser(
    polymer: Substance,
    plasticiser: Substance,
    salt: Substance,
    *,
    plasticiser_fraction: Quantity,
    repeat_units_per_salt: Quantity,
) -> Quantity:
    r"""Find the molar ratio that a plasticiser's mass fraction implies, in a film of polymer, plasticiser and salt.

    .. math:: x = \frac{M_s}{M_p + M_a/n} \, \frac{1 - w}{w}

    with :math:`M_p` of the repeat unit, :math:`M_s` of the plasticiser and :math:`M_a` of the salt.

    Parameters
    ----------
    polymer, plasticiser, salt : Substance
        What the film holds, and nothing else.
    plasticiser_fraction : Quantity
        Mass fraction w of the plasticiser in the film, between 0 and 1.
    repeat_units_per_salt : Quantity
        n, such as 18 for EO:Li = 18; larger than zero.

    Returns
    -------
    Quantity
        Repeat units per plasticiser, x.

    Raises
    ------
    InputError
        When the fraction or the ratio is impossible.

    Examples
    --------
    >>> from lamion.substances import known_substance
    >>> x = repeat_units_per_plasticiser(
    ...     known_substance("peo"), known_substance("sn"), known_substance("litfsi"),
    ...     plasticiser_fraction=Quantity(0.10, 0.005, "1"), repeat_units_per_salt=Quantity(18, None, "1"))
    >>> print(x)
    12.01(67)
    """
    if not 0 < plasticiser_fraction.si < 1 or not repeat_units_per_salt.si > 0:
        raise InputError(
            f"A mass fraction of {plasticiser_fraction} at a ratio of {repeat_units_per_salt} is impossible.",
            "",
            "Give a fraction between 0 and 1 and a ratio larger than zero.",
        )
    M_p, M_s, M_a = polymer.molar_mass.si, plasticiser.molar_mass.si, salt.molar_mass.si
    return propagate(
        lambda w, n: M_s / (M_p + M_a / n) * (1 - w) / w,
        plasticiser_fraction,
        repeat_units_per_salt,
        unit="1",
        source="mass balance",
    )


def molar_ratio_of_batch(
    first: Substance,
    first_mass: Quantity,
    second: Substance,
    second_mass: Quantity,
    *,
    first_purity: Quantity | None = None,
    second_purity: Quantity | None = None,
) -> Quantity:
    r"""Return how many formula units of one reagent a batch holds per formula unit of another.

    .. math:: r = \frac{m_1 p_1 / M_1}{m_2 p_2 / M_2}

    Parameters
    ----------
    first, second : Substance
        The reagents, with their water of crystallisation in the formula.
    first_mass, second_mass : Quantity
        What was weighed, larger than zero.
    first_purity, second_purity : Quantity, optional
        Mass fraction of the reagent in what was weighed, in (0, 1]; by default 1.

    Returns
    -------
    Quantity
        A plain number.

    Raises
    ------
    InputError
        When a mass is not larger than zero or a purity not in (0, 1].

    Examples
    --------
    >>> from lamion.substances import known_substance
    >>> ratio = molar_ratio_of_batch(
    ...     known_substance("copper_nitrate_trihydrate"), Quantity(30.2, 0.1, "mg"),
    ...     known_substance("tcpp"), Quantity(33.0, 0.1, "mg"))
    >>> print(ratio)
    2.995(13)
    """
    one = Quantity(1.0, None, "1")
    purities = (first_purity or one, second_purity or one)
    for mass, purity in zip((first_mass, second_mass), purities, strict=True):
        if not mass.si > 0 or not 0 < purity.si <= 1:
            raise InputError(
                f"A mass of {mass} at a purity of {purity} is impossible.",
                "",
                "Give a mass larger than zero and a purity above 0 and up to 1.",
            )
    M1, M2 = first.molar_mass.si, second.molar_mass.si
    return propagate(
        lambda m1, m2, p1, p2: m1 * p1 / M1 / (m2 * p2 / M2),
        first_mass,
        second_mass,
        *purities,
        unit="1",
        source="weighed masses",
    )
