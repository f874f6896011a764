"""Plates of a study: declared, refused, and looked up once the steps have answers."""

import pytest

from lamion.quantities import InputError
from lamion.report.plates import shown
from lamion.study.results import results_of

from .conftest import STUDY

PLATE = """
[[plate]]
id = "1"
title = "Films"
columns = 2

[[plate.panel]]
letter = "a"
step = "made"

[[plate.panel]]
letter = "b"
title = "a photograph"
absent = "never published"
"""


def test_a_plate_is_read(bench):
    bench.write(STUDY + PLATE)
    (plate,) = bench.load().plates
    assert (plate.id, plate.title, plate.columns) == ("1", "Films", 2)
    assert [panel.letter for panel in plate.panels] == ["a", "b"]
    assert [panel.letter for panel in plate.drawn] == ["a"]
    assert plate.panels[1].absent == "never published"


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('step = "made"', 'step = "maid"', "there is no step 'maid'"),
        ('step = "made"', 'step = "made"\npaneel = 2', "'paneel' is not known"),
        ('step = "made"', 'step = "made"\nabsent = "why"', "one of 'step', 'overlay' and 'absent'"),
        ('step = "made"', 'title = "nothing"', "one of 'step', 'overlay' and 'absent'"),
        ('step = "made"', 'step = "made"\nwide = 3', "wider than the plate's 2 columns"),
        ('step = "made"', 'step = "made"\nwide = 0', "'wide' is not as it should be"),
        ('step = "made"', 'step = "made"\nlegend = "middle"', "'middle' is no corner"),
        ('step = "made"', 'absent = "too"', "no panel shows anything"),
        ('letter = "b"', 'letter = "a"', "the letter 'a' stands twice"),
        ('letter = "b"\n', "", "'letter' is missing"),
        ('id = "1"', 'id = "../1"', "the id is made of letters"),
        ('title = "Films"\n', "", "'title' is missing"),
        ("columns = 2", "columns = 40", "too many for a page"),
        ("columns = 2", 'heights = ["3 m"]', "no page is 3 m high"),
        ("columns = 2", "heights = [56]", "a height is not a text"),
    ],
)
def test_what_is_wrong_with_a_plate_is_said(bench, old, new, said):
    bench.write(STUDY + PLATE.replace(old, new, 1))
    with pytest.raises(InputError, match=said):
        bench.load()


def test_a_plate_that_stands_twice_is_refused(bench):
    bench.write(STUDY + PLATE + PLATE)
    with pytest.raises(InputError, match="the plate '1' stands twice"):
        bench.load()


def test_a_figure_that_a_step_does_not_draw_is_refused_with_those_it_draws(bench):
    bench.write(STUDY + PLATE.replace('step = "made"', 'step = "made"\nfigure = "compositon"'))
    results = results_of(bench.run())
    with pytest.raises(InputError, match="draws no figure 'compositon'") as refused:
        shown(results)
    assert "composition" in refused.value.remedy


def test_a_step_without_a_figure_is_refused(bench):
    bench.write(STUDY + PLATE.replace('step = "made"', 'step = "other"'))
    results = results_of(bench.run())
    with pytest.raises(InputError, match="'other' draws no figure"):
        shown(results)


def test_a_panel_of_a_step_without_an_answer_says_so(bench):
    failing = 'id = "other"\ntask = "audit formula"\nformula = "sigma / (ratio - ratio)"'
    study = STUDY.replace('id = "other"\ntask = "audit formula"\nformula = "sigma / ratio"', failing)
    bench.write(study + PLATE + '\n[[plate.panel]]\nletter = "c"\nstep = "other"\n')
    (plate,) = shown(results_of(bench.run()))
    assert plate.panels[2].figure is None
    assert plate.panels[2].absent == "the step 'other' has no answer"
