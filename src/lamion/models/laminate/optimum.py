"""Where a mixture of polymer and plasticiser conducts best, and how far that depends on what nobody measured."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from lamion.models.laminate.percolation import Contacts, medium_conductivity, medium_optimum, mixture_curve
from lamion.progress import Progress, silent
from lamion.quantities import Answer, InputError, Quantity, units
from lamion.quantities.figure import Axis, Figure, Line, Panel, Points
from lamion.quantities.level import LEVEL_95, coverage_factor

INTERFACES = (3.0, 10.0, 30.0, 100.0, 1000.0)
PLASTICISERS = (0.01, 0.1, 1.0, 10.0)
ROBUST = 1.5
"""An optimum is called robust when it moves by less than this factor over the ranges."""


@dataclass(frozen=True)
class Mixture:
    """A polymer and its plasticiser.

    Parameters
    ----------
    polymer_volume, plasticiser_volume : Quantity
        Molar volumes of a repeat unit and of a molecule, cm3/mol.
    interface, plasticiser : Quantity
        Conductances across the interface and between sites of plasticiser, over the polymer's.
    """

    polymer_volume: Quantity
    plasticiser_volume: Quantity
    interface: Quantity
    plasticiser: Quantity

    def __post_init__(self) -> None:
        for name in ("polymer_volume", "plasticiser_volume"):
            item = getattr(self, name)
            if not (units.same_dimension(item.unit, "cm3/mol") and item.si > 0):
                raise InputError(f"The {name.replace('_', ' ')} is {item}.", "", "Give it as in '39 cm3/mol'.")

    @property
    def contacts(self) -> Contacts:
        """The bonds, over the polymer's."""
        return Contacts(1.0, self.plasticiser.si, self.interface.si)

    def molar_ratio(self, fraction: float) -> float | None:
        """Return molecules of plasticiser per repeat unit; None for pure plasticiser.

        Parameters
        ----------
        fraction : float
            Volume fraction of the plasticiser.
        """
        if fraction >= 1:
            return None
        return fraction / (1 - fraction) * self.polymer_volume.si / self.plasticiser_volume.si

    def molar_slope(self, fraction: float) -> float:
        """Return how fast :meth:`molar_ratio` grows with the fraction.

        Parameters
        ----------
        fraction : float
            Volume fraction of the plasticiser, below 1.
        """
        return self.polymer_volume.si / self.plasticiser_volume.si / (1 - fraction) ** 2


def mixture_optimum(
    mixture: Mixture,
    *,
    interfaces: Sequence[float] = INTERFACES,
    plasticisers: Sequence[float] = PLASTICISERS,
    size: int = 16,
    realisations: int = 6,
    seed: int = 0,
    progress: Progress = silent,
) -> Answer:
    r"""Find the composition of the highest conductivity, and how it moves with the bonds.

    .. math:: \frac{n_\mathrm{SN}}{n_\mathrm{EO}} = \frac{x}{1-x} \frac{V_\mathrm{EO}}{V_\mathrm{SN}}

    Parameters
    ----------
    mixture : Mixture
        The two components.
    interfaces, plasticisers : sequence of float
        The ranges over which the optimum of the effective medium is mapped.
    size, realisations, seed, progress
        As in :func:`lamion.models.laminate.percolation.mixture_curve`.

    Returns
    -------
    Answer
        ``optimum_fraction``, ``optimum_ratio`` (plasticiser per repeat unit; missing where pure plasticiser conducts
        best; its 95 % interval holds every conductance of the bonds that was tried), ``enhancement`` (highest over
        polymer alone); ``notes.sensitivity``, ``notes.robust``.

    Notes
    -----
    Salt content, crystallinity, glass transition and mechanics are left out, and the phases are mixed at random down
    to one site.

    Examples
    --------
    >>> volumes = Quantity(39.0, None, "cm3/mol"), Quantity(80.0, None, "cm3/mol")
    >>> bonds = Quantity(30.0, None, "1"), Quantity(1.0, None, "1")
    >>> answer = mixture_optimum(Mixture(*volumes, *bonds), size=6, realisations=2)
    >>> 0.35 < answer.results["optimum_fraction"].value < 0.65
    True
    """
    x = np.linspace(0, 1, 21)
    curve = mixture_curve(
        mixture.contacts, x.tolist(), size=size, realisations=realisations, seed=seed, progress=progress
    )
    medium = [medium_conductivity(float(f), mixture.contacts) for f in x]
    table = _sensitivity(mixture, interfaces, plasticisers)
    results = {
        "optimum_fraction": Quantity(curve.optimum, curve.optimum_error, "1", "random resistor network"),
        "enhancement": Quantity(
            float(curve.mean.max() / curve.mean[0]), float(curve.error[curve.mean.argmax()] / curve.mean[0]), "1"
        ),
    }
    ratio = mixture.molar_ratio(curve.optimum)
    if ratio is not None:
        volumes = (mixture.polymer_volume, mixture.plasticiser_volume)
        relative = [volume.si_std / volume.si for volume in volumes]
        of_fraction = mixture.molar_slope(curve.optimum) * curve.optimum_error
        std = math.hypot(of_fraction, *(ratio * share for share in relative))
        over_bonds = _interval_over_bonds(table, ratio, std)
        results["optimum_ratio"] = Quantity(ratio, std, "1", "random resistor network", interval_95=over_bonds)
    uncertainty = "of the lattices and the molar volumes; the sensitivity shows what the bonds do"
    notes = {"sensitivity": table, **_spread(table), "uncertainty": uncertainty}
    lattice = Points(x, curve.mean, "lattice", y_error=curve.error, open=True)
    left = Panel(
        [lattice, Line(x, medium, "effective medium", 5)],
        Axis("volume fraction of the plasticiser"),
        Axis("conductivity / polymer's", scale="log"),
    )
    figure = Figure([left, _sensitivity_panel(table)], columns=2, size=(8.0, 3.6))
    return Answer(
        results,
        {
            "Plasticiser Volume Fraction / 1": x.tolist(),
            "Plasticiser per Repeat Unit / 1": [mixture.molar_ratio(float(f)) for f in x],
            "Conductivity over Polymer / 1": curve.mean.tolist(),
            "Standard Error / 1": curve.error.tolist(),
            "Effective Medium / 1": medium,
        },
        notes,
        _doubts(notes),
        {"optimum": figure.entitled("Conductivity of the mixture, and where it is highest")},
        method=f"A random resistor network of {size}^3 sites, {realisations} times at each of {len(x)} compositions.",
    )


def _sensitivity(
    mixture: Mixture, interfaces: Sequence[float], plasticisers: Sequence[float]
) -> list[dict[str, float | None]]:
    rows: list[dict[str, float | None]] = []
    for interface in interfaces:
        for plasticiser in plasticisers:
            best = medium_optimum(Contacts(1.0, plasticiser, interface))
            rows.append(
                {
                    "interface": interface,
                    "plasticiser": plasticiser,
                    "optimum_fraction": best,
                    "optimum_ratio": mixture.molar_ratio(best),
                }
            )
    return rows


def _interval_over_bonds(
    table: Sequence[Mapping[str, float | None]], ratio: float, std: float
) -> tuple[float | None, float | None]:
    """Return the 95 % interval: whatever conductances the bonds may have, and open where some leave no optimum."""
    margin = coverage_factor(LEVEL_95) * std
    every = [row["optimum_ratio"] for row in table]
    found = [one for one in every if one is not None and one > 0]
    highest = None if None in every else max(*found, ratio) + margin
    return max(min(*found, ratio) - margin, 0.0), highest


def _spread(table: Sequence[dict[str, float | None]]) -> dict[str, Any]:
    ratios = [row["optimum_ratio"] for row in table]
    found = [ratio for ratio in ratios if ratio is not None and ratio > 0]
    ends = len(ratios) - len(found)
    low, high = (min(found), max(found)) if found else (None, None)
    robust = bool(ends == 0 and low and high and high / low < ROBUST)
    return {"lowest_ratio": low, "highest_ratio": high, "without_an_optimum": ends, "robust": robust}


def _doubts(notes: dict[str, Any]) -> tuple[str, ...]:
    if notes["robust"]:
        return ()
    return (
        "The optimum is not robust: over the ranges of the bonds it lies between "
        f"{notes['lowest_ratio']:.2g} and {notes['highest_ratio']:.2g} molecules per repeat unit, and "
        f"{notes['without_an_optimum']} of {len(notes['sensitivity'])} combinations have none between the ends."
        if notes["lowest_ratio"] is not None
        else "No combination of bonds in the ranges has an optimum between the ends.",
    )


_MARKERS = ("circle", "square", "diamond", "up", "down")


def _sensitivity_panel(table: Sequence[Mapping[str, Any]]) -> Panel:
    """Return where the optimum lies for other interfaces, a line for each conductivity of the plasticiser."""
    traces = []
    for number, plasticiser in enumerate(sorted({row["plasticiser"] for row in table})):
        own = [row for row in table if row["plasticiser"] == plasticiser and row["optimum_ratio"] is not None]
        x, y = [row["interface"] for row in own], [row["optimum_ratio"] for row in own]
        marker = _MARKERS[number % len(_MARKERS)]
        traces.append(Points(x, y, f"plasticiser {plasticiser:g}", number, marker=marker, joined=True))
    return Panel(traces, Axis("interface / polymer", scale="log"), Axis("optimum, molecules per repeat unit"))
