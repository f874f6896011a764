from __future__ import annotations

import numpy as np
import pytest
from tests.formats import fixtures

from lamion.formats import RawFile, read_raw
from lamion.quantities import FileFormatError

_TEXT = fixtures.relaxis_text(fixtures.spectrum())


def _read(text: str):
    return read_raw(RawFile("cell.txt", text.encode()))


def test_exact_numbers_in_the_order_of_the_file() -> None:
    content = _read(_TEXT)
    data = fixtures.spectrum()
    assert np.array_equal(content.records[0].frequency, data.frequency[::-1])
    assert np.array_equal(content.records[0].impedance, data.impedance[::-1])
    assert content.metadata["Date"] == "3/3/2021 9:15:00 AM"
    assert content.warnings == ()


@pytest.mark.parametrize(("line", "message"), [(1, "the column names"), (2, "the column names"), (3, "description")])
def test_a_missing_header_line(line: int, message: str) -> None:
    lines = _TEXT.split("\n")
    del lines[line]
    with pytest.raises(FileFormatError, match=message):
        _read("\n".join(lines))


def test_a_shifted_line_contradicts_the_modulus() -> None:
    lines = _TEXT.split("\n")
    one, other = lines[10].split("\t"), lines[11].split("\t")
    lines[10] = "\t".join([one[0], other[1], *one[2:]])
    with pytest.raises(FileFormatError, match=r"line 11: expected a modulus of .*\(1 of 36 lines disagree"):
        _read("\n".join(lines))
