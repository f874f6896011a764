"""What an activation energy from spectra says of each spectrum that it comes from."""

import numpy as np
import pytest

import lamion

F = np.geomspace(1e5, 1.0, 31)
SIZE = {"thickness": "1 mm", "area": "2 cm2"}
TEMPERATURES = ("60 degC", "20 degC", "40 degC")


@pytest.fixture(scope="module")
def spectra(tmp_path_factory):
    """Of one cell at three temperatures, whose tail at the lowest one is that of diffusion."""
    files, folder = [], tmp_path_factory.mktemp("spectra")
    for temperature, resistance, exponent in zip(TEMPERATURES, (200.0, 600.0, 330.0), (0.9, 0.5, 0.9), strict=True):
        z = resistance + 1 / (1e-3 * (2j * np.pi * F) ** exponent)
        rows = "\n".join(f"{f},{one.real},{one.imag}" for f, one in zip(F, z, strict=True))
        files.append(folder / f"cell {temperature}.csv")
        files[-1].write_text(f"Frequency / Hz,Real Impedance / ohm,Imaginary Impedance / ohm\n{rows}\n")
    return files


@pytest.fixture(scope="module")
def answer(spectra):
    return lamion.analyze.arrhenius(*spectra, temperatures=", ".join(TEMPERATURES), **SIZE)


def test_what_is_said_of_each_spectrum_is_passed_on_with_its_file(spectra, answer):
    alone = lamion.analyze.conductivity(spectra[1], **SIZE).warnings
    assert any("tail has the exponent 0.50" in text for text in alone)
    assert [text for text in answer.warnings if text.startswith("cell 20 degC.csv: ")] == [
        f"cell 20 degC.csv: {text}" for text in alone
    ]
    assert not any("exponent" in text for text in answer.warnings if "cell 20 degC.csv" not in text)


def test_each_row_names_its_file(spectra, answer):
    assert next(iter(answer.series)) == "File"
    assert answer.series["File"] == [file.name for file in spectra]
    assert answer.series["Temperature / K"] == pytest.approx([333.15, 293.15, 313.15])
