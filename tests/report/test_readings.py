"""Bars beside printed numbers: everything drawn is in view, whatever its sign."""

import pytest

from lamion.report.figures.plots import readings
from lamion.report.figures.style import LIGHT


@pytest.mark.parametrize(
    ("values", "printed"), [([-0.5, -0.2], -1.67), ([9.1, 5.4], 5.9), ([-1.0, 2.0], 0.0), ([0.0], 0.0)]
)
def test_bars_and_printed_numbers_are_in_view(values, printed):
    from matplotlib.figure import Figure

    page = Figure()
    group = {"name": "all", "labels": [str(k) for k in range(len(values))], "values": values, "printed": printed}
    readings(page, {"quantity": "width", "unit": "angstrom", "groups": [group, group]}, LIGHT)
    low, high = page.axes[-1].get_xlim()
    assert all(low <= value <= high for value in (*values, printed, 0.0))
    assert page.axes[-1].get_xlabel() == "width / angstrom"
