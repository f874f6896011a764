"""An answer prints, shows, draws and tabulates itself, and survives its way through JSON."""

import json
import subprocess
import sys
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lamion.quantities import Answer, FigureData, InputError, MissingExtraError, Quantity
from lamion.quantities.figure import Axis, Figure, Line, Panel
from lamion.quantities.nyquist import nyquist
from lamion.quantities.showing import lines

SIGMA = Quantity(5.62e-4, 1.1e-5, "S/cm", "a fit")
PULSE = Panel([Line([0.0, 1.0], [1.0, 0.5], "fit")], Axis("time", "s"), Axis("voltage", "V"))
FIGURE = Figure([PULSE]).entitled("After <the> pulse")
ONE = Answer(
    {"resistance": Quantity(0.8, 0.01, "ohm"), "conductivity": SIGMA},
    {"Time / s": [0.0, 1.0], "File": ["a", None]},
    {"model": "straight", "deep": {"list": [1, 2]}},
    ("Mind the leads.",),
    {"relaxation": FIGURE},
    {"depletion_time": "s"},
    verdict="valid",
    reason="The residuals are noise.",
    method="R from a fit to 61 points; sigma = thickness / (R area).",
    assumptions=("The film is uniform.",),
    files={"cif": b"data_\n"},
    headline=("conductivity", "res*"),
)


def test_a_result_is_found_by_its_name():
    assert ONE["conductivity"] is SIGMA
    assert ONE["depletion_time"] is None
    assert "depletion_time" in ONE
    assert "sigma" not in ONE
    assert list(ONE) == ["resistance", "conductivity", "depletion_time"]


def test_a_misspelt_name_is_answered_with_the_right_one():
    with pytest.raises(KeyError) as caught:
        ONE["conductivty"]
    said = caught.value.args[0]
    assert "There is no result 'conductivty'. Did you mean 'conductivity'?" in said
    assert "resistance, conductivity, depletion_time" in said
    with pytest.raises(KeyError, match="none"):
        Answer()["x"]


def test_it_reads_headline_verdict_method_and_warnings_in_that_order():
    assert str(ONE).splitlines() == [
        "conductivity    5.62(11)e-4 S/cm",
        "resistance      0.800(10) ohm",
        "depletion_time  not reached",
        "Time / s  File",
        "       0  a",
        "       1  -",
        "verdict: valid",
        "reason: The residuals are noise.",
        "R from a fit to 61 points; sigma = thickness / (R area).",
        "assumed: The film is uniform.",
        "warning: Mind the leads.",
    ]
    assert str(ONE) == str(replace(ONE))


def test_details_hold_everything():
    text = [line.text for line in lines(ONE, details=True)]
    assert text[:3] == [
        "conductivity    5.62(11)e-4 S/cm",
        "resistance      0.800(10) ohm",
        "depletion_time  not reached",
    ]
    assert "model: straight" in text
    assert "assumptions: The film is uniform." in text
    assert "Time / s  File" in text
    assert text[-1] == "warning: Mind the leads."
    assert {line.style for line in lines(ONE, details=True)} == {"result", "verdict", "method", "warning", "detail"}


def test_a_value_is_called_by_what_it_means():
    answer = Answer({"value": Quantity(2.0, None, "1")}, means="ratio of the slopes", synthetic=True)
    assert str(answer) == "ratio of the slopes  2\nThe data are synthetic."


@pytest.mark.parametrize("headline", [(), ("r1*",), ("nothing",)])
@pytest.mark.parametrize("long", [False, True])
def test_it_never_takes_more_than_24_lines(headline, long):
    size = 40 if long else 1
    answer = Answer(
        {f"r{number}" * size: Quantity(1.0, 0.1, "ohm") for number in range(200)},
        warnings=[f"Warning {number}.\nIt goes on." for number in range(50)],
        verdict="not valid " * size,
        reason="A long reason that goes on. " * 2 * size,
        method="A long way to find it out. " * 2 * size,
        synthetic=True,
        headline=headline,
    )
    text = str(answer).splitlines()
    assert len(text) <= 24
    assert text[-1] == "and 44 more warnings, with --details"
    assert text[-2] == "warning: Warning 5. It goes on."
    assert any("more results, with --details" in line for line in text)
    assert all(len(line) <= 100 for line in text)
    assert sum(line.text.startswith("warning: ") for line in lines(answer, details=True)) == 50


def test_a_good_answer_takes_about_a_dozen_lines():
    answer = Answer({f"r{number}": Quantity(1.0, 0.1, "ohm") for number in range(24)}, method="A fit.")
    text = str(answer).splitlines()
    assert len(text) == 14
    assert text[12:] == ["and 12 more results, with --details", "A fit."]


def test_its_repr_is_one_line():
    assert repr(Answer({"conductivity": SIGMA})) == "Answer(conductivity=5.62(11)e-4 S/cm)"
    many = Answer({f"result{number}": SIGMA for number in range(50)}, verdict="valid")
    assert "\n" not in repr(many)
    assert repr(many).endswith(", ..., verdict='valid')")
    assert len(repr(many)) < 200
    assert repr(Answer()) == "Answer()"


def test_a_notebook_shows_a_table_and_a_picture_and_runs_nothing():
    evil = "<script>alert(1)</script>"
    answer = Answer(
        {evil: SIGMA},
        warnings=[evil],
        figures={"relaxation": replace(FIGURE, title=f'"{evil}')},
        verdict=evil,
        reason=evil,
        method=evil,
    )
    html = answer._repr_html_()
    assert "<script" not in html
    assert html.count("&lt;script&gt;") == 6
    assert "<table>" in html
    assert "data:image/svg+xml;base64," in html
    assert "http" not in html.replace(html.partition("base64,")[2], "")
    assert html == answer._repr_html_()
    unknown = replace(answer, figures={"x": FigureData("no such kind", "", {})})
    assert "<img" not in unknown._repr_html_()


def test_a_frame_holds_the_series_or_the_results():
    frame = ONE.to_frame()
    assert list(frame.columns) == ["Time / s", "File"]
    assert len(frame) == 2
    results = replace(ONE, series={}, results={**ONE.results, "t": Quantity(0.5, None, "1", interval=(0.4, None))})
    table = results.to_frame()
    assert list(table.index) == ["conductivity", "resistance", "t", "depletion_time"]
    assert list(table.columns) == ["value", "uncertainty", "unit", "low", "high"]
    assert table.loc["resistance", "low"] == pytest.approx(0.79)
    assert table.loc["t", "low"] == 0.4
    assert table.loc["t", "high"] != table.loc["t", "high"]
    assert table.loc["depletion_time", "unit"] == "s"


def test_a_frame_without_pandas_says_what_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "pandas", None)
    with pytest.raises(MissingExtraError, match=r"A data frame needs .* \"lamion\[notebook\]"):
        ONE.to_frame()


def test_it_draws_itself_on_a_page_or_into_axes():
    from matplotlib.figure import Figure as Page

    page = ONE.plot()
    assert isinstance(page, Page)
    assert page.axes
    own = Page()
    left, right = own.subplots(1, 2)
    assert ONE.plot("relaxation", ax=left) is own
    assert left.lines
    assert not right.lines
    with pytest.raises(InputError, match="There is no figure 'x'"):
        ONE.plot("x")
    with pytest.raises(InputError, match="nothing to draw"):
        Answer().plot()


def test_several_panels_do_not_fit_into_one():
    from matplotlib.figure import Figure as Page

    drawn = {"label": "", "re": [1.0, 2.0], "im": [-1.0, -0.5], "fit_re": [1.0, 2.0], "fit_im": [-1.0, -0.5]}
    figure = nyquist("A spectrum", [{**drawn, "resistance": 0.5, "resistance_std": 0.1}])
    answer = Answer(figures={"nyquist": figure})
    assert len(answer.plot().axes) == 2
    with pytest.raises(InputError, match=r"'A spectrum' has several panels.*Leave ax away"):
        answer.plot(ax=Page().subplots())


def test_a_resistance_as_large_as_its_spectrum_needs_no_closer_view():
    drawn = {"label": "", "re": [20.0, 60.0], "im": [-1.0, -0.5], "resistance": 60.0, "resistance_std": 0.1}
    (panel,) = nyquist("A spectrum", [drawn]).data["panels"]
    assert [trace["x"] for trace in panel["traces"]] == [[20.0, 60.0], [60.0]]
    assert panel["x"]["high"] == pytest.approx(64.8)
    (panel,) = nyquist("A spectrum", [{**drawn, "resistance": 1e37}]).data["panels"]
    assert [trace["x"] for trace in panel["traces"]] == [[20.0, 60.0]], "what is not determined sets no scale"
    assert panel["x"]["high"] == pytest.approx(64.8)


def test_fields_stand_among_the_notes_of_the_json():
    content = ONE.to_json()
    assert set(content) == {"results", "series", "notes", "warnings"}
    assert content["notes"] == {
        "verdict": "valid",
        "reason": "The residuals are noise.",
        "method": ONE.method,
        "assumptions": ["The film is uniform."],
        "model": "straight",
        "deep": {"list": [1, 2]},
    }
    assert Answer().to_json()["notes"] == {}


def test_a_note_with_a_fields_name_is_what_the_json_shows_and_the_store_keeps_both():
    both = Answer(notes={"method": "GFN2-xTB"}, method="Energies by GFN2-xTB.")
    assert both.to_json()["notes"] == {"method": "GFN2-xTB"}
    assert Answer.from_store(json.loads(json.dumps(both.to_store()))) == both


def test_the_store_keeps_sources_figures_and_files():
    back = Answer.from_store(json.loads(json.dumps(ONE.to_store())))
    assert back == ONE


def test_an_entry_of_an_earlier_version_is_read():
    entry = {"results": {}, "series": {}, "notes": {"verdict": "holds", "synthetic": True, "cell": 1}, "warnings": []}
    back = Answer.from_store(entry)
    assert (back.verdict, back.synthetic, back.notes) == ("holds", True, {"cell": 1})


@pytest.mark.parametrize("content", [{}, {"results": 3}, {"results": {"a": 1}, "series": {}, "notes": {}}, []])
def test_other_json_is_refused(content):
    with pytest.raises(InputError, match="not the JSON of an answer"):
        Answer.from_json(content)


NUMBERS = st.floats(-1e12, 1e12)
WORDS = st.text(max_size=12)
ENDS = st.one_of(
    st.just((None, None)),
    st.tuples(st.none(), NUMBERS),
    st.tuples(NUMBERS, st.none()),
    st.tuples(NUMBERS, NUMBERS).map(lambda ends: tuple(sorted(ends))),
)
QUANTITIES = st.builds(
    Quantity,
    NUMBERS,
    st.none() | st.floats(0, 1e12),
    st.sampled_from(["1", "S/cm", "mV"]),
    interval=st.none() | ENDS,
)


@given(
    st.dictionaries(WORDS.map("r".__add__), QUANTITIES, max_size=4),
    st.dictionaries(WORDS, st.lists(NUMBERS | WORDS | st.none(), min_size=2, max_size=2), max_size=3),
    st.dictionaries(WORDS.map("n ".__add__), NUMBERS | WORDS | st.none() | st.booleans(), max_size=3),
    st.lists(WORDS, max_size=3).map(tuple),
    st.dictionaries(WORDS.map("u".__add__), st.sampled_from(["s", "1"]), max_size=2),
    st.tuples(*[WORDS] * 5),
    st.lists(WORDS, max_size=2).map(tuple),
    st.booleans(),
)
def test_an_answer_survives_json(results, series, notes, warnings, unreached, said, assumptions, synthetic):
    texts = dict(zip(("verdict", "reason", "method", "means", "computed"), said, strict=True))
    answer = Answer(
        results, series, notes, warnings, {}, unreached, assumptions=assumptions, synthetic=synthetic, **texts
    )
    content = json.loads(json.dumps(answer.to_json(), allow_nan=False))
    back = Answer.from_json(content)
    assert back == answer
    assert back.to_json() == content
    assert str(back) == str(answer)
    assert len(str(back).splitlines()) <= 24
    assert "\n" not in repr(back)


def test_the_room_loads_nothing_heavy():
    code = "import sys, lamion.quantities as q; str(q.Answer()); print(sorted(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert not {"'numpy'", "'pandas'", "'matplotlib'", "'pint'"} & set(done.stdout.strip("[]\n").split(", "))
