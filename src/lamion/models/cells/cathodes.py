"""The cathodes that come with lamion, and a user's own: facts with sources, and what a cell needs of them."""

from __future__ import annotations

import math
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from importlib.resources import files
from types import MappingProxyType
from typing import Any

from lamion.models.cells.open_circuit import FormulaPotential, OpenCircuit, content_at
from lamion.quantities import InputError, Quantity
from lamion.quantities.constants import FARADAY, GAS
from lamion.quantities.properties import ROOM_TEMPERATURE
from lamion.registry import plug_ins
from lamion.substances import known_substance
from lamion.substances.fact import Fact

_REFERENCE_TEMPERATURE = ROOM_TEMPERATURE.si
_ALIASES = {"nmc622": "ncm622", "lifepo4": "lfp"}


@dataclass(frozen=True)
class ActiveMaterial:
    """What a cell model needs of an active material, at one temperature, in SI.

    Parameters
    ----------
    potential : OpenCircuit
        V against lithium over the lithium content of its own axis.
    saturation : float
        Lithium per volume of solid where that axis reads 1, mol/m3.
    density : float
        kg/m3.
    diffusion_rate : float
        D/R2 of lithium in the particles, 1/s.
    particle_radius : float
        R, m.
    exchange_current : float
        At half the lithium and the salt's concentration at rest, A/m2.
    """

    potential: OpenCircuit
    saturation: float
    density: float
    diffusion_rate: float
    particle_radius: float
    exchange_current: float


@dataclass(frozen=True)
class Cathode:
    """A cathode's active material as facts.

    Parameters
    ----------
    name : str
        Such as ``"LFP"``.
    potential : OpenCircuit
        V against lithium.
    potential_source : str
        Where it comes from.
    window : (float, float)
        V; `capacity` is given at rest between them.
    density : Quantity
        Of the solid, g/cm3.
    facts : Mapping of str to Fact
        ``capacity``, ``diffusion_rate`` and ``exchange_current`` with their ``_spread`` and ``_activation_energy``, and
        ``particle_radius``.
    stands_for : str
        Where the numbers are another material's: which and why; empty where they are not.

    Examples
    --------
    >>> material = cathode("lfp").at(298.15)
    >>> round(material.diffusion_rate, 6), round(material.saturation)
    (0.000275, 25090)
    """

    name: str
    potential: OpenCircuit
    potential_source: str
    window: tuple[float, float]
    density: Quantity
    facts: Mapping[str, Fact]
    stands_for: str = ""

    def at(self, temperature: float) -> ActiveMaterial:
        """Return what a cell needs at a temperature in K.

        Parameters
        ----------
        temperature : float
            K, larger than zero.
        """
        charged, discharged = (content_at(self.potential, voltage) for voltage in reversed(self.window))
        per_volume = self.facts["capacity"].quantity.si * self.density.si / FARADAY
        return ActiveMaterial(
            self.potential,
            per_volume / (discharged - charged),
            self.density.si,
            self._activated("diffusion_rate", temperature),
            self.facts["particle_radius"].quantity.si,
            self._activated("exchange_current", temperature),
        )

    def spread(self, name: str, temperature: float) -> float:
        """Return one standard deviation of the natural logarithm of a rate, that of its temperature included.

        Parameters
        ----------
        name : str
            ``"diffusion_rate"`` or ``"exchange_current"``.
        temperature : float
            K.
        """
        energy = self.facts[f"{name}_activation_energy"].quantity
        away = (1 / _REFERENCE_TEMPERATURE - 1 / temperature) / GAS
        return math.hypot(math.log(self.facts[f"{name}_spread"].value), energy.si_std * away)

    def _activated(self, name: str, temperature: float) -> float:
        energy = self.facts[f"{name}_activation_energy"].quantity.si
        return self.facts[name].quantity.si * math.exp(energy / GAS * (1 / _REFERENCE_TEMPERATURE - 1 / temperature))

    def with_potential(self, potential: OpenCircuit, source: str) -> Cathode:
        """Return the cathode with another open-circuit potential.

        Parameters
        ----------
        potential : OpenCircuit
            V against lithium.
        source : str
            Where it comes from, such as a file's name.
        """
        window = (float(potential(potential.high)), float(potential(potential.low)))
        reach = (max(self.window[0], window[0]), min(self.window[1], window[1]))
        if reach[1] - reach[0] < 0.9 * (self.window[1] - self.window[0]):
            raise InputError(
                f"The open-circuit table spans {window[0]:.3g} to {window[1]:.3g} V; the capacity of {self.name} is "
                f"known between {self.window[0]:g} and {self.window[1]:g} V.",
                "It may be cut, or be that of another material.",
                "Give a table that spans the window, or a capacity and a cathode of your own.",
            )
        return replace(self, potential=potential, potential_source=source)

    def with_fact(self, name: str, value: Quantity) -> Cathode:
        """Return the cathode with one of its numbers replaced; its spread between materials goes with the old one.

        Parameters
        ----------
        name : str
            ``"capacity"``, ``"diffusion_rate"`` or ``"exchange_current"``.
        value : Quantity
            A rate is the value at the cell's own temperature.
        """
        old = self.facts[name]
        changed = replace(
            old, value=value.to(old.unit).value, std=value.to(old.unit).std, source=value.source or "given"
        )
        facts = {**self.facts, name: replace(changed, conditions="as given", grade="C")}
        if f"{name}_spread" in facts:
            factor = math.exp((value.std or 0.0) / value.value)
            facts[f"{name}_spread"] = replace(facts[f"{name}_spread"], value=factor, source="of the value given")
            energy = facts[f"{name}_activation_energy"]
            facts[energy.property_name] = replace(
                energy, value=0.0, std=0.0, source="the value given holds at the cell's"
            )
        return replace(self, facts=MappingProxyType(facts))

    def sources(self) -> dict[str, str]:
        """Return where each number comes from."""
        listed = {name: f"{fact.quantity}; {fact.conditions}; {fact.source}" for name, fact in self.facts.items()}
        return {"open_circuit": self.potential_source, "density": f"{self.density}; {self.density.source}", **listed}


PLUG_INS = "lamion.cathodes"
"""The entry-point group of users' cathodes: each a table by its key, as in ``cathodes.toml``."""


@lru_cache(maxsize=1)
def cathodes() -> Mapping[str, Cathode]:
    """Return every cathode by its key; those of plug-ins last."""
    text = files("lamion.models.cells").joinpath("cathodes.toml").read_text(encoding="utf-8")
    built_in = tomllib.loads(text)
    tables = {**built_in, **plug_ins(PLUG_INS, but=built_in)}
    return MappingProxyType({key: _cathode(table) for key, table in tables.items()})


def cathode(name: str) -> Cathode:
    """Return a built-in cathode by its key, upper or lower case.

    Parameters
    ----------
    name : str
        ``"lfp"`` or ``"ncm622"`` (``"nmc622"`` too).

    Raises
    ------
    InputError
        When there is no such cathode.
    """
    key = name.strip().casefold()
    found = cathodes().get(_ALIASES.get(key, key))
    if found is None:
        raise InputError(f"There is no cathode called '{name}'.", "", f"Known are: {', '.join(cathodes())}.")
    return found


def _cathode(table: Mapping[str, Any]) -> Cathode:
    shape = table["potential"]
    facts = [Fact.from_table(item) for item in table["facts"]]
    return Cathode(
        name=table["name"],
        potential=FormulaPotential(
            tuple(shape["polynomial"]), tuple(map(tuple, shape["exponentials"])), shape["low"], shape["high"]
        ),
        potential_source=shape["source"],
        window=(table["window"][0], table["window"][1]),
        density=known_substance(table["substance"]).quantity("density"),
        facts=MappingProxyType({fact.property_name: fact for fact in facts}),
        stands_for=table["stands_for"],
    )
