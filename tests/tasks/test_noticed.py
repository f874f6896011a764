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
