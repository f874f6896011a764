"""What a reader noticed of a file is not lost where the file's analysis is refused."""

from __future__ import annotations

import numpy as np
import pytest

from lamion.quantities import InputError
from lamion.tasks import catalogue


@pytest.fixture
def turning(tmp_path):
    """A sweep with one frequency that turns back."""
    f = np.geomspace(1e5, 1.0, 41)
    z = 100 / (1 + 1j * f / 1e3) + 20
    f[20] *= 4
    rows = "\n".join(f"{a:.6g},{b.real:.6g},{-b.imag:.6g}" for a, b in zip(f, z, strict=True))
    file = tmp_path / "turning.csv"
    file.write_text("freq/Hz,Re(Z)/Ohm,-Im(Z)/Ohm\n" + rows + "\n")
    return file


def test_a_refusal_keeps_what_the_reader_noticed(turning):
    with pytest.raises(InputError) as caught:
        catalogue.find("analyze kk")(turning, fmin="10 MHz")
    text = str(caught.value)
    assert text.startswith("No point of the spectrum lies at")
    assert "Noticed while reading: turning.csv: " in text
    assert "the frequency turns back" in text


def test_a_refusal_of_an_ordinary_file_says_no_more(turning):
    turning.write_text("freq/Hz,Re(Z)/Ohm,-Im(Z)/Ohm\n" + "".join(f"{10**k},{20 + k},{5 + k}\n" for k in range(8)))
    with pytest.raises(InputError) as caught:
        catalogue.find("analyze kk")(turning, fmin="1 GHz")
    assert "Noticed" not in str(caught.value)


@pytest.fixture
def no_sensor(tmp_path):
    """A blocking cell from a workstation whose input for a thermocouple was open."""

    def written(name, resistance):
        f = np.geomspace(1e5, 0.1, 61)
        z = resistance + 1 / (1e-5 * (2j * np.pi * f) ** 0.9)
        rows = [
            f"{k:4d}   {a:14.4e}   {b.real:14.6e}   {b.imag:14.6e}   {0.999:8.3f}   {1.5 * k:8.1f}"
            for k, (a, b) in enumerate(zip(f, z, strict=True), 1)
        ]
        head = ["File.......:  cell_a - JUL,28.2021", "", "Temperature:  -0.7 +-0.1 C", "Impedance samples", ""]
        table = "Number   Frequency/Hz   impedance R/Ohm   impedance I/Ohm   Significance   Time/s "
        file = tmp_path / name
        file.write_text("\n".join([*head, f"Lines:   {len(rows)}", "Columns: 5", "", table, *rows]) + "\n")
        return file

    return written


def _of_the_header(answer):
    return [text.partition("it is not believed.")[2].strip() for text in answer.warnings if "believed" in text]


def test_a_temperature_that_was_given_is_not_asked_for(no_sensor):
    conductivity, file = catalogue.find("analyze conductivity"), no_sensor("cell.txt", 500.0)
    size = {"thickness": "1 mm", "area": "2 cm2"}
    said = 'Say the true one: --temperature "25 degC"; temperature = in a step, temperature= in Python.'
    assert _of_the_header(conductivity(file, **size)) == [said]
    assert _of_the_header(conductivity(file, temperature="25 degC", **size)) == ["The one given counts."]


def test_temperatures_that_were_given_are_not_asked_for(no_sensor):
    files = [no_sensor(f"{k}.txt", R) for k, R in enumerate((500.0, 300.0, 200.0))]
    answer = catalogue.find("analyze arrhenius")(
        *files, temperatures="20 degC, 40 degC, 60 degC", thickness="1 mm", area="2 cm2"
    )
    assert _of_the_header(answer) == 3 * ["Those given count."]


def test_no_option_is_advised_that_a_task_has_not(no_sensor):
    assert _of_the_header(catalogue.find("analyze kk")(no_sensor("cell.txt", 500.0))) == [""]
