r"""Discharges of a lithium-metal cell with a solid electrolyte: Doyle, Fuller and Newman's model on PyBaMM.

The electrolyte film is solved as a continuous phase (porosity 1), so its conductivity is the membrane's own:

.. math:: \sigma(c) = \sigma_0 \frac{c}{c_0}, \qquad D = 2 t_+ (1 - t_+) \frac{\sigma_0 R T}{F^2 c_0}, \qquad
          i_\mathrm{0,Li} = \frac{R T}{F R_\mathrm{ct}}

The same electrolyte, at a conductivity of its own if stated, fills the pores of the cathode (the catholyte).
"""

from __future__ import annotations

import math
import os
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lamion.models.cells.composite_cathode import CathodeRecipe, composite_cathode
from lamion.models.cells.lithium_metal_cell import LithiumMetalCell, check_cell
from lamion.quantities import InputError
from lamion.quantities.constants import FARADAY, GAS
from lamion.quantities.errors import MissingExtraError

Array = NDArray[np.float64]

_CARBON_DENSITY, _BINDER_DENSITY = 1950.0, 1780.0
_ELECTRONIC_CONDUCTIVITY = 100.0
_TAPER = 0.05
_CYCLES = 3
# Where the points of each part crowd, and how many times closer, as a power of e, than at its other end.
_GRADING = {"separator": ("right", 3.0), "positive electrode": ("left", 3.0), "positive particle": ("right", 1.5)}
# Without any lithium in it the cathode would have no exchange current.
_EMPTIEST = 1e-3
# A discharge takes hundreds; more would go on for hours without reaching its end.
_MOST_STEPS = 5000


@dataclass(frozen=True, eq=False)
class Discharge:
    """One discharge.

    Parameters
    ----------
    rate : float
        In units of 1C.
    capacity : float
        Per active mass, C/kg.
    average_voltage : float
        Energy over charge, V.
    middle_voltage : float
        At half of the capacity, V: the plateau of a two-phase cathode.
    charge : array, shape (n,)
        Per active mass, C/kg, rising from 0.
    voltage : array, shape (n,)
        V.
    least_salt : Mapping of str to float
        In ``film`` and ``cathode`` at the end, the least over that at rest.
    """

    rate: float
    capacity: float
    average_voltage: float
    middle_voltage: float
    charge: Array
    voltage: Array
    least_salt: Mapping[str, float]


@dataclass(frozen=True)
class Mesh:
    """Points across the film, across the cathode and along a particle's radius.

    Those of film and cathode crowd where the two meet: there salt runs out, and the current enters the cathode in a
    layer thinner than a tenth of it. Those of a particle crowd at its surface, where lithium enters it.
    """

    film: int = 40
    cathode: int = 20
    particle: int = 20

    def scaled(self, factor: float) -> Mesh:
        """Return the mesh with so many times as many points each way."""
        return Mesh(round(factor * self.film), round(factor * self.cathode), round(factor * self.particle))


@dataclass
class CellSimulator:
    """Builds a cell's equations once and solves them for many currents and material properties.

    Parameters
    ----------
    mesh : Mesh
        What it leaves open is estimated by :mod:`~lamion.models.cells.discretisation`.

    Examples
    --------
    A cell is built anew when its geometry, salt or window changes; rates, diffusion and kinetics do not need that.
    """

    mesh: Mesh = field(default_factory=Mesh)
    _built: dict[Any, Any] = field(default_factory=dict)

    def discharge(self, cell: LithiumMetalCell, rate: float) -> Discharge:
        """Discharge a cell at one rate.

        Parameters
        ----------
        cell : LithiumMetalCell
            The cell.
        rate : float
            In units of its 1C, 0.0001 to 1000.

        Returns
        -------
        Discharge

        Raises
        ------
        InputError
            When the window leaves nothing to discharge, the voltage is below it as soon as the current flows, or the
            equations cannot be solved.
        MissingExtraError
            When PyBaMM is not installed.

        References
        ----------
        M. Doyle, T. F. Fuller, J. Newman, J. Electrochem. Soc. 140 (1993) 1526, doi:10.1149/1.2221597; V. Sulzer et
        al., J. Open Res. Softw. 9 (2021) 14, doi:10.5334/jors.309.
        """
        check_cell(cell)
        if not 1e-4 <= rate <= 1000:
            raise InputError(f"A rate of {rate_label(rate)} cannot be simulated.", "", "Give rates such as 0.1,0.5,1.")
        pybamm = import_pybamm()
        simulation = self._simulation(pybamm, cell)
        try:
            solution, start = _run(simulation, cell, rate)
        except pybamm.SolverError as error:
            raise _failure(cell, rate, str(error)) from error
        return _discharge(solution, start, cell, rate)

    @cached_property
    def finer(self) -> CellSimulator:
        """One with twice as many points each way."""
        return CellSimulator(self.mesh.scaled(2.0))

    @cached_property
    def coarser(self) -> CellSimulator:
        """One with half as many."""
        return CellSimulator(self.mesh.scaled(0.5))

    def discharges(self, cell: LithiumMetalCell, rates: tuple[float, ...]) -> tuple[Discharge, ...]:
        """Discharge a cell at several rates, with one build."""
        return tuple(self.discharge(cell, rate) for rate in rates)

    def _simulation(self, pybamm: Any, cell: LithiumMetalCell) -> Any:
        material = replace(cell.material, diffusion_rate=1.0, exchange_current=1.0)
        key = replace(
            cell,
            material=material,
            conductivity=1.0,
            transference=0.5,
            catholyte_ratio=1.0,
            lithium_resistance=1.0,
            contact_resistance=0.0,
            diffusivity=1.0,
            one_c=1.0,
            protocol="full",
        )
        if key not in self._built:
            self._built[key] = _build(pybamm, cell, self.mesh)
        return self._built[key]


def rate_label(rate: float) -> str:
    """Write a rate as people do.

    Parameters
    ----------
    rate : float
        In units of 1C.

    Examples
    --------
    >>> rate_label(0.1), rate_label(1.0)
    ('0.1C', '1C')
    """
    return f"{rate:g}C"


def import_pybamm() -> Any:
    """Import PyBaMM with its telemetry off.

    Raises
    ------
    MissingExtraError
        When it is not installed.
    """
    os.environ["PYBAMM_DISABLE_TELEMETRY"] = "true"
    try:
        import pybamm
    except ImportError as error:
        raise MissingExtraError("cells", "Simulating a cell") from error
    pybamm.set_logging_level("ERROR")
    return pybamm


def _build(pybamm: Any, cell: LithiumMetalCell, mesh: Mesh) -> Any:
    def control(variables: Any) -> Any:
        # One residual for both ways of driving the cell: `hold` 0 fixes the current, 1 the voltage.
        hold, current = pybamm.InputParameter("hold"), pybamm.InputParameter("current")
        galvanostatic = variables["Current [A]"] / pybamm.InputParameter("one C") - current
        return (1 - hold) * galvanostatic + hold * (variables["Voltage [V]"] - cell.highest)

    model = pybamm.lithium_ion.DFN(
        {"working electrode": "positive", "operating mode": control, "contact resistance": "true"}
    )
    model.events = [*_events(pybamm, model)]
    points = {"x_n": 5, "r_n": 5, "x_s": mesh.film, "x_p": mesh.cathode, "r_p": mesh.particle}
    values = pybamm.ParameterValues("Xu2019")
    values.update(_parameters(pybamm, cell), check_already_exists=False)
    options = {"num_threads": 1, "silence_sundials_errors": True, "max_num_steps": _MOST_STEPS}
    solver = pybamm.IDAKLUSolver(rtol=1e-6, atol=1e-8, options=options)
    return pybamm.Simulation(
        model, parameter_values=values, solver=solver, var_pts=points, submesh_types=_submeshes(pybamm, model)
    )


def _submeshes(pybamm: Any, model: Any) -> dict[str, Any]:
    """Return the model's own meshes, those of film, cathode and particles with points that crowd at one end."""
    crowded = {
        domain: pybamm.MeshGenerator(pybamm.Exponential1DSubMesh, {"side": side, "stretch": stretch})
        for domain, (side, stretch) in _GRADING.items()
    }
    return {**model.default_submesh_types, **crowded}


def _events(pybamm: Any, model: Any) -> Iterator[Any]:
    """Yield the model's ends of a step, a current that has faded among them; a hold is not ended by its own voltage."""
    for event in model.events:
        at_top = event.name == "Maximum voltage [V]"
        yield pybamm.Event(event.name, event.expression + pybamm.InputParameter("hold")) if at_top else event
    size = abs(model.variables["Current [A]"]) / pybamm.InputParameter("one C")
    yield pybamm.Event("Taper", size - pybamm.InputParameter("taper"))


def _parameters(pybamm: Any, cell: LithiumMetalCell) -> dict[str, Any]:
    """Return every number of PyBaMM's half-cell that is not its template's."""
    material, area = cell.material, 1.0
    recipe = CathodeRecipe(
        cell.active, cell.carbon, cell.binder, material.density, _CARBON_DENSITY, _BINDER_DENSITY, cell.porosity
    )
    thickness = composite_cathode(cell.loading, recipe).thickness
    charged, _ = cell.contents
    return {
        "Electrode height [m]": area,
        "Electrode width [m]": area,
        "Nominal cell capacity [A.h]": cell.one_c,
        "Separator thickness [m]": cell.thickness,
        "Separator porosity": 1.0,
        "Separator Bruggeman coefficient (electrolyte)": 1.0,
        "Positive electrode thickness [m]": thickness,
        "Positive electrode porosity": cell.porosity,
        "Positive electrode active material volume fraction": cell.loading / material.density / thickness,
        "Positive electrode Bruggeman coefficient (electrolyte)": pybamm.InputParameter("pores"),
        "Positive electrode conductivity [S.m-1]": _ELECTRONIC_CONDUCTIVITY,
        "Maximum concentration in positive electrode [mol.m-3]": material.saturation,
        "Initial concentration in positive electrode [mol.m-3]": max(charged, _EMPTIEST) * material.saturation,
        "Positive particle radius [m]": material.particle_radius,
        "Positive particle diffusivity [m2.s-1]": pybamm.InputParameter("diffusion") * material.particle_radius**2,
        "Positive electrode OCP [V]": material.potential,
        "Positive electrode exchange-current density [A.m-2]": _cathode_exchange_current(pybamm, cell),
        "Exchange-current density for lithium metal electrode [A.m-2]": _input(pybamm, "lithium exchange"),
        "Initial concentration in electrolyte [mol.m-3]": cell.concentration,
        "Cation transference number": pybamm.InputParameter("transference"),
        "Electrolyte conductivity [S.m-1]": lambda c, T: pybamm.InputParameter("sigma") * c / cell.concentration,
        "Electrolyte diffusivity [m2.s-1]": _input(pybamm, "salt diffusion"),
        "Contact resistance [Ohm]": pybamm.InputParameter("contact"),
        "Ambient temperature [K]": cell.temperature,
        "Initial temperature [K]": cell.temperature,
        "Reference temperature [K]": cell.temperature,
        "Lower voltage cut-off [V]": cell.lowest,
        "Upper voltage cut-off [V]": cell.highest,
    }


def _input(pybamm: Any, name: str) -> Callable[..., Any]:
    return lambda *_: pybamm.InputParameter(name)


def _cathode_exchange_current(pybamm: Any, cell: LithiumMetalCell) -> Callable[..., Any]:
    def exchange_current(salt: Any, surface: Any, saturation: Any, _: Any) -> Any:
        x = surface / saturation
        at_half = 2 * pybamm.InputParameter("cathode exchange")
        return at_half * (salt / cell.concentration) ** 0.5 * x**0.5 * (1 - x) ** 0.5

    return exchange_current


def _run(simulation: Any, cell: LithiumMetalCell, rate: float) -> tuple[Any, float]:
    """Return the solution and the time at which the discharge that counts begins."""
    inputs = {
        "one C": cell.one_c,
        "hold": 0.0,
        "taper": -1.0,
        "current": rate,
        "diffusion": cell.material.diffusion_rate,
        "cathode exchange": cell.material.exchange_current,
        "lithium exchange": GAS * cell.temperature / (FARADAY * cell.lithium_resistance),
        "sigma": cell.conductivity,
        "salt diffusion": cell.salt_diffusivity,
        "contact": cell.contact_resistance,
        "transference": cell.transference,
        # PyBaMM has one electrolyte: a catholyte of another conductivity is a steeper power of the porosity.
        "pores": cell.tortuosity_exponent + math.log(cell.catholyte_ratio) / math.log(cell.porosity),
    }
    longest = 1.5 * cell.capacity_at_rest * cell.loading / (rate * cell.one_c)
    solution = simulation.solve([0, longest], inputs=inputs)
    start = 0.0
    if cell.protocol == "full":
        return solution, start
    for _ in range(_CYCLES - 1):
        solution = _step(simulation, solution, longest, {**inputs, "current": -rate})
        if cell.protocol == "cc-cv" and rate > _TAPER:
            solution = _step(simulation, solution, 20 * longest, {**inputs, "hold": 1.0, "taper": _TAPER})
        start = float(solution.t[-1])
        solution = _step(simulation, solution, longest, inputs)
    return solution, start


def _step(simulation: Any, solution: Any, duration: float, inputs: dict[str, float]) -> Any:
    # A step that an event ended would otherwise refuse to be continued.
    solution.termination = "final time"
    return simulation.step(duration, inputs=inputs, starting_solution=solution, save=False)


def _discharge(solution: Any, start: float, cell: LithiumMetalCell, rate: float) -> Discharge:
    time, voltage = np.asarray(solution.t), np.asarray(solution["Voltage [V]"].entries)
    counted = time > start if start else np.ones(len(time), bool)
    time, voltage = time[counted], voltage[counted]
    if "Minimum voltage" not in solution.termination:
        raise InputError(
            f"The discharge at {rate_label(rate)} did not end at {cell.lowest:g} V but with: {solution.termination}.",
            "The window or the capacity may not fit the cathode.",
            "Check both.",
        )
    charge = rate * cell.one_c * (time - start) / cell.loading
    capacity = float(charge[-1])
    average = float(np.trapezoid(voltage, charge)) / (capacity - float(charge[0]))
    middle = float(np.interp(capacity / 2, charge, voltage))
    return Discharge(rate, capacity, average, middle, charge, voltage, _least_salt(solution, cell))


def _least_salt(solution: Any, cell: LithiumMetalCell) -> dict[str, float]:
    names = {"film": "Separator", "cathode": "Positive"}
    ends = {place: solution[f"{name} electrolyte concentration [mol.m-3]"] for place, name in names.items()}
    return {place: float(np.min(salt.entries[:, -1])) / cell.concentration for place, salt in ends.items()}


def _failure(cell: LithiumMetalCell, rate: float, message: str) -> InputError:
    """Say why PyBaMM could not solve a cell, with what can be told by hand."""
    current = rate * cell.one_c
    drop = current * (cell.thickness / cell.conductivity + cell.lithium_resistance + cell.contact_resistance)
    if "non-positive at initial conditions" in message:
        return InputError(
            f"At {rate_label(rate)} the voltage is outside {cell.lowest:g} to {cell.highest:g} V as soon as the "
            "current flows.",
            f"Film, lithium interface and contacts alone would take {drop:.3g} V if they were ohmic.",
            "Lower the rate or the resistances, or widen the window.",
        )
    return InputError(
        f"The cell's equations cannot be solved at {rate_label(rate)}: {message.splitlines()[0][:160]}.",
        f"An extreme value may be the cause: {current:.3g} A/m2 through a film of {1e6 * cell.thickness:.3g} um.",
        "Lower the rate, or check thickness, conductivity and concentration and their units.",
    )
