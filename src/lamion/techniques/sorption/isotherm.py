"""What an isotherm tells: the area of a surface, the volume of pores, and a width of micropores where it is seen."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from lamion.quantities import Answer, InputError, Quantity
from lamion.records.isotherm import Isotherm
from lamion.techniques.sorption.adsorbates import ADSORBATES, Adsorbate, Branch, adsorption_branch
from lamion.techniques.sorption.figure import isotherm_figure
from lamion.techniques.sorption.pore_width import (
    FIRST,
    LATER,
    MARGIN,
    PoreWidths,
    filling_pressure,
    needed_pressure,
    pore_widths_raw,
)
from lamion.techniques.sorption.surface_area import FEWEST, SurfaceArea, Window, condensation, surface_area_raw

Array = NDArray[np.float64]
_SOURCE = "BET equation"
_NITROGEN, _NEAR = "N2", 2.0
_FULL = 0.95
"""The relative pressure at which all pores are taken to be full."""
_FAR = 0.05
_OF_MICROPORES = 400.0
"""C of the BET equation: of open surfaces it is some 50 to 200, where micropores fill hundreds to thousands."""
_FEW = 3
"""Windows: of fewer the spread tells little."""


@dataclass(frozen=True)
class Measured:
    """What a person says of an isotherm.

    Parameters
    ----------
    molecule : float, optional
        Area of a molecule, m2; that of the adsorbate without it.
    saturation : float, optional
        Saturation pressure, Pa.
    width : float, optional
        A free width of micropores, nm, that the isotherm should show.
    adsorbate : str, optional
        Its formula, instead of the file's.
    temperature : float, optional
        K, instead of the file's.
    """

    molecule: float | None = None
    saturation: float | None = None
    width: float | None = None
    adsorbate: str | None = None
    temperature: float | None = None

    def said_of(self, record: Isotherm) -> Isotherm:
        """Return an isotherm with what was said of it."""
        if self.adsorbate is None and self.temperature is None:
            return record
        columns = {name: getattr(record, name) for name in record.kind.columns}
        return Isotherm(
            **columns,
            adsorbate=self.adsorbate or record.adsorbate,
            temperature=record.temperature if self.temperature is None else self.temperature,
            saturation=record.saturation,
            metadata=record.metadata,
            source=record.source,
        )


def sorption(record: Isotherm, measured: Measured | None = None) -> Answer:
    r"""Read an isotherm.

    .. math:: a = n_m N_A \sigma, \qquad u^2(a) = u_\mathrm{fit}^2 + u_\mathrm{windows}^2

    Parameters
    ----------
    record : Isotherm
        Of nitrogen, argon, or a gas whose molecule's area is said.
    measured : Measured
        What is known of it.

    Returns
    -------
    Answer
        ``area`` (m2/g) with the scatter about the straight line and the root mean square of what every other window
        that Rouquerol's rules allow changes; ``smallest_area`` and ``largest_area`` of these; ``monolayer`` (mmol/g),
        ``constant``, ``pore_volume`` (cm3/g) where the branch reaches p/p0 = 0.95, ``micropore_width`` (nm) of nitrogen
        at 77 K where the pressures support one; with a width asked for ``needed_pressure``.

    Raises
    ------
    InputError
        When the molecule's area or the saturation pressure is not known, or no window keeps the rules.

    Notes
    -----
    Of microporous solids the area is an apparent one: pores fill where the equation means a layer.

    References
    ----------
    J. Rouquerol, P. Llewellyn, F. Rouquerol, Stud. Surf. Sci. Catal. 160 (2007) 49,
    doi:10.1016/S0167-2991(07)80008-5; M. Thommes et al., Pure Appl. Chem. 87 (2015) 1051, doi:10.1515/pac-2014-1117.

    Examples
    --------
    >>> x = np.linspace(0.005, 0.6, 50)
    >>> n = 4.0 * 100 * x / ((1 - x) * (1 + 99 * x))
    >>> answer = sorption(Isotherm(n, x, adsorbate="N2", temperature=77.355))
    >>> round(answer["area"].value, 1)
    390.2
    """
    measured = measured or Measured()
    record = measured.said_of(record)
    branch = adsorption_branch(record, measured.saturation)
    molecule = _molecule(record, measured)
    found = surface_area_raw(branch.relative, branch.loading)
    if found is None:
        raise InputError(
            f"No window of {FEWEST} points keeps Rouquerol's rules.",
            "Too few points lie where the first layer forms, or the solid takes up the gas in another way.",
            "Measure more points below p/p0 = 0.3, or check adsorbate and saturation pressure.",
        )
    gas = ADSORBATES.get(record.adsorbate or "")
    pores = _pores(record, branch, gas, found.chosen.constant)
    results = _of_area(found, molecule) | _of_volume(branch, gas)
    unreached: dict[str, str] = {}
    if pores is not None and pores.mode is not None:
        spread = math.hypot(pores.spacing, pores.constants)
        results["micropore_width"] = Quantity(pores.mode, spread, "nm", "Horvath and Kawazoe's equation")
    else:
        unreached["micropore_width"] = "nm"
    if measured.width is not None:
        results["needed_pressure"] = Quantity(needed_pressure(measured.width), None, "1", "a tenth of the filling's")
    return Answer(
        results,
        _series(branch),
        _notes(record, branch, found, molecule, pores),
        (*_doubts(branch, found, molecule), *_of_pores(branch, pores, measured)),
        {"isotherm": isotherm_figure(record, branch, found, pores)},
        unreached,
        method=_method(branch, found),
        assumptions=_assumed(record, measured, pores),
        headline=("area", "micropore_width", "needed_pressure", "pore_volume", "smallest_area", "largest_area"),
    )


def _molecule(record: Isotherm, measured: Measured) -> float:
    if measured.molecule is not None:
        return measured.molecule
    gas = ADSORBATES.get(record.adsorbate or "")
    if gas is None:
        name = record.adsorbate or "the gas"
        raise InputError(
            f"The area that a molecule of {name} covers is not known.",
            f"lamion knows those of {' and '.join(ADSORBATES)}.",
            'Say it: --molecule-area "0.162 nm2".',
        )
    return 1e-18 * gas.area


def _of_area(found: SurfaceArea, molecule: float) -> dict[str, Quantity]:
    """Return the area in m2/g with every part of its uncertainty, and what the other windows give."""
    own = found.chosen
    areas = np.array([one.area(molecule) for one in found.allowed]) / 1e3
    value = own.area(molecule) / 1e3
    windows = float(np.sqrt(np.mean((areas - value) ** 2)))
    fit = value * own.deviation / own.monolayer
    return {
        "area": Quantity(value, math.hypot(fit, windows), "m2/g", _SOURCE),
        "smallest_area": Quantity(float(areas.min()), None, "m2/g", _SOURCE),
        "largest_area": Quantity(float(areas.max()), None, "m2/g", _SOURCE),
        "monolayer": Quantity(own.monolayer, own.monolayer * math.hypot(fit, windows) / value, "mmol/g", _SOURCE),
        "constant": Quantity(own.constant, None, "1", _SOURCE),
    }


def _of_volume(branch: Branch, gas: Adsorbate | None) -> dict[str, Quantity]:
    """Return the volume of what is taken up at 0.95, as liquid."""
    if gas is None or branch.relative[-1] < _FULL:
        return {}
    loading = float(np.interp(_FULL, branch.relative, branch.loading))
    return {"pore_volume": Quantity(loading * gas.liquid / 1e3, None, "cm3/g", "uptake as liquid")}


def _pores(record: Isotherm, branch: Branch, gas: Adsorbate | None, constant: float) -> PoreWidths | None:
    """Return the widths of micropores, None where the equation's constants are not those of the gas."""
    if gas is None or gas.name != _NITROGEN:
        return None
    if record.temperature is not None and abs(record.temperature - gas.boiling) > _NEAR:
        return None
    found = pore_widths_raw(branch.relative, branch.loading, gas.liquid)
    if found.mode is None or constant >= _OF_MICROPORES:
        return found
    reason = (
        f"C of the BET equation is {constant:.0f}, as of an open surface, whose first layer the equation takes for one"
    )
    return replace(found, mode=None, reason=reason)


def _series(branch: Branch) -> dict[str, list[float | str | None]]:
    term = branch.loading * (1.0 - branch.relative)
    return {
        "Relative pressure": branch.relative.tolist(),
        "Loading / mmol/g": branch.loading.tolist(),
        "Loading (1 - p/p0) / mmol/g": term.tolist(),
    }


def _ends(branch: Branch, window: Window) -> str:
    return f"{branch.relative[window.first]:.4g} to {branch.relative[window.last]:.4g}"


def _notes(
    record: Isotherm, branch: Branch, found: SurfaceArea, molecule: float, pores: PoreWidths | None
) -> dict[str, object]:
    notes: dict[str, object] = {
        "adsorbate": record.adsorbate,
        "temperature_K": record.temperature,
        "saturation_pressure": branch.saturation,
        "molecule_area_nm2": 1e18 * molecule,
        "window": _ends(branch, found.chosen),
        "points": found.chosen.last - found.chosen.first + 1,
        "coverage_pressure": found.chosen.coverage,
        "windows_allowed": len(found.allowed),
        "lowest_pressure": float(branch.relative[0]),
    }
    if pores is not None and math.isfinite(pores.narrowest):
        notes["narrowest_width_nm"] = pores.narrowest
    return notes


def _doubts(branch: Branch, found: SurfaceArea, molecule: float) -> Iterator[str]:
    step = condensation(branch.relative, branch.loading)
    chosen, wider = found.chosen, found.beyond
    if step is not None and branch.relative[chosen.last] > step:
        yield (
            f"Condensation in pores begins at p/p0 = {step:.2f}, inside the window that was used: the area is too "
            "large. Measure more points below it."
        )
    if wider is not None:
        inside = "" if step is None else f"condensation, which begins at {step:.2f}, is inside it, and "
        yield (
            f"Beyond the window n (1 - p/p0) rises again: one up to its largest value, p/p0 = "
            f"{branch.relative[wider.last]:.2f}, gives {wider.area(molecule) / 1e3:.0f} m2/g; {inside}it is not used."
        )
    areas = [one.area(molecule) for one in found.allowed]
    if len(areas) < _FEW:
        windows = "window keeps" if len(areas) == 1 else "windows keep"
        yield (
            f"Only {len(areas)} {windows} the rules, so that what their choice changes is hardly known: measure more "
            f"points below p/p0 = {branch.relative[chosen.last]:.2g}."
        )
    if max(areas) - min(areas) > _FAR * chosen.area(molecule):
        yield (
            f"The windows that the rules allow differ by {(max(areas) - min(areas)) / 1e3:.3g} m2/g: say with the area "
            f"which was used ({_ends(branch, chosen)})."
        )


def _of_pores(branch: Branch, pores: PoreWidths | None, measured: Measured) -> Iterator[str]:
    """Refuse a width of micropores that the pressures do not support, and say what they had to be."""
    if measured.width is None:
        return
    lowest, needed = float(branch.relative[0]), needed_pressure(measured.width)
    first, later = (float(filling_pressure(measured.width, one)) for one in (FIRST, LATER))
    if pores is None:
        yield "A width of micropores is read of nitrogen at 77 K alone: the equation's constants are those."
    elif lowest > needed:
        yield (
            f"The isotherm does not support a width of {measured.width:.3g} nm: such pores fill at p/p0 = {first:.1g}, "
            f"so that it had to begin at {needed:.1g} or below, and it begins at {lowest:.1g}."
        )
    elif lowest > later / MARGIN:
        yield (
            f"Only by the first work's constants does the isotherm show pores of {measured.width:.3g} nm: by later "
            f"ones they fill at p/p0 = {later:.1g}, and it begins at {lowest:.1g}."
        )
    elif pores.mode is None:
        yield f"The isotherm shows no width of micropores: {pores.reason}."


def _method(branch: Branch, found: SurfaceArea) -> str:
    points = found.chosen.last - found.chosen.first + 1
    return (
        f"The BET equation's straight line through {points} points at p/p0 = {_ends(branch, found.chosen)}, the "
        f"longest of {len(found.allowed)} windows that Rouquerol's rules allow; the others are its uncertainty."
    )


def _assumed(record: Isotherm, measured: Measured, pores: PoreWidths | None) -> tuple[str, ...]:
    found = []
    if measured.molecule is None and record.adsorbate in ADSORBATES:
        found.append(
            f"A molecule of {record.adsorbate} covers {ADSORBATES[record.adsorbate].area:g} nm2"
            + ("; on polar surfaces it may be a fifth less." if record.adsorbate == _NITROGEN else ".")
        )
    if pores is not None and pores.mode is not None:
        found.append(
            "Micropores are slits between walls of carbon, and all that is taken up fills pores; constants of another "
            f"work put them {pores.constants:.2f} nm lower, which is in the uncertainty."
        )
    return tuple(found)
