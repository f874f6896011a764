"""What the plasticiser alone explains: a line through published films, by hand."""

import math

import pytest

from lamion.quantities import InputError, Quantity
from lamion.studies.lse_hfc.steps.plasticiser_alone import plasticiser_alone

FILMS = {
    f"film {k}": {
        "plasticiser": f"{10 * k} wt%",
        "conductivity": f"{1e-5 * 10**k} S/cm",
        "laboratory": k,
        "source": "-",
    }
    for k in range(1, 4)
}
ASKED = {
    "ratio": Quantity(20.0, None, "1"),
    "first": Quantity(0.2, None, "1"),
    "second": Quantity(0.1, None, "1"),
    "points": FILMS,
}


def test_an_exact_law():
    """A decade for each 10 wt%: of the 20-fold, 2 are left; three points 0.1 apart know the slope to s / 0.1414."""
    answer = plasticiser_alone(**ASKED, scatter=0.1, repeat=0.0)
    assert answer["plasticiser_factor"].value == pytest.approx(10.0)
    assert answer["left_factor"].value == pytest.approx(2.0)
    assert answer["left_factor"].std == pytest.approx(2.0 * math.log(10) * 0.1 * 0.1 / math.sqrt(0.02))
    assert answer.verdict == "shown"


def test_films_that_scatter_leave_it_undecided():
    answer = plasticiser_alone(**ASKED, scatter=0.3)
    assert answer.verdict == "undecided"
    assert "includes 1" in answer.reason


def test_another_reading_of_a_film_counts():
    films = FILMS | {"film 3": FILMS["film 3"] | {"plasticiser": ["30 wt%", "20.1 wt%"]}}
    answer = plasticiser_alone(**ASKED | {"points": films}, scatter=0.1, repeat=0.0)
    assert answer["left_factor"].value == pytest.approx(2.0)  # the first reading is the printed one
    assert answer.verdict == "undecided"
    assert "2 readings" in answer.reason


def test_many_films_tell_their_own_scatter():
    films = {
        f"film {k}": {
            "plasticiser": f"{4 * k} wt%",
            "conductivity": f"{1e-5 * 10 ** (0.4 * k + 0.5 * (-1) ** k)} S/cm",
            "laboratory": k,
            "source": "-",
        }
        for k in range(1, 11)
    }
    answer = plasticiser_alone(**ASKED | {"points": films}, scatter=0.1)
    # Half a decade up and down in turn, of ten films with two parameters: 0.5 * sqrt(10 / 8).
    assert "scatter by 0.55 decades" in answer.reason or "scatter by 0.56 decades" in answer.reason


def test_what_tells_no_law_is_refused():
    with pytest.raises(InputError, match="tell no law"):
        plasticiser_alone(**ASKED | {"points": dict(list(FILMS.items())[:2])})
    bare = {key: value for key, value in FILMS["film 2"].items() if key != "source"}
    with pytest.raises(InputError, match="lacks its source"):
        plasticiser_alone(**ASKED | {"points": FILMS | {"film 2": bare}})
    with pytest.raises(InputError, match="as much plasticiser"):
        plasticiser_alone(**ASKED | {"points": {k: one | {"plasticiser": "10 wt%"} for k, one in FILMS.items()}})
