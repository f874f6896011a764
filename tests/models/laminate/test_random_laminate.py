"""Irregular laminates: the regular one as their limit, conservation of area, seeds, workers, spread."""

import numpy as np
import pytest

from lamion.models.laminate.arrangement import Arrangement, draw_rows, periodic_cell
from lamion.models.laminate.bricks import SHEET, Bricks
from lamion.models.laminate.random_laminate import random_laminate, realise
from lamion.models.laminate.resolved import ALONG, THROUGH, resolve
from lamion.numerics.effective_conductivity import periodic_tensor
from lamion.quantities import InputError

NM = 1e-9
SHORT = Bricks(100 * NM, 4.5 * NM, 4.5 * NM, 4.5 * NM)


def rule(**options):
    return Arrangement(SHORT, 300 * NM, **options)


@pytest.mark.parametrize("sheet", [0.0, 0.05])
def test_regular_rows_are_the_regular_laminate(sheet):
    """The same bricks drawn as rows of one period, against the quarter cell."""
    period = SHORT.period
    regular = Arrangement(SHORT, 100 * NM, rows=2, length=period)
    rows = [[(0.0, 100 * NM)], [(0.0, 100 * NM - period / 2), (period / 2, period)]]
    rows[1][1] = (period / 2, period)
    rows[1][0] = (0.0, period / 2 - SHORT.gap)
    cell = periodic_cell(regular, rows, 8)
    assert cell.fraction(SHEET) == pytest.approx(SHORT.sheet_fraction, rel=1e-9)
    tensor = periodic_tensor(cell.grid, cell.field(sheet, 1.0))
    assert tensor[1, 1] == pytest.approx(resolve(SHORT, sheet, axis=THROUGH).value, rel=3e-3)
    assert tensor[0, 0] == pytest.approx(resolve(SHORT, sheet, axis=ALONG).value, rel=3e-3)


def test_cells_have_the_area_that_was_drawn():
    for options in ({}, {"missing": 0.3}, {"pinholes": 5e6}):
        drawn = rule(**options)
        rows = draw_rows(drawn, np.random.default_rng(4))
        covered = sum(high - low for row in rows for low, high in row)
        cell = periodic_cell(drawn, rows, 2)
        area = drawn.period * drawn.rows * SHORT.repeat
        assert cell.fraction(SHEET) == pytest.approx(covered * SHORT.thickness / area, rel=1e-6)


def test_random_rows_conduct_better_than_the_even_shift():
    """Half a period is the longest detour: rows shifted at random, of the same middle width, must conduct more."""
    answer = random_laminate(rule(), 0.0, 0.0, 0.35, realisations=4)
    middle = resolve(Bricks(200 * NM, 4.5 * NM, 4.5 * NM, 4.5 * NM), 0.0).value
    assert answer.results["cation_ratio"].value > middle
    assert answer.results["transference"].value == pytest.approx(0.35)


def test_missing_sheets_and_pinholes_open_the_way():
    closed, missing, pierced = (
        realise(rule(**o), 0.0, 0.0, 3, 2).cation[1] for o in ({}, {"missing": 0.4}, {"pinholes": 2e7})
    )
    assert missing > closed
    assert pierced > closed


def test_results_lie_inside_the_bounds_and_on_the_same_numbers_for_every_number_of_workers():
    alone = random_laminate(rule(rows=2), 0.1, 0.01, 0.35, realisations=3, seed=5)
    shared = random_laminate(rule(rows=2), 0.1, 0.01, 0.35, realisations=3, seed=5, workers=2)
    assert alone.to_json() == shared.to_json()
    for ion in ("cation", "anion"):
        limits = alone.notes["bounds"][ion]
        assert limits["wiener_series"] < alone.results[f"{ion}_ratio"].value < limits["wiener_parallel"]


def test_larger_pieces_spread_less():
    """The relative spread of one realisation falls with the size of the piece: about as the root of its area."""
    small = random_laminate(rule(rows=2), 0.0, 0.0, 0.35, realisations=16, seed=1).notes["spread"]
    large = random_laminate(rule(rows=8), 0.0, 0.0, 0.35, realisations=16, seed=1).notes["spread"]
    assert large < small


@pytest.mark.parametrize(
    ("options", "said"), [({"rows": 1}, "1 rows"), ({"missing": 1.0}, "is 1"), ({"pinholes": 1e10}, "do not fit")]
)
def test_nonsense_is_refused(options, said):
    with pytest.raises(InputError, match=said):
        rule(**options)
    with pytest.raises(InputError, match="1 realisations"):
        random_laminate(rule(), 0.0, 0.0, 0.35, realisations=1)
