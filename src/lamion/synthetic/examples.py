"""Small synthetic files, one of each kind of measurement: what the examples of the documentation run on."""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping
from functools import partial

import numpy as np

from lamion.models.cells.particle_diffusion import SPHERE
from lamion.quantities.constants import FARADAY, GAS, ZERO_CELSIUS
from lamion.quantities.properties import ROOM_TEMPERATURE
from lamion.records.record import Record
from lamion.synthetic.blocking_cell import BlockingCell, blocking_cell_spectrum
from lamion.synthetic.cycling import CycledCell, cycling_record
from lamion.synthetic.diffraction import PowderTruth
from lamion.synthetic.example_maps import MAPS
from lamion.synthetic.indentation import IndentedSolid, Programme, indentation_curve
from lamion.synthetic.polarisation import PolarisedCell, polarisation, relaxation, spectrum
from lamion.synthetic.rate_steps import rate_record
from lamion.synthetic.sorption import IsothermTruth
from lamion.synthetic.spectra import Line, Truth
from lamion.synthetic.staged_cell import staged_record
from lamion.synthetic.temperature_series import arrhenius_series
from lamion.synthetic.tensile import PulledStrip, tensile_curve
from lamion.synthetic.thermal import DscTruth, MassTruth, Reaction, Transition
from lamion.synthetic.titration import HalfCell, curved, gitt_programme, ici_programme, titration
from lamion.techniques.mechanics.probes import Probe
from lamion.techniques.spectra.standards import STANDARDS

_CELL = PolarisedCell(20.0, 40.0, 0.4, diffusion_time=400.0)
"""Li|Li, of 100 um and 2.01 cm2: 20 ohm of electrolyte, 40 ohm of both interfaces, a current fraction of 0.4."""
_BIAS = 0.010
_SWEEP = np.geomspace(1e5, 0.1, 61)


def example(name: str) -> bytes:
    """Make one of the files.

    Parameters
    ----------
    name : str
        One of :data:`EXAMPLES`.

    Examples
    --------
    >>> example("steady_currents.csv").decode().splitlines()[:2]
    ['# synthetic: an electronic conductivity of 5e-11 S/cm', 'Voltage / V,Current / A']
    """
    return EXAMPLES[name]()


def _blocking_cell() -> bytes:
    return _record(blocking_cell_spectrum(BlockingCell(0.80), seed=1), "a blocking cell of 0.80 ohm")


def _lithium_cell() -> bytes:
    return _record(spectrum(_CELL, _SWEEP, noise=0.002, seed=1), "a Li|Li cell of 20 and 40 ohm, at rest")


def _film(resistance: float, seed: int) -> bytes:
    return _record(blocking_cell_spectrum(BlockingCell(resistance), seed=seed), f"a film of {resistance:g} ohm")


def _lithium_cell_after() -> bytes:
    return _record(spectrum(_CELL, _SWEEP, noise=0.002, seed=2), "the same cell after its polarisation")


def _polarisation() -> bytes:
    time = np.arange(0.0, 1200.0, 2.0)
    return _record(polarisation(_CELL, _BIAS, time, noise=1e-4, seed=3), "the same cell held at 10 mV")


def _relaxation() -> bytes:
    start = _CELL.steady_current(_BIAS) * _CELL.newman_number * _CELL.bulk_resistance
    time = np.arange(0.0, 400.0, 2.0)
    return _record(relaxation(_CELL.diffusion_time, start, time, noise=1e-6, seed=4), "the same cell after 10 mV")


def _conductivities() -> bytes:
    T = np.linspace(ROOM_TEMPERATURE.si, 353.15, 8)
    series = arrhenius_series(T, 0.30 * FARADAY, 200.0, noise=0.01, seed=5)
    celsius, sigma = np.round(series.temperature - ZERO_CELSIUS, 2), series.conductivity / 100
    return _table({"temperature / degC": celsius, "conductivity / S/cm": sigma}, "0.30 eV, 1 % noise")


def _concentration_cells() -> bytes:
    c = np.array([0.25, 0.5, 1.0, 2.0, 3.0])
    millivolts = -2e3 * GAS * ROOM_TEMPERATURE.si / FARADAY * 0.6 * 2.0 * np.log(c)
    return _table({"concentration / mol/L": c, "voltage / mV": millivolts}, "1 - t+ of 0.6, a factor of 2")


def _steady_currents() -> bytes:
    V = np.array([0.1, 0.2, 0.3])
    return _table({"Voltage / V": V, "Current / A": 1e-8 * V}, "an electronic conductivity of 5e-11 S/cm")


def _cycles() -> bytes:
    record = cycling_record(CycledCell(), cycles=30, points=40, noise=2e-4, seed=7)
    return _record(record, "30 cycles of a cell of 1 mAh that loses 0.05 % a cycle, at an efficiency of 0.998")


def _titration() -> bytes:
    cell = HalfCell(SPHERE, 2.5e4, 10.0, ohmic=20.0, kinetic=15.0, kinetic_time=20.0, potential=curved)
    record = titration(cell, gitt_programme(5e-4, 600.0, 7200.0, 20, points=60), noise=2e-5, seed=8)
    return _record(record, "20 pulses into spheres of 5 um, 1e-11 cm2/s, 20 ohm at once and 15 ohm within 20 s")


def _interruptions() -> bytes:
    cell = HalfCell(SPHERE, 2.5e4, 10.0, ohmic=20.0, kinetic=15.0, kinetic_time=0.1, potential=curved)
    record = titration(cell, ici_programme(1e-3, 300.0, 10.0, 20, points=50), noise=1e-6, seed=9)
    return _record(record, "a charge of the same spheres with 20 rests of 10 s, 15 ohm within 0.1 s")


def _staged() -> bytes:
    return _record(
        staged_record(noise=3e-4, seed=10), "one cycle with peaks of dQ/dV at 3.5 and 3.8 V, shifted by 10 mV"
    )


def _rates() -> bytes:
    record = rate_record([0.1, 0.5, 1.0, 2.0, 0.1], 5, seed=11)
    return _record(record, "5 cycles each at 0.1, 0.5, 1, 2 and 0.1C of a cell of 1 mAh that loses 0.05 % a cycle")


def _image() -> bytes:
    content = io.BytesIO()
    np.save(content, (np.random.default_rng(6).random((12, 12, 12)) > 0.3).astype(np.uint8))
    return content.getvalue()


def _plating() -> bytes:
    hours = np.arange(1, 12 * 30 + 1) / 30 - 1e-9
    number, phase = np.divmod(hours, 1.0)
    sign = np.where(number % 2 == 0, 1.0, -1.0)
    noise = 1.0 + 0.002 * np.random.default_rng(7).standard_normal(len(hours))
    low = np.where(hours > 7.5, 0.7, 1.0)
    volts = sign * 0.02 * (1.0 - 0.2 * np.exp(-phase / 0.1)) * low * noise
    columns = {
        "Test Time / s": np.round(3600 * hours, 1),
        "Voltage / V": np.round(volts, 7),
        "Current / A": 1e-3 * sign,
    }
    return _table(columns, "a Li|Li cell of 20 ohm that loses 30 % of its voltage to a soft short after 7.5 h")


def _reservoir() -> bytes:
    hours = [4.0, *[1.0] * 10, 3.5]  # a reservoir, five cycles on it, the last stripping
    time, volts, current = [0.0], [0.0], [0.0]
    for number, lasting in enumerate(hours):
        t = np.linspace(0.0, lasting, round(60 * lasting) + 1) * 3600
        sign = 1.0 if number % 2 else -1.0
        U = np.full(len(t), 0.03)
        U[-1] = 1.0 if number == len(hours) - 1 else 0.03
        time += (time[-1] + 60.0 + t).tolist()
        volts += (sign * U).tolist()
        current += [1e-3 * sign] * len(t)
    columns = {"Test Time / s": np.round(time, 3), "Voltage / V": volts, "Current / A": current}
    return _table(columns, "a Li|Cu cell with an efficiency of 8.5/9")


def _sweep() -> bytes:
    E = np.round(np.arange(2.5, 5.5, 0.005), 4)
    faradaic = 1e-4 * (np.exp(np.clip((E - 4.9) / 0.12, None, 0.0)) + np.clip(E - 4.9, 0.0, None) / 0.12)
    noise = 5e-8 * np.random.default_rng(8).standard_normal(len(E))
    current = 2e-7 + 1e-7 * (E - 2.5) + faradaic + noise
    columns = {"Test Time / s": np.round((E - E[0]) / 1e-3, 3), "Voltage / V": E, "Current / A": np.round(current, 10)}
    return _table(columns, "an oxidation at 4.9 V, at 1 mV/s")


def _raman() -> bytes:
    shift = np.arange(715.0, 775.0, 0.4)
    truth = Truth([Line(740.2, 6.0, 9000.0), Line(746.8, 7.0, 4500.0)], [900.0, -60.0], noise=20.0)
    columns = {"Raman Shift / 1/cm": np.round(shift, 1), "Counts / 1": np.round(truth.measured(shift, 9), 1)}
    return _table(columns, "two bands of an anion at 740.2 and 746.8 1/cm, the second with a third of the area")


def _carbon() -> bytes:
    energy = np.round(np.arange(281.0, 294.0, 0.1), 1)
    truth = Truth([Line(285.2, 1.3, 9000.0), Line(286.9, 1.4, 6000.0)], [800.0, 60.0], noise=1.0, counting=True)
    columns = {"Binding Energy / eV": energy, "Counts / 1": truth.measured(energy, 11)}
    return _table(columns, "C 1s at 285.2 and 286.9 eV, the second 40 % of the area, charged by 0.4 eV")


def _infrared() -> bytes:
    wavenumber = np.arange(1340.0, 1461.0, 1.0)
    truth = Truth([Line(1401.0, 18.0, 9.0)], [0.08, 0.01], noise=0.002)
    columns = {"Wavenumber / 1/cm": wavenumber, "Absorbance / 1": np.round(truth.measured(wavenumber, 10), 5)}
    return _table(columns, "a band at 1401 1/cm")


def _polystyrene() -> bytes:
    lines = STANDARDS["polystyrene"].lines[:8]
    shift = np.arange(560.0, 1700.0, 1.5)
    truth = Truth([Line(at + 1.8, 7.0, 8000.0 if at == 1001.4 else 2500.0) for at in lines], [300.0], noise=3.0)
    columns = {"Raman Shift / 1/cm": shift, "Counts / 1": np.round(truth.measured(shift, 11), 1)}
    return _table(columns, "polystyrene, its lines 1.8 1/cm too high")


def _resonance() -> bytes:
    shift = np.round(np.arange(-5.0, 2.0, 0.02), 3)
    truth = Truth([Line(-1.88, 0.5, 1.0), Line(-1.17, 0.4, 0.4)], [0.05], noise=0.01)
    columns = {"Chemical Shift / ppm": shift, "Intensity / 1": np.round(truth.measured(shift, 12), 5)}
    return _table(columns, "two environments at -1.88 and -1.17 ppm, the second with 0.286 of the area")


def _decay() -> bytes:
    time = np.round(np.arange(1024) * 1e-5, 8)
    signal = 60.0 * np.exp(-((np.pi * 9000.0 * time) ** 2) / (4 * np.log(2))) + 40.0 * np.exp(-np.pi * 500.0 * time)
    noise = 0.2 * np.random.default_rng(13).standard_normal((2, len(time)))
    real, imaginary = np.round(signal + noise[0], 4), np.round(noise[1], 4)
    columns = {"Test Time / s": time, "Real Signal / 1": real, "Imaginary Signal / 1": imaginary}
    return _table(columns, "lithium of which 40 % moves, lines of 0.5 and 9 kHz")


def _recovery() -> bytes:
    delay = np.array([0.5, 1.0, 2.0, 4.0, 8.0, 16.0, 32.0])
    seen = 10.0 * (1 - np.exp(-delay / 6.0)) + 0.05 * np.random.default_rng(14).standard_normal(len(delay))
    return _table({"Recovery / s": delay, "Intensity / 1": np.round(seen, 4)}, "a T1 of 6 s")


def _indentation() -> bytes:
    solid = IndentedSolid(4.0e9, 0.30, 0.40e9, Probe("berkovich"), creep=2e-10)
    curve = indentation_curve(solid, Programme(1e-3, rate=20.0), depth_noise=3e-10, load_noise=2e-7, seed=15)
    columns = {
        "Test Time / s": np.round(np.asarray(curve.time), 3),
        "Depth / nm": np.round(1e9 * curve.depth, 3),
        "Load / mN": np.round(1e3 * curve.load, 6),
    }
    return _table(columns, "a Berkovich indentation into 4 GPa with a hardness of 0.4 GPa, creeping at 0.2 nm/s")


def _tensile() -> bytes:
    curve = tensile_curve(PulledStrip(90e6, 3.0e6, 6.0e6, 0.8, slack=0.004), points=600, noise=1e4, seed=16)
    columns = {"Strain / %": np.round(100 * curve.strain, 4), "Stress / MPa": np.round(curve.stress / 1e6, 4)}
    return _table(columns, "a strip of 90 MPa that yields from 3 MPa on and breaks at a strain of 0.8")


def _pattern() -> bytes:
    two_theta = np.round(np.arange(12.0, 42.0, 0.03), 3)
    peaks = [(19.11, 520.0), (23.35, 680.0), (26.9, 120.0), (36.3, 90.0)]
    truth = PowderTruth(peaks, size=22.0, halo=(21.0, 9.0, 2600.0), background=(220.0, -40.0))
    columns = {"Two Theta / deg": two_theta, "Counts / 1": truth.measured(two_theta, 15)}
    said = "crystallites of 22 nm, a crystallinity of {:.3f}, an instrument 0.08 deg wide, Cu K-alpha"
    return _table(columns, said.format(truth.crystallinity))


def _isotherm() -> bytes:
    x = np.concatenate([np.geomspace(1e-8, 0.02, 36), np.geomspace(0.025, 0.4, 16), np.linspace(0.45, 0.95, 9)])
    truth = IsothermTruth(1.0, micropores=4.0, width=0.75, spread=0.05, noise=1e-3)
    record = truth.measured(x, 16)
    columns = {
        "Relative Pressure / 1": [float(f"{one:.4g}") for one in x],
        "Loading / mmol/g": np.round(record.loading, 5),
    }
    return _table(columns, "N2 at 77.355 K, micropores of 0.75 nm that hold 4 mmol/g, and a surface of 98 m2/g")


def _dsc() -> bytes:
    truth = DscTruth(
        [Transition(321.0, 60e3, 7.0, 3.5), Transition(263.0, -12e3, 3.0, 4.0)],
        glass=(218.0, 400.0, 1.5), capacity=1300.0, slope=2.0, noise=0.3,
    )  # fmt: skip
    run = truth.curve(np.arange(183.15, 383.15, 0.1), 10.0 / 60.0, 15)
    assert run.time is not None and run.specific_heat_flow is not None  # noqa: S101, PT018  it makes both
    columns = {
        "Test Time / s": np.round(run.time, 2),
        "Temperature / degC": np.round(run.temperature - ZERO_CELSIUS, 2),
        "Heat Flow / W/g": np.round(1e-3 * run.specific_heat_flow, 5),
    }
    return _table(columns, "melting of 60 J/g at 47.85 degC, cold crystallisation, glass transition; exothermic up")


_LOSSES = (Reaction(0.12, 70e3, 430.0), Reaction(0.45, 180e3, 640.0))


def _tga(rate: float, seed: int) -> bytes:
    run = MassTruth(_LOSSES, noise=1e-9).curve(np.arange(303.15, 923.15, 0.5), rate / 60.0, seed)
    assert run.time is not None and run.mass is not None  # noqa: S101, PT018  it makes both
    columns = {
        "Test Time / s": np.round(run.time, 2),
        "Temperature / degC": np.round(run.temperature - ZERO_CELSIUS, 2),
        "Mass / mg": np.round(1e6 * run.mass, 5),
    }
    return _table(columns, f"losses of 12 and 45 % by 70 and 180 kJ/mol, at {rate:g} K/min")


EXAMPLES: Mapping[str, Callable[[], bytes]] = {
    "blocking_cell.csv": _blocking_cell,
    **{f"film_{k}.csv": partial(_film, one, k) for k, one in enumerate((0.80, 0.83, 0.78, 0.81), start=1)},
    "lithium_cell.csv": _lithium_cell,
    "lithium_cell_after.csv": _lithium_cell_after,
    "polarisation.csv": _polarisation,
    "relaxation.csv": _relaxation,
    "conductivities.csv": _conductivities,
    "concentration_cells.csv": _concentration_cells,
    "steady_currents.csv": _steady_currents,
    "cycles.csv": _cycles,
    "titration.csv": _titration,
    "interruptions.csv": _interruptions,
    "staged_cycle.csv": _staged,
    "rates.csv": _rates,
    "image.npy": _image,
    "plating.csv": _plating,
    "reservoir.csv": _reservoir,
    "sweep.csv": _sweep,
    "raman.csv": _raman,
    "infrared.csv": _infrared,
    "c1s.csv": _carbon,
    "polystyrene.csv": _polystyrene,
    "resonance.csv": _resonance,
    "decay.csv": _decay,
    "recovery.csv": _recovery,
    **MAPS,
    "indentation.csv": _indentation,
    "tensile.csv": _tensile,
    "xrd.csv": _pattern,
    "isotherm.csv": _isotherm,
    "dsc.csv": _dsc,
    "tga.csv": partial(_tga, 10.0, 16),
    "tga_5.csv": partial(_tga, 5.0, 17),
    "tga_20.csv": partial(_tga, 20.0, 18),
}
"""What makes each file, by its name."""


def _record(record: Record, truth: str) -> bytes:
    return _table(record.columns(), truth)


def _table(columns: Mapping[str, object], truth: str) -> bytes:
    rows = zip(*(np.asarray(column, dtype=np.float64).tolist() for column in columns.values()), strict=True)
    lines = [f"# synthetic: {truth}", ",".join(columns), *(",".join(map(repr, row)) for row in rows)]
    return ("\n".join(lines) + "\n").encode()
