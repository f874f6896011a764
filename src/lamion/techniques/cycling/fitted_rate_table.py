"""A measured rate table beside its blind prediction and beside one fitted number."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from lamion.models.cells.cell_simulator import CellSimulator, rate_label
from lamion.models.cells.discharge_end import discharge_ends, end_notes, end_warnings
from lamion.models.cells.lithium_metal_cell import PROTOCOLS, LithiumMetalCell, scaled_film_conductivity
from lamion.models.cells.rate_table import (
    Spread,
    blind_traces,
    cell_warnings,
    rate_figure,
    rate_table_raw,
)
from lamion.models.cells.stated_cell import StatedCell, Uncertain
from lamion.progress import Progress, silent
from lamion.quantities import Answer, FigureData, InputError, Quantity
from lamion.quantities.figure import Points
from lamion.quantities.level import LEVEL_95, coverage_factor, level_text
from lamion.techniques.cycling.diffusion_fit import Companion, DiffusionFit, companions, fit_diffusion

Array = NDArray[np.float64]

_SOURCE = "fit of D/R2 to a rate table, PyBaMM"


def fitted_rate_table(
    inputs: StatedCell,
    rates: Sequence[float],
    measured: Sequence[Quantity],
    *,
    also: Sequence[float] = (),
    compare: bool = True,
    simulator: CellSimulator | None = None,
    progress: Progress = silent,
) -> Answer:
    """Fit the cathode's solid diffusion to a rate table, beside the blind prediction.

    Parameters
    ----------
    inputs : StatedCell
        The cell.
    rates : sequence of float
        In units of 1C.
    measured : sequence of Quantity
        Capacity at each rate, mAh/g.
    also : sequence of float
        Rates to predict from the fit, which it does not see.
    compare : bool
        Whether to fit again with other things about the cell changed; it takes about ten times as long.
    simulator : CellSimulator, optional
        Keeps its builds.
    progress : Progress
        Told after each simulated table.

    Returns
    -------
    Answer
        ``diffusion_rate`` (s-1, with the interval of its profile likelihood), ``diffusion_rate.published`` (s-1, to a
        factor; left out where it was given as exact), ``rms.fitted``, ``rms.blind``,
        ``rms.left_out`` (mAh/g), ``capacity.0.1C`` and so on as fitted; the series puts measured, blind, fitted
        and left out side by side; ``notes.cannot_tell_apart`` lists what fits as well at 95 %, ``notes.ended``
        why each discharge of the fitted cell ended.

    Raises
    ------
    InputError
        As :func:`~lamion.techniques.cycling.diffusion_fit.fit_diffusion`; when rates and capacities differ in number.
    """
    if len(rates) != len(measured) or len(set(rates)) != len(rates):
        raise InputError(
            f"There are {len(rates)} rates and {len(measured)} capacities.",
            "One may be missing or stand twice.",
            "Give one capacity a rate, each rate once.",
        )
    simulator = simulator or CellSimulator()
    every = (*map(float, rates), *(float(rate) for rate in also if rate not in rates))
    table = np.array([q.si for q in measured] + [np.nan] * (len(every) - len(rates)))
    cell = inputs.cell()
    material = [item for item in inputs.uncertain() if item.name == "diffusion_rate"]
    blind = rate_table_raw(cell, every, material, simulator=simulator)
    fit = fit_diffusion(cell, every, table, simulator=simulator, progress=progress)
    others: tuple[Companion, ...] = ()
    if compare:
        changed = list(_changed(cell))
        others = companions(
            changed, fit, every[: len(rates)], table[: len(rates)], simulator=simulator, progress=progress
        )
    fitted = cell.with_material(diffusion_rate=fit.diffusion_rate)
    ends = discharge_ends(simulator, fitted, simulator.discharges(fitted, every))
    blind_capacity = np.array([d.capacity for d in blind.discharges])
    count = len(rates)
    return Answer(
        {**_results(fit, every), **_published(material, cell), **_misfits(fit, table[:count], blind_capacity[:count])},
        {
            "Rate / 1": list(every),
            "Measured / mAh/g": [None if math.isnan(q) else q / 3600 for q in table],
            "Blind / mAh/g": (blind_capacity / 3600).tolist(),
            "Fitted / mAh/g": (fit.fitted / 3600).tolist(),
            "Left Out / mAh/g": [None if math.isnan(q) else p / 3600 for p, q in zip(fit.left_out, table, strict=True)],
        },
        {**_notes(fit, others, inputs, count), "ended": end_notes(ends)},
        (*cell_warnings(inputs), *end_warnings(ends)),
        {"rates": _figure(fit, every, table, blind_capacity, [_diffusion_band(s) for s in blind.spreads], inputs)},
        method=f"Doyle, Fuller and Newman's model with one number, D/R2 of the cathode, fitted to {count} measured "
        "capacities.",
    )


def _changed(cell: LithiumMetalCell) -> Iterator[tuple[str, LithiumMetalCell]]:
    """Yield the cell with one thing changed that a reader of the table does not know, or knows only roughly."""
    yield "film's conductivity halved", scaled_film_conductivity(cell, 0.5)
    yield "film twice as thick", replace(cell, thickness=2 * cell.thickness)
    yield "lithium's resistance tripled", replace(cell, lithium_resistance=3 * cell.lithium_resistance)
    yield "catholyte's conductivity a third", replace(cell, catholyte_ratio=cell.catholyte_ratio / 3)
    yield "catholyte's conductivity tripled", replace(cell, catholyte_ratio=3 * cell.catholyte_ratio)
    slow = cell.with_material(exchange_current=cell.material.exchange_current / 3)
    yield "cathode's exchange current a third", slow
    for percent in (-3, 3):
        saturation = cell.material.saturation * (1 + percent / 100)
        yield f"cathode's capacity at rest {percent:+d} %", cell.with_material(saturation=saturation)
    for protocol in PROTOCOLS:
        if protocol != cell.protocol:
            yield f"charge protocol '{protocol}'", replace(cell, protocol=protocol)


def _results(fit: DiffusionFit, rates: Sequence[float]) -> dict[str, Quantity]:
    low, high = fit.interval
    std = None if low is None or high is None else (high - low) / 2
    results = {"diffusion_rate": Quantity(fit.diffusion_rate, std, "s-1", _SOURCE, fit.interval)}
    for rate, capacity, spread in zip(rates, fit.fitted, fit.std, strict=True):
        # What the one number leaves unexplained belongs to the uncertainty of a capacity.
        value = Quantity(capacity / 3600, math.hypot(spread, fit.rms) / 3600, "mAh/g", _SOURCE)
        results[f"capacity.{rate_label(rate)}"] = value
    return results


def _published(uncertain: Sequence[Uncertain], cell: LithiumMetalCell) -> dict[str, Quantity]:
    """Return D/R2 as it is known without the table: published, to a factor; nothing where it was given as exact."""
    if not uncertain:
        return {}
    value, spread = cell.material.diffusion_rate, uncertain[0].spread
    near, wide = (
        (value * math.exp(-factor * spread), value * math.exp(factor * spread))
        for factor in (coverage_factor(), coverage_factor(LEVEL_95))
    )
    return {"diffusion_rate.published": Quantity(value, None, "s-1", "published", near, wide)}


def _misfits(fit: DiffusionFit, table: Array, blind: Array) -> dict[str, Quantity]:
    left_out = fit.left_out[: len(table)]
    found = {"fitted": fit.fitted[: len(table)], "blind": blind, "left_out": left_out}
    return {
        f"rms.{name}": Quantity(float(np.sqrt(np.mean((capacity - table) ** 2))) / 3600, None, "mAh/g", _SOURCE)
        for name, capacity in found.items()
    }


def _notes(fit: DiffusionFit, others: Sequence[Companion], inputs: StatedCell, count: int) -> dict[str, object]:
    stated = inputs.cathode.at(inputs.temperature.si).diffusion_rate
    return {
        "fitted": f"D/R2, one number, to {count} capacities; everything else as stated or assumed",
        "interval": "of the misfit alone; the capacities count alike, whatever uncertainty was stated of each",
        "published_diffusion_rate_1_s": stated,
        "fitted_over_published": fit.diffusion_rate / stated,
        "cannot_tell_apart": [
            f"{item.name}: D/R2 {item.diffusion_rate:.3g} s-1, rms {item.rms / 3600:.2f} mAh/g"
            for item in others
            if item.as_good
        ],
        "fits_worse": [
            f"{item.name}: D/R2 {item.diffusion_rate:.3g} s-1, rms {item.rms / 3600:.2f} mAh/g"
            for item in others
            if not item.as_good
        ],
        "assumptions": inputs.assumptions(),
    }


def _diffusion_band(spreads: Sequence[Spread]) -> Mapping[float, float]:
    """Return what diffusion alone does to a blind capacity; nothing where it was given as exact."""
    return spreads[0].capacity if spreads else {-1.0: 0.0, 1.0: 0.0}


def _figure(
    fit: DiffusionFit,
    rates: Sequence[float],
    table: Array,
    blind: Array,
    changes: Sequence[Mapping[float, float]],
    inputs: StatedCell,
) -> FigureData:
    order = np.argsort(rates)
    k = coverage_factor()
    bands = [
        ((b + k * min(c[-1.0], 0)) / 3600, (b + k * max(c[1.0], 0)) / 3600) for b, c in zip(blind, changes, strict=True)
    ]
    x = [rates[i] for i in order]
    known = [i for i in order if not math.isnan(table[i])]
    label = f"blind, {level_text()} of diffusion alone"
    fitted = f"fitted: D/R² = {fit.diffusion_rate:.2g} s⁻¹"
    traces = [
        *blind_traces(x, [blind[i] / 3600 for i in order], [bands[i] for i in order], label),
        Points(x, [fit.fitted[i] / 3600 for i in order], fitted, 5, marker="square", joined=True, dash="dashed"),
        Points(
            [rates[i] for i in known],
            [table[i] / 3600 for i in known],
            "measured",
            "ink",
            marker="diamond",
            open=True,
        ),
    ]
    title = f"{inputs.cathode.name}|Li: measured, predicted blind, and with one number fitted"
    return rate_figure(traces).entitled(title)
