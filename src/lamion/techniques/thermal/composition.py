r"""What the steps of a thermogram say of a mixture, by what is said of which component leaves in which step.

.. math:: w_i = \frac{w_k}{1 - r_i} \quad\text{or}\quad w_i = \frac{w_{residue}}{r_i}

with the share r of a component that stays: of a framework of copper and an organic linker, for instance, the mass of
copper(II) oxide over that of the framework which holds as much copper.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from lamion.quantities import InputError, Quantity
from lamion.substances.formula import composition, molar_mass

RESIDUE = 0
_LIGHT = frozenset({"O", "C", "H", "N", "S", "F", "Cl"})
"""Elements that may leave or join: they do not count what stays."""


@dataclass(frozen=True)
class Assigned:
    """A component and where its mass is read.

    Parameters
    ----------
    name : str
        As results call it.
    step : int
        Counted from 1; 0 for what is left at the end.
    stays : float
        What part of it is left at the end.
    """

    name: str
    step: int
    stays: float = 0.0


def share_left(formula: str, residue: str) -> float:
    r"""Return the mass that a compound leaves over its own, all of the residue's metal being that of the compound.

    .. math:: r = \frac{n_M(\text{compound})}{n_M(\text{residue})} \frac{M_{residue}}{M_{compound}}

    Parameters
    ----------
    formula, residue : str
        Such as ``"Cu3C48H24N4O8"`` and ``"CuO"``.

    Raises
    ------
    InputError
        When the residue holds no metal, or one that the compound has none of.

    Examples
    --------
    >>> round(share_left("CaC2O4", "CaO"), 4)
    0.4378
    """
    whole, left = composition(formula), composition(residue)
    metals = [element for element in left if element not in _LIGHT]
    if len(metals) != 1 or metals[0] not in whole:
        raise InputError(
            f"What '{formula}' leaves cannot be '{residue}'.",
            "One element of the residue that does not leave must be the compound's.",
            'Give formulas such as --compound "Cu3C48H24N4O8" --left-as "CuO".',
        )
    return whole[metals[0]] / left[metals[0]] * molar_mass(residue) / molar_mass(formula)


def assigned(texts: Sequence[str], stays: float | None) -> list[Assigned]:
    """Return what was said of the components.

    Parameters
    ----------
    texts : sequence of str
        ``NAME=STEP`` or ``NAME=residue``.
    stays : float or None
        The share that the component of the residue leaves.

    Raises
    ------
    InputError
        When one cannot be read, or names the residue of a component whose share is not known.

    Examples
    --------
    >>> assigned(["sn=1", "framework=residue"], 0.245)
    [Assigned(name='sn', step=1, stays=0.0), Assigned(name='framework', step=0, stays=0.245)]
    """
    found: list[Assigned] = []
    for text in texts:
        name, equals, place = (part.strip() for part in text.partition("="))
        residue = place.lower() == "residue"
        if not (equals and name.isidentifier() and (residue or (place.isdecimal() and len(place) < 3 and int(place)))):
            raise InputError(
                f"'{text[:60]}' does not say which component leaves in which step.",
                "",
                'Write a name and the number of its step, or residue: --component "sn=1, framework=residue".',
            )
        if residue and not stays:
            raise InputError(
                f"The residue says how much {name} there was only where it is known what it becomes.",
                "",
                'Say it: --compound "Cu3C48H24N4O8" --left-as "CuO".',
            )
        if any(one.name == name for one in found):
            raise InputError(f"The component '{name}' is named twice.", "", "Name each once.")
        found.append(Assigned(name, RESIDUE, stays or 0.0) if residue else Assigned(name, int(place)))
    return found


def composition_of(
    components: Sequence[Assigned], losses: Mapping[int, Quantity], residue: Quantity
) -> dict[str, Quantity]:
    """Return the mass fraction of each component, by its name.

    Parameters
    ----------
    components : sequence of Assigned
        What leaves where.
    losses : Mapping of int to Quantity
        Of each step, over the first mass.
    residue : Quantity
        What is left, over the first mass.

    Raises
    ------
    InputError
        When there is no step of that number.
    """
    found = {}
    for one in components:
        if one.step != RESIDUE and one.step not in losses:
            raise InputError(
                f"The component '{one.name}' should leave in step {one.step}, and there are {len(losses)}.",
                "Steps that overlap are one, or the window is too wide.",
                "Look at the figure; say another step, or a smaller --window.",
            )
        value, factor = (residue, 1.0 / one.stays) if one.step == RESIDUE else (losses[one.step], 1.0 / (1 - one.stays))
        std = None if value.std is None else factor * value.std
        found[one.name] = Quantity(factor * value.value, std, "1", "TGA and what was said of its steps")
    return found
