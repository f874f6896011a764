"""How a guest sits in a framework: the structural cases that a composition alone does not decide between."""

from __future__ import annotations

from dataclasses import dataclass

from lamion.quantities import InputError, Quantity, propagate
from lamion.quantities.constants import AVOGADRO
from lamion.substances.formula import dense_solid_density
from lamion.substances.substance import Substance

DENSE_SOLID_UNCERTAINTY = 0.05
"""Relative standard uncertainty taken for a dense solid's density from average atomic volumes; an assumption."""


@dataclass(frozen=True, slots=True)
class StructuralCase:
    """One way in which framework and guest share a membrane's volume.

    Parameters
    ----------
    name : str
        ``"free-standing"``, ``"no-pores"``, ``"pores-filled"`` or ``"galleries-only"``, the last with the form
        of the layer spacing where it is not the first.
    description : str
        What it assumes, a whole sentence.
    bulk : Quantity
        Density of the framework with its own pores empty; a dense filler's density.
    skeleton : Quantity or None
        Density of the framework's matter alone, where the guest fills the pores.
    """

    name: str
    description: str
    bulk: Quantity | None = None
    skeleton: Quantity | None = None

    @property
    def densities(self) -> tuple[Quantity, ...]:
        """The framework densities that the case uses, bulk first."""
        return tuple(density for density in (self.bulk, self.skeleton) if density is not None)

    def specific_volume(self, framework: float, guest_volume: float, *densities: float) -> float:
        r"""Return the membrane's volume per mass.

        .. math:: v = v_g + w_f/\rho_b

        when the framework's pores stay empty, and when the guest fills them first

        .. math:: v = w_f/\rho_s + \max\left(v_g,\; w_f/\rho_b - w_f/\rho_s\right),

        in which the second term of the maximum is the pores' volume: a guest too small to fill them leaves the
        framework's own volume.

        Parameters
        ----------
        framework : float
            Mass fraction of the framework, :math:`w_f`.
        guest_volume : float
            Volume of the guest per mass of membrane, :math:`v_g`, m3/kg.
        *densities : float
            :math:`\rho_b` and, if the case has it, :math:`\rho_s`, kg/m3, as in :attr:`densities`.

        Returns
        -------
        float
            m3/kg.
        """
        if self.bulk is None:
            return guest_volume
        if self.skeleton is None:
            return guest_volume + framework / densities[0]
        bulk, skeleton = densities
        return framework / skeleton + max(guest_volume, framework / bulk - framework / skeleton)


FREE_STANDING = StructuralCase("free-standing", "There is no framework: the membrane is the guest.")


def structural_cases(framework: Substance | None) -> tuple[StructuralCase, ...]:
    """Return the cases that a framework's facts allow, the default first.

    Parameters
    ----------
    framework : Substance or None
        With ``lattice_parameter`` and ``layer_spacing`` facts it is a laminar framework; with densities of the
        forms ``"crystal"`` and ``"skeleton"`` a porous one; with any other density a dense filler. None: no
        framework.

    Returns
    -------
    tuple of StructuralCase
        A porous framework's first case is ``"pores-filled"``; a ``"galleries-only"`` follows per layer spacing.

    Raises
    ------
    InputError
        When the framework has no density from which to start.

    Examples
    --------
    >>> from lamion.substances import known_substance
    >>> [case.name for case in structural_cases(known_substance("cutcpp"))]
    ['pores-filled', 'galleries-only', 'galleries-only-doubled']
    """
    if framework is None:
        return (FREE_STANDING,)
    spacings = framework.stated("layer_spacing")
    if spacings and framework.stated("lattice_parameter"):
        layered = [(fact.form, fact.quantity) for fact in spacings]
        bulks = [(form, layered_density(framework, spacing), spacing) for form, spacing in layered]
        galleries = [
            _galleries(form, bulk, f"layers {spacing} apart", first=index == 0)
            for index, (form, bulk, spacing) in enumerate(bulks)
        ]
        return (_pores_filled(bulks[0][1], skeleton_density(framework)), *galleries)
    forms = [fact.form for fact in framework.stated("density")]
    if "crystal" in forms and "skeleton" in forms:
        bulk = framework.quantity("density", "crystal")
        return (
            _pores_filled(bulk, framework.quantity("density", "skeleton")),
            _galleries("crystal", bulk, "the crystal's pores left empty", first=True),
        )
    return (_no_pores(framework),)


def layered_density(framework: Substance, spacing: Quantity) -> Quantity:
    r"""Return the density of a crystal of square layers with one formula unit a cell.

    .. math:: \rho = M / (N_A a^2 d)

    Parameters
    ----------
    framework : Substance
        With a formula and a ``lattice_parameter`` a.
    spacing : Quantity
        Distance of the layers, d.

    Returns
    -------
    Quantity
        In g/cm3, the pores between the layers' atoms empty.

    Examples
    --------
    >>> from lamion.substances import known_substance
    >>> print(layered_density(known_substance("cutcpp"), Quantity(4.64, 0.02, "angstrom")))
    1.2516(92) g/cm3
    """
    return propagate(
        lambda a, d, M: M / (AVOGADRO * a**2 * d),
        framework.quantity("lattice_parameter"),
        spacing,
        framework.molar_mass,
        unit="g/cm3",
        source="unit cell",
    )


def skeleton_density(framework: Substance) -> Quantity:
    """Return the density of a framework's matter without its pores.

    Parameters
    ----------
    framework : Substance
        Its density of the form ``"skeleton"`` is taken where stated; else the density of a dense solid of the same
        atoms, :func:`lamion.substances.formula.dense_solid_density`, with 5 % of standard uncertainty.

    Returns
    -------
    Quantity
        In g/cm3.

    Examples
    --------
    >>> from lamion.substances import known_substance
    >>> print(skeleton_density(known_substance("cutcpp")))
    1.609(80) g/cm3
    """
    stated = [fact for fact in framework.stated("density") if fact.form == "skeleton"]
    if stated:
        return stated[0].quantity
    density = dense_solid_density(framework.formula) / 1000
    return Quantity(
        density, DENSE_SOLID_UNCERTAINTY * density, "g/cm3", "average atomic volumes, doi:10.1107/S0108768101021814"
    )


def choose_case(cases: tuple[StructuralCase, ...], name: str | None) -> StructuralCase:
    """Return the case of a name, or the default.

    Parameters
    ----------
    cases : tuple of StructuralCase
        From :func:`structural_cases`.
    name : str or None
        A case's name; None for the first.

    Raises
    ------
    InputError
        When none has that name.
    """
    found = [case for case in cases if name in (None, case.name)]
    if found:
        return found[0]
    raise InputError(
        f"There is no structural case '{name}' for this membrane.",
        "",
        f"Choose from: {', '.join(case.name for case in cases)}.",
    )


def _pores_filled(bulk: Quantity, skeleton: Quantity) -> StructuralCase:
    return StructuralCase(
        "pores-filled",
        f"The guest fills the framework's own pores and then the galleries; the framework's matter has {skeleton}.",
        bulk,
        skeleton,
    )


def _galleries(form: str, bulk: Quantity, where: str, *, first: bool) -> StructuralCase:
    name = "galleries-only" if first else f"galleries-only-{form.replace(' ', '-')}"
    return StructuralCase(
        name, f"The guest is in galleries only, {where}; the framework with empty pores has {bulk}.", bulk
    )


def _no_pores(framework: Substance) -> StructuralCase:
    density = framework.quantity("density")
    return StructuralCase(
        "no-pores", f"{framework.name} is a filler without pores, of {density}; the volumes add.", density
    )
