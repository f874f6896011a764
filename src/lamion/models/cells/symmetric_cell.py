"""The overpotential of a symmetric lithium cell from its electrolyte and its interfaces, part by part."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from lamion.models.cells.charge_transfer import Convention, per_interface
from lamion.models.cells.voltage_budget import VoltageBudget, single_ion_budget, voltage_budget
from lamion.models.transport.uniform_film import UniformFilm
from lamion.quantities import Answer, FigureData, InputError, Quantity, propagate
from lamion.quantities.fields import Checked, of
from lamion.quantities.figure import Axis, Bars, Figure, Line, Panel, Rule, Span, Trace

_CONVENTIONS: tuple[Convention, ...] = ("cell", "interface")
_PARTS = ("ohmic", "charge_transfer", "charge_transfer_linear", "concentration")


@dataclass(frozen=True)
class SymmetricCell(Checked):
    """A Li|Li cell as people describe it.

    Parameters
    ----------
    thickness, conductivity, transference, concentration : Quantity
        Of the electrolyte at the cell's temperature.
    rct : Quantity
        Charge-transfer resistance as reported.
    current, temperature : Quantity
        Of the test.
    diffusivity, thermodynamic_factor : Quantity, optional
        Of the salt; by default after Nernst and Einstein, and 1.

    Notes
    -----
    A transference number of exactly 1 is a single-ion conductor: nothing in it changes but by Ohm's law.
    """

    thickness: Quantity = of("thickness")
    conductivity: Quantity = of("conductivity")
    transference: Quantity = of("transference")
    concentration: Quantity = of("concentration")
    rct: Quantity = of("charge_transfer")
    current: Quantity = of("current")
    temperature: Quantity = of("temperature")
    diffusivity: Quantity | None = of("diffusivity", default=None)
    thermodynamic_factor: Quantity | None = of("thermodynamic_factor", default=None)

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.rct.si == 0:
            raise InputError("The charge-transfer resistance is zero.", "", "Give a positive value.")
        if 0 < self.transference.value < 1e-6 and self.diffusivity is None:
            raise InputError(
                f"The transference number is {self.transference}.",
                "By Nernst and Einstein the salt of such an electrolyte does not diffuse.",
                "Check it, or give the diffusivity.",
            )

    @property
    def is_single_ion(self) -> bool:
        """Whether lithium alone carries the current."""
        return self.transference.value == 1.0

    def film(self, **changed: float) -> UniformFilm:
        """Return the electrolyte.

        Parameters
        ----------
        **changed : float
            SI values that stand in the place of those given, by name.
        """
        si = self._si() | changed
        return UniformFilm(
            si["thickness"],
            si["conductivity"],
            si["transference"],
            si["concentration"],
            si["temperature"],
            si.get("diffusivity"),
            si.get("thermodynamic_factor", 1.0),
        )

    def budget(self, convention: Convention, time: float | None, **changed: float) -> VoltageBudget:
        """Return the budget.

        Parameters
        ----------
        convention : str
            Whose the resistance is.
        time : float or None
            s; None for the steady state.
        **changed : float
            SI values that stand in the place of those given, by name.
        """
        si = self._si() | changed
        resistance = per_interface(si["rct"], convention)
        if self.is_single_ion:
            return single_ion_budget(si["thickness"] / si["conductivity"], resistance, si["current"], si["temperature"])
        return voltage_budget(self.film(**changed), resistance, si["current"], time)

    def _si(self) -> dict[str, float]:
        return {name: quantity.si for name, quantity in self.given().items()}


def symmetric_cell(
    cell: SymmetricCell,
    *,
    convention: Convention | None = None,
    measured: Quantity | None = None,
    time: Quantity | None = None,
) -> Answer:
    r"""Predict a Li|Li cell's overpotential and say what of a measured one it leaves unexplained.

    .. math:: \eta = \eta_\mathrm{ohmic} + \eta_\mathrm{ct} + \eta_\mathrm{conc}

    Parameters
    ----------
    cell : SymmetricCell
        The electrolyte, the interfaces and the test.
    convention : str, optional
        Whether the charge-transfer resistance is that of the ``"cell"``, both interfaces together, or of one
        ``"interface"``. Where it is not known, the two readings of it and the two of its nature (Butler and Volmer,
        ohmic) bound the answer: the overpotential is the middle between the smallest and the largest, with the
        standard uncertainty of a value that is equally likely anywhere between them.
    measured : Quantity, optional
        An overpotential to compare with.
    time : Quantity, optional
        Since the current was switched on; the steady state without it.

    Returns
    -------
    Answer
        ``ohmic``, ``charge_transfer``, ``charge_transfer_linear``, ``concentration``, ``overpotential``,
        ``overpotential.lowest``, ``overpotential.highest``, ``peak_to_peak`` (twice the overpotential) and, with
        `measured`, ``unexplained``, all in mV; ``limiting_current`` (mA/cm2), which a single-ion conductor has not.
        The series has a row for each convention.

    Raises
    ------
    InputError
        When a number is of no sense, or the film cannot carry the current.

    Notes
    -----
    What is left unexplained can be anything that this budget does not hold: an interphase that grew since the
    impedance was taken, voids, contact, roughness, leads.

    Examples
    --------
    >>> def q(value, unit): return Quantity(value, None, unit)
    >>> cell = SymmetricCell(q(9, "um"), q(1.37e-3, "S/cm"), q(0.81, "1"), q(2, "mol/L"), q(24.5, "ohm cm2"),
    ...                      q(0.4, "mA/cm2"), q(55, "degC"))
    >>> found = symmetric_cell(cell, convention="cell", measured=q(42, "mV"))
    >>> round(found.results["overpotential"].value, 1), round(found.results["unexplained"].value, 1)
    (10.1, 31.9)
    """
    seconds = None if time is None else time.si
    parts = parts_of(cell, seconds)
    lowest, highest = parts["cell"]["overpotential"], parts["interface"]["overpotential_linear"]
    results = dict(parts[convention]) if convention else _between(parts, lowest, highest)
    results.pop("overpotential_linear")
    results |= {"overpotential.lowest": lowest, "overpotential.highest": highest}
    if convention:
        results["overpotential.lowest"] = results["overpotential"]
        results["overpotential.highest"] = parts[convention]["overpotential_linear"]
    results["peak_to_peak"] = _doubled(results["overpotential"])
    if measured is not None:
        results["unexplained"] = unexplained(measured, results["overpotential"])
    limit = None if cell.is_single_ion else film_limiting_current(cell)
    if limit is not None:
        results["limiting_current"] = limit
    return Answer(
        results,
        _series(parts, measured),
        {
            "convention": convention or "not known: the middle of all readings",
            "state": "steady" if time is None else f"after {time}",
            "share_of_limiting_current": None if limit is None else cell.current.si / limit.si,
        },
        _warnings(convention),
        {"budget": budget_figure({"": (parts, measured)})},
        {"limiting_current": "mA/cm2"} if limit is None else {},
        method="The sum of ohmic, charge-transfer (Butler and Volmer) and concentration overpotential "
        f"{'in the steady state' if time is None else 'at that time'}, of a uniform film in closed form.",
    )


def film_limiting_current(cell: SymmetricCell) -> Quantity:
    """Return the film's limiting current in mA/cm2, with the uncertainty of what was given.

    Parameters
    ----------
    cell : SymmetricCell
        Not of a single-ion conductor.
    """
    given = cell.given()
    return propagate(
        lambda *values: cell.film(**dict(zip(given, values, strict=True))).limiting_current,
        *given.values(),
        unit="mA/cm2",
        source="uniform film",
    )


Parts = dict[Convention, dict[str, Quantity]]
"""The parts of an overpotential in mV, for each reading of whose the charge-transfer resistance is."""


def parts_of(cell: SymmetricCell, time: float | None = None) -> Parts:
    """Return the parts of the overpotential in mV, for each reading of whose the resistance is.

    Parameters
    ----------
    cell : SymmetricCell
        The cell.
    time : float, optional
        s since the current was switched on; the steady state when None.
    """
    return {convention: _results(cell, convention, time) for convention in _CONVENTIONS}


def _results(cell: SymmetricCell, convention: Convention, time: float | None) -> dict[str, Quantity]:
    given = cell.given()

    def part(name: str) -> Callable[..., float]:
        return lambda *values: float(
            getattr(cell.budget(convention, time, **dict(zip(given, values, strict=True))), name)
        )

    names = (*_PARTS, "overpotential", "overpotential_linear")
    return {name: propagate(part(name), *given.values(), unit="mV", source="voltage budget") for name in names}


def _between(parts: Parts, lowest: Quantity, highest: Quantity) -> dict[str, Quantity]:
    found = {name: _middle(parts["cell"][name], parts["interface"][name]) for name in _PARTS}
    # The part goes from the one end of the total to the other, so that the parts add up to it.
    found["charge_transfer"] = _middle(parts["cell"]["charge_transfer"], parts["interface"]["charge_transfer_linear"])
    return found | {
        "overpotential": _middle(lowest, highest),
        "overpotential_linear": _middle(parts["cell"]["overpotential_linear"], highest),
    }


def _middle(low: Quantity, high: Quantity) -> Quantity:
    """Return the middle of two readings, with the standard uncertainty of a rectangle between them (GUM, 4.3.7).

    The 95 % interval holds both readings, each with its own.
    """
    own = max(low.std or 0.0, high.std or 0.0)
    spread = math.hypot(own, abs(high.value - low.value) / math.sqrt(12))
    ends = [end for one in (low, high) for end in one.at_95 if end is not None]
    middle = (low.value + high.value) / 2
    return replace(low, value=middle, std=spread if spread else low.std, interval_95=(min(ends), max(ends)))


def _doubled(one: Quantity) -> Quantity:
    low, high = one.at_95
    return replace(2 * one, interval_95=(None if low is None else 2 * low, None if high is None else 2 * high))


def unexplained(measured: Quantity, found: Quantity) -> Quantity:
    """Return what of a measured overpotential a predicted one leaves, mV.

    Parameters
    ----------
    measured, found : Quantity
        Independent voltages.
    """
    return propagate(lambda a, b: a - b, measured, found, unit="mV", source="measured less overpotential")


def _series(parts: Parts, measured: Quantity | None) -> dict[str, list[Any]]:
    rows = [parts[name] for name in _CONVENTIONS]
    series: dict[str, list[Any]] = {"Convention": list(_CONVENTIONS)}
    titles = {
        "ohmic": "Ohmic / mV",
        "charge_transfer": "Charge Transfer / mV",
        "charge_transfer_linear": "Charge Transfer Linear / mV",
        "concentration": "Concentration / mV",
        "overpotential": "Overpotential / mV",
        "overpotential_linear": "Overpotential Linear / mV",
    }
    series |= {title: [row[name].value for row in rows] for name, title in titles.items()}
    if measured is not None:
        mv = measured.to("mV").value
        series["Unexplained / mV"] = [mv - row["overpotential"].value for row in rows]
        series["Unexplained Linear / mV"] = [mv - row["overpotential_linear"].value for row in rows]
    return series


def _warnings(convention: Convention | None) -> tuple[str, ...]:
    if convention is not None:
        return ()
    return (
        "Whether the charge-transfer resistance is that of the cell or of one interface is not said: it moves its "
        "overpotential by up to a factor of two. Give --rct-convention where it is known.",
    )


def budget_figure(cells: dict[str, tuple[Parts, Quantity | None]]) -> FigureData:
    """Return the bars of one or more cells, one for each reading of the charge-transfer resistance.

    Parameters
    ----------
    cells : dict
        By name, the parts by convention and what was measured.
    """
    panels = [
        Panel(
            _bars(parts, None if measured is None else measured.to("mV")),
            Axis(low=-0.6, high=len(parts) - 0.4, ticks=[(float(k), _READINGS[c]) for k, c in enumerate(parts)]),
            Axis("voltage", "mV", results=("overpotential",) if len(cells) == 1 and measured is None else ()),
            name,
            grid="",
        )
        for name, (parts, measured) in cells.items()
    ]
    size = (max(6.2, 3.6 * len(cells)), 4.2)
    figure = Figure(panels, columns=len(cells), size=size, legend="above")
    return figure.entitled("Where the voltage of a Li|Li cell goes")


_READINGS = {"cell": "R_ct of the cell", "interface": "R_ct of one interface"}
_STACKED = (
    ("ohmic", "film, ohmic", 0),
    ("charge_transfer", "charge transfer", 1),
    ("concentration", "concentration", 2),
)


def _bars(parts: Parts, measured: Quantity | None) -> list[Trace]:
    """Return the parts on each other, the whole with its uncertainty, and what was measured."""
    places = [float(k) for k in range(len(parts))]
    rows, traces = list(parts.values()), []
    base = [0.0] * len(rows)
    for key, label, color in _STACKED:
        ends = [start + row[key].value for start, row in zip(base, rows, strict=True)]
        traces.append(Bars(places, base, ends, label, color, 0.6))
        base = ends
    found: list[Trace] = [*traces, _whole(places, base, rows)]
    for place, end, row in zip(places, base, rows, strict=True):
        linear = end - row["charge_transfer"].value + row["charge_transfer_linear"].value
        found.append(Line([place - 0.3, place + 0.3], [linear] * 2, "with ohmic interphase", "ink", "dotted"))
    if measured is not None:
        short = [(place, end) for place, end in zip(places, base, strict=True) if end < measured.value]
        tops = [measured.value] * len(short)
        starts = [place for place, _ in short], [end for _, end in short]
        missing = Bars(*starts, tops, "unexplained", 6, 0.6, hatch=True, hollow=True)
        found += [missing] if short else []
        found.append(Rule(measured.value, "y", "measured", 5, "dashed"))
        if measured.std:
            found.append(Span(measured.value - measured.std, measured.value + measured.std, "y", color=5))
    return found


def _whole(places: list[float], ends: list[float], rows: Sequence[Mapping[str, Quantity]]) -> Bars:
    """Return the uncertainty of the whole, at the upper end."""
    return Bars(places, ends, ends, color="ink", width=0.6, error=[row["overpotential"].std for row in rows])
