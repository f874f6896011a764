"""Runs of one reaction at several rates of heating, as the tasks of kinetics take them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Literal

from lamion.quantities import InputError
from lamion.records import ThermalCurve
from lamion.tasks.declaring import File, Option
from lamion.tasks.options.spectrum import only_one
from lamion.techniques.thermal.conversion import Conversion, conversion_of
from lamion.techniques.thermal.tga import WINDOW

RunFiles = Annotated[tuple[File, ...], Option("a run at each rate of heating", positional=True, record="ThermalCurve")]


@dataclass(frozen=True)
class Reacting:
    """Which reaction of a run is meant."""

    step: Annotated[int, Option("of mass, counted from 1", minimum=1, maximum=99)] = 1
    window: Annotated[float, Option("K, over which the rate of loss is read", minimum=0.5, maximum=200.0)] = WINDOW
    exothermic: Annotated[Literal["up", "down"] | None, Option("which way, of a heat flow whose file is silent")] = None

    def runs(self, files: tuple[File, ...]) -> list[Conversion]:
        """Return the reaction's conversion along each run."""
        found = []
        for file in files:
            record = only_one(file, ThermalCurve)
            try:
                run = conversion_of(record, self.window, step=self.step, exothermic=self.exothermic)
            except InputError as error:
                raise InputError(f"{file.name}: {error.happened}", error.cause, error.remedy) from error
            found.append(run)
        return found
