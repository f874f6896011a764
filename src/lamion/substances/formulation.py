"""A formulation: what an electrolyte is mixed from, and the mass fractions that follow."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from lamion.quantities import InputError, Quantity, parse
from lamion.quantities import units as _units
from lamion.substances.substance import Substance

Basis = Literal["polymer", "repeat units", "parts", "guest", "membrane"]
Amount = float | str | Quantity
Portion = tuple[Substance, Amount]

FRAMEWORK = "framework"


@dataclass(frozen=True, slots=True)
class Ingredient:
    """One substance of a formulation and how much of it.

    Parameters
    ----------
    substance : Substance
        What it is.
    amount : Quantity
        A plain number, meant by `basis`.
    basis : str
        ``"polymer"``, the polymer whose repeat units are counted (amount 1); ``"repeat units"``, repeat units
        per molecule, as in EO:Li; ``"parts"``, mass parts; ``"guest"`` or ``"membrane"``, a mass fraction of
        the guest or of the whole membrane.
    is_framework : bool
        True for the framework or filler that holds the guest.

    Raises
    ------
    InputError
        When a ratio is not larger than zero or a mass fraction not in [0, 1).
    """

    substance: Substance
    amount: Quantity
    basis: Basis
    is_framework: bool = False

    def __post_init__(self) -> None:
        value = self.amount.si
        name = self.substance.name
        if not _units.same_dimension(self.amount.unit, "1"):
            raise InputError(
                f"The amount of {name}, {self.amount}, has a unit.", "", "Give a plain number or a percentage."
            )
        if self.basis in ("guest", "membrane") and not 0 <= value < 1:
            raise InputError(
                f"The mass fraction of {name}, {value:g}, is not from 0 to below 1.",
                "A percentage without its sign is the usual cause.",
                "Write 0.01 or '1 wt%' for one per cent.",
            )
        if self.basis in ("polymer", "repeat units", "parts") and not value > 0:
            raise InputError(
                f"The ratio of {name}, {value:g}, is not larger than zero.", "", "Leave out what is not there."
            )

    @property
    def key(self) -> str:
        """Its name in results: the substance's key, or ``"framework"``."""
        return FRAMEWORK if self.is_framework else self.substance.key


@dataclass(frozen=True, slots=True)
class Formulation:
    """Everything an electrolyte is mixed from.

    Build one with :func:`polymer_formulation`, :func:`mass_parts_formulation` or :func:`formulation_from_table`.

    Parameters
    ----------
    ingredients : tuple of Ingredient
        Either one of basis ``"polymer"`` with others in repeat units, or mass parts; and additives and at most one
        framework by mass fraction.

    Raises
    ------
    InputError
        When the bases do not go together, a substance comes twice, or the mass fractions leave nothing for the
        rest.
    """

    ingredients: tuple[Ingredient, ...]

    def __post_init__(self) -> None:
        _check_bases(self.ingredients)
        _check_keys(self.ingredients)
        self.mass_fractions([item.amount.si for item in self.ingredients])

    @property
    def keys(self) -> tuple[str, ...]:
        """The ingredients' names in results."""
        return tuple(item.key for item in self.ingredients)

    @property
    def guest(self) -> tuple[Ingredient, ...]:
        """Every ingredient but the framework."""
        return tuple(item for item in self.ingredients if not item.is_framework)

    @property
    def framework(self) -> Substance | None:
        """The framework, when there is any of it."""
        present = [item for item in self.ingredients if item.is_framework and item.amount.value > 0]
        return present[0].substance if present else None

    @property
    def polymer(self) -> Ingredient | None:
        """The ingredient whose repeat units are counted."""
        stated = [item for item in self.ingredients if item.basis == "polymer"]
        return next(iter(stated or [item for item in self.guest if item.substance.kind == "polymer"]), None)

    @property
    def salts(self) -> tuple[Ingredient, ...]:
        """Every dissolved salt: guest ingredients that carry Li, Na or K, additives included."""
        return tuple(item for item in self.guest if item.substance.charge_carriers > 0)

    def mass_fractions(self, amounts: Sequence[float]) -> tuple[float, ...]:
        r"""Return the mass fractions of the whole membrane.

        With the framework's fraction :math:`w_f` and the guest's :math:`G = 1 - w_f`, an additive that is
        :math:`g_j` of the guest weighs :math:`g_j G`, one that is :math:`w_j` of the membrane :math:`w_j`. The
        rest,

        .. math:: B = G (1 - \sum g_j) - \sum w_j,

        is shared as :math:`m_i / \sum m`: :math:`M` of the repeat unit for the polymer, :math:`M_i / n_i` for
        :math:`n_i` repeat units per molecule, or the mass parts.

        Parameters
        ----------
        amounts : sequence of float
            One plain number per ingredient, in their order and bases.

        Returns
        -------
        tuple of float
            In the order of the ingredients; their sum is 1.

        Raises
        ------
        InputError
            When nothing is left for the rest.
        """
        framework = sum(amount for item, amount in zip(self.ingredients, amounts, strict=True) if item.is_framework)
        guest = 1 - framework
        masses = [_mass(item, amount, guest) for item, amount in zip(self.ingredients, amounts, strict=True)]
        fixed = sum(
            mass for item, mass in zip(self.ingredients, masses, strict=True) if item.basis in ("guest", "membrane")
        )
        rest = 1 - fixed
        if not rest > 0:
            raise InputError(
                f"The mass fractions given sum to {fixed:.4g}, which leaves nothing for the rest.",
                "A percentage without its sign is the usual cause.",
                "Let framework and additives sum to less than 1.",
            )
        shared = sum(
            mass for item, mass in zip(self.ingredients, masses, strict=True) if item.basis not in ("guest", "membrane")
        )
        return tuple(
            mass if item.basis in ("guest", "membrane") else mass * rest / shared
            for item, mass in zip(self.ingredients, masses, strict=True)
        )


def _mass(item: Ingredient, amount: float, guest: float) -> float:
    """Give an ingredient's mass: of 1 for a mass fraction, in units of its own for ratios and parts."""
    if item.basis == "polymer":
        return item.substance.molar_mass.value
    if item.basis == "repeat units":
        return item.substance.molar_mass.value / amount
    return amount * guest if item.basis == "guest" else amount


def _check_bases(ingredients: tuple[Ingredient, ...]) -> None:
    bases = [item.basis for item in ingredients]
    if ("parts" in bases) == ("polymer" in bases) or bases.count("polymer") > 1:
        raise InputError(
            "A formulation needs one polymer that the molar ratios count from, or mass parts, and not both.",
            "",
            "Give a polymer with molar ratios to its repeat unit, or mass parts alone.",
        )
    if "repeat units" in bases and "polymer" not in bases:
        raise InputError("A molar ratio needs a polymer whose repeat units it counts.", "", "Give the polymer.")
    frameworks = [item for item in ingredients if item.is_framework]
    if len(frameworks) > 1 or any(item.basis != "membrane" for item in frameworks):
        raise InputError(
            "A formulation can hold one framework, by its mass fraction of the whole membrane.",
            "",
            "Give one framework, and other fillers as additives.",
        )


def _check_keys(ingredients: tuple[Ingredient, ...]) -> None:
    keys = [item.key for item in ingredients]
    twice = sorted({key for key in keys if keys.count(key) > 1})
    if twice:
        raise InputError(
            f"The formulation holds '{twice[0]}' more than once.", "", "Give each substance once, or another key."
        )


def polymer_formulation(
    polymer: Substance,
    *,
    salts: Sequence[Portion] = (),
    plasticisers: Sequence[Portion] = (),
    additives: Sequence[Portion] = (),
    additive_basis: Literal["guest", "membrane"] = "membrane",
    framework: Portion | None = None,
) -> Formulation:
    """Build a formulation that counts from a polymer's repeat units.

    Parameters
    ----------
    polymer : Substance
        Its formula is the repeat unit's.
    salts, plasticisers : sequence of (Substance, amount)
        Repeat units per molecule, larger than zero: 18 for EO:Li = 18.
    additives : sequence of (Substance, amount)
        Mass fractions in [0, 1).
    additive_basis : str
        What additives are a fraction of: ``"membrane"``, the whole with its framework, or ``"guest"``.
    framework : (Substance, amount), optional
        Mass fraction of the whole membrane in [0, 1).

    Returns
    -------
    Formulation

    Raises
    ------
    InputError
        As :class:`Ingredient` and :class:`Formulation`.

    Examples
    --------
    >>> from lamion.substances import known_substance
    >>> film = polymer_formulation(known_substance("peo"), salts=[(known_substance("litfsi"), 18)])
    >>> [round(w, 4) for w in film.mass_fractions([1, 18])]
    [0.7342, 0.2658]
    """
    return Formulation(
        (
            Ingredient(polymer, _plain(1.0), "polymer"),
            *(Ingredient(item, _plain(amount), "repeat units") for item, amount in (*plasticisers, *salts)),
            *(Ingredient(item, _plain(amount), additive_basis) for item, amount in additives),
            *_framework(framework),
        )
    )


def mass_parts_formulation(parts: Sequence[Portion], *, framework: Portion | None = None) -> Formulation:
    """Build a formulation from mass parts, such as PAN : SN : LiDFOB = 5 : 2 : 1.

    Parameters
    ----------
    parts : sequence of (Substance, amount)
        Mass parts of the guest, larger than zero, in any unit.
    framework : (Substance, amount), optional
        Mass fraction of the whole membrane in [0, 1).

    Returns
    -------
    Formulation

    Raises
    ------
    InputError
        As :class:`Ingredient` and :class:`Formulation`.

    Examples
    --------
    >>> from lamion.substances import known_substance
    >>> parts = {"pan": 5, "sn": 2, "lidfob": 1}
    >>> layer = mass_parts_formulation([(known_substance(name), part) for name, part in parts.items()])
    >>> layer.mass_fractions([5, 2, 1])
    (0.625, 0.25, 0.125)
    """
    return Formulation((*(Ingredient(item, _plain(amount), "parts") for item, amount in parts), *_framework(framework)))


def _framework(framework: Portion | None) -> tuple[Ingredient, ...]:
    if framework is None:
        return ()
    return (Ingredient(framework[0], _plain(framework[1]), "membrane", is_framework=True),)


def _plain(amount: Amount) -> Quantity:
    if isinstance(amount, Quantity):
        return amount
    return parse(amount, "1", name="The amount") if isinstance(amount, str) else Quantity(float(amount), None, "1")


RECIPE_KEYS = ("polymer", "salts", "plasticisers", "additives", "additive_basis", "framework", "parts")
"""What the table of a recipe may hold."""


def formulation_from_table(table: Mapping[str, Any], substances: Mapping[str, Substance]) -> Formulation:
    """Build a formulation from a TOML or JSON table, such as a study's recipe.

    Parameters
    ----------
    table : Mapping
        ``polymer`` (a key) with ``salts``, ``plasticisers`` (key to repeat units per molecule), ``additives``
        (key to mass fraction) and ``additive_basis``; or ``parts`` (key to mass parts). Either way
        ``framework``, one key to its mass fraction of the membrane. Amounts are numbers, quantities or texts
        such as ``"1.0(1) wt%"``.
    substances : Mapping of str to Substance
        What the keys stand for, such as :func:`lamion.substances.library`.

    Returns
    -------
    Formulation

    Raises
    ------
    InputError
        When a key is unknown or the recipe does not hold together.

    Examples
    --------
    >>> from lamion.substances import library
    >>> recipe = {"polymer": "peo", "salts": {"litfsi": 18}, "framework": {"cutcpp": 0.497}}
    >>> formulation_from_table(recipe, library()).keys
    ('peo', 'litfsi', 'framework')
    """
    unknown = [key for key in table if key not in RECIPE_KEYS]
    if unknown:
        raise InputError(f"A recipe has the unknown key '{unknown[0]}'.", "", f"Known are: {', '.join(RECIPE_KEYS)}.")
    framework = next(iter(_portions(table, "framework", substances)), None)
    if "parts" in table:
        _refuse_molar_ratios(table)
        return mass_parts_formulation(_portions(table, "parts", substances), framework=framework)
    if "polymer" not in table:
        raise InputError("A recipe has neither a polymer nor mass parts.", "", "Give one of the two.")
    return polymer_formulation(
        stated_substance(table["polymer"], substances),
        salts=_portions(table, "salts", substances),
        plasticisers=_portions(table, "plasticisers", substances),
        additives=_portions(table, "additives", substances),
        additive_basis=_additive_basis(table),
        framework=framework,
    )


def _refuse_molar_ratios(table: Mapping[str, Any]) -> None:
    others = [key for key in table if key not in ("parts", "framework")]
    if others:
        raise InputError(
            f"A recipe by mass parts also has '{others[0]}'.", "", "Give mass parts, or a polymer with ratios."
        )


def _additive_basis(table: Mapping[str, Any]) -> Literal["guest", "membrane"]:
    basis = table.get("additive_basis", "membrane")
    if basis == "guest":
        return "guest"
    if basis == "membrane":
        return "membrane"
    raise InputError(f"The additive basis '{basis}' is unknown.", "", "Use 'membrane' or 'guest'.")


def _portions(table: Mapping[str, Any], name: str, substances: Mapping[str, Substance]) -> list[Portion]:
    portions = table.get(name, {})
    if not isinstance(portions, Mapping):
        raise InputError(f"The recipe's {name} is not a table.", "", "Write it like { litfsi = 18 }.")
    return [(stated_substance(key, substances), _amount(key, amount)) for key, amount in portions.items()]


def _amount(key: str, amount: Any) -> Amount:
    if isinstance(amount, bool) or not isinstance(amount, int | float | str | Quantity):
        raise InputError(f"The amount of {key} is not a number.", "", "Write a number such as 18 or '1 wt%'.")
    found = _plain(amount)
    _units.check_range(found.value, found.unit, f"The amount of {key}")
    return found


def stated_substance(key: Any, substances: Mapping[str, Substance]) -> Substance:
    """Return what a key stands for, or raise :class:`InputError` with the known keys.

    Parameters
    ----------
    key
        As written in a recipe.
    substances : Mapping of str to Substance
        What the keys stand for.
    """
    if not isinstance(key, str):
        raise InputError("A substance of the recipe is not a text.", "", 'Write it in quotation marks, like "peo".')
    if key not in substances:
        raise InputError(
            f"The recipe holds '{key}', which is not a known substance.",
            f"Known are: {', '.join(substances)}.",
            "Use one of these, or define your own.",
        )
    return substances[key]
