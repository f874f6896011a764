"""Bars beside printed numbers: everything drawn is in view, whatever its sign."""

import pytest
from tests.report.figure_contract import hold

from lamion.models.atomistic.energies import adsorption_table
from lamion.models.atomistic.energies.adsorption_table import AdsorptionCase
from lamion.quantities.reading_bars import ReadingGroup, reading_bars
from lamion.report.figures.draw import page_of


@pytest.mark.parametrize(
    ("values", "printed"), [([-0.5, -0.2], -1.67), ([9.1, 5.4], 5.9), ([-1.0, 2.0], 0.0), ([0.0], 0.0), ([3.0], None)]
)
def test_bars_and_printed_numbers_are_in_view(values, printed):
    group = ReadingGroup("all", {str(k): value for k, value in enumerate(values)}, printed)
    figure = reading_bars("Widths", "width", "angstrom", [group, group])
    hold(figure)
    axes = page_of(figure).axes[-1]
    low, high = axes.get_xlim()
    assert all(low <= value <= high for value in (*values, 0.0 if printed is None else printed, 0.0))
    assert axes.get_xlabel() == "width / angstrom"
    dashed = [line.get_xdata()[0] for line in axes.lines if line.get_linestyle() == "--"]
    assert dashed == ([] if printed is None else [printed])


def test_chains_of_the_same_polymer_share_a_group():
    lines = [
        AdsorptionCase("one", "paddlewheel", "dme"),
        AdsorptionCase("failed", "paddlewheel", "sn"),
        AdsorptionCase("two", "x", "glyme"),
    ]
    figure = adsorption_table._figure(lines, [-0.5, None, -0.9])
    (panel,) = figure.data["panels"]
    assert panel["title"] == "PEO"
    assert panel["traces"][0]["texts"] == ["−0.50", "−0.90"]
