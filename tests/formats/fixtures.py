"""Texts in the style of each instrument, written from a formula: no number in them was measured."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lamion.formats import csv_table
from lamion.records import ImpedanceSpectrum


@dataclass(frozen=True, eq=False)
class Spectrum:
    """The numbers behind a text: Hz and ohm."""

    frequency: NDArray[np.float64]
    impedance: NDArray[np.complex128]


def spectrum(resistance: float = 1500.0, points: int = 36) -> Spectrum:
    """Return a bulk arc and a blocking tail, p(R,CPE)-CPE, from 1 MHz to 0.1 Hz."""
    frequency = np.logspace(6, -1, points)
    jw = 2j * np.pi * frequency
    bulk = 1.0 / (1.0 / resistance + 2e-9 * jw**0.9)
    return Spectrum(frequency, 12.0 + bulk + 1.0 / (3e-6 * jw**0.88))


def _e(value: float, digits: int, exponent_digits: int) -> str:
    mantissa, exponent = f"{value:.{digits}E}".split("E")
    return f"{mantissa}E{'-' if exponent[0] == '-' else '+'}{abs(int(exponent)):0{exponent_digits}d}"


def chi_text(data: Spectrum) -> str:
    head = [
        "Mar. 3, 2021   09:15:00",
        "A.C. Impedance",
        "File: c:\\data\\cell.bin",
        "Data Source:  Experiment",
        "Instrument Model:  CHI660E",
        "Header: ",
        "Note: ",
        "",
        "Init E (V) = 0",
        "High Frequency (Hz) = 1e+6",
        "Low Frequency (Hz) = 0.1",
        "Imp SF",
        "Amplitude (V) = 0.01",
        "Quiet Time (sec) = 2",
        "",
        "Freq/Hz, Z'/ohm, Z\"/ohm, Z/ohm, Phase/deg",
        "",
    ]
    rows = []
    for f, z in zip(data.frequency, data.impedance, strict=True):
        numbers = [_e(x, 3, 1).lower() for x in (f, z.real, z.imag, abs(z))]
        rows.append(", ".join([*numbers, f"{np.degrees(np.angle(z)):.1f}"]))
    return "\n".join([*head, *rows]) + "\n"


def eclab_text(cycles: list[Spectrum]) -> str:
    """EC-Lab's export; like EC-Lab's own it has no line end behind the last number."""
    settings = {"Mode": "Single sine", "E (V)": "0.0000", "fi": "1.000", "unit fi": "MHz", "ff": "100.000"}
    settings |= {"unit ff": "mHz", "Nd": "5", "Points": "per decade", "spacing": "Logarithmic", "Va (mV)": "10.0"}
    body = [
        "",
        "Potentio Electrochemical Impedance Spectroscopy",
        "",
        "Run on channel : 3 (SN 1234)",
        "Safety Limits :",
        "\tDo not start on E overload",
        "Acquisition started on : 03/03/2021 09:15:00",
        "Electrode surface area : 0.001 cm\u00b2",
        *(f"{name:<20}{value:<20}" for name, value in settings.items()),
        "",
        "freq/Hz\tRe(Z)/Ohm\t-Im(Z)/Ohm\t|Z|/Ohm\tPhase(Z)/deg\ttime/s\t<Ewe>/V\tcycle number\tI Range\t",
    ]
    head = ["EC-Lab ASCII FILE", f"Nb header lines : {len(body) + 2:<20}"]
    rows, time = [], 1.0
    for cycle, data in enumerate(cycles, start=1):
        for f, z in zip(data.frequency, data.impedance, strict=True):
            time += 1.0 + 2.0 / f
            numbers = (f, z.real, -z.imag, abs(z), np.degrees(np.angle(z)))
            cells = [_e(x, 7, 3) for x in numbers] + [_e(time, 15, 3), "-1.2500000E-003", _e(cycle, 15, 3), "11"]
            rows.append("\t".join(cells))
    return "\n".join([*head, *body, *rows])


def relaxis_text(data: Spectrum) -> str:
    head = [
        "RelaxIS 3.0 Spectrum export",
        "Date: 3/3/2021 9:15:00 AM",
        "Data: Frequency\tData: Z'\tData: Z''\tData: |Z|\tData: Theta (Z)",
        "DC=-0.01, TM=12.5, J=0\tModel: Unassigned Spectra\t(WE/RE Spectrum) cell_1\t\t",
    ]
    rows = []
    for f, z in zip(data.frequency[::-1], data.impedance[::-1], strict=True):
        numbers = (float(f), float(z.real), float(z.imag), float(abs(z)), float(np.degrees(np.angle(z))))
        rows.append("\t".join(map(repr, numbers)))
    return "\n".join([*head, *rows]) + "\n"


def biologic_csv(data: Spectrum) -> str:
    rows = []
    for k, (f, z) in enumerate(zip(data.frequency, data.impedance, strict=True)):
        numbers = (f, z.real, -z.imag, abs(z), np.degrees(np.angle(z)))
        rows.append(",".join([*(f"{x:.8g}" for x in numbers), f"{10.5 + k:.9f}", "-0.0406"]))
    return "\n".join(["freq/Hz,Re(Z)/Ohm,-Im(Z)/Ohm,|Z|/Ohm,Phase(Z)/deg,time/s,<Ewe>/V", *rows]) + "\n"


def bdf_csv(data: Spectrum) -> str:
    return csv_table.spectrum_text(ImpedanceSpectrum(data.frequency, data.impedance), ["sample: A1", "invented"])


def semicolon_csv(data: Spectrum) -> str:
    rows = [f"{f:.6e};{z.real:.6e};{-z.imag:.6e}" for f, z in zip(data.frequency, data.impedance, strict=True)]
    return "\n".join(["Frequency (Hz);Zreal [ohm];-Z'' [ohm]", *rows]) + "\n"


def bare_table(data: Spectrum) -> str:
    rows = [f" {f:.6f}   {z.real:16.6f}  {z.imag:16.6f}  " for f, z in zip(data.frequency, data.impedance, strict=True)]
    return "\n".join(rows) + "\n"


def spaced_text(data: Spectrum) -> str:
    """A text whose headers have blanks of their own, and stand further apart than their words."""
    head = "Sample.....:  cell_a\nSamples....: 3\n\nNumber   Frequency/Hz   impedance R/Ohm   impedance I/Ohm\n"
    rows = (
        f"{number:4d}   {f:.4e}   {z.real:.6e}   {z.imag:.6e}\n"
        for number, (f, z) in enumerate(zip(data.frequency, data.impedance, strict=True), start=1)
    )
    return head + "".join(rows)
