"""A figure within the page: far fewer bytes, the same marks at the same places."""

import xml.etree.ElementTree as ET
from urllib.parse import unquote

import pytest

from lamion.quantities.figure import Axis, Figure, Line, Panel, Points
from lamion.report.figures.draw import draw
from lamion.report.figures.style import for_both_schemes
from lamion.report.lean_svg import as_uri, lean

MOST = 60_000
"""Bytes of a plot of some hundred points: a hundred of them are within what a page may weigh."""


def parsed(text):
    return ET.fromstring(text)  # noqa: S314  It was drawn here.


@pytest.fixture(scope="module")
def svg():
    x = [k / 50 for k in range(100)]
    traces = [Points(x, [v**2 for v in x], "it's measured"), Line(x, [v**2 + 0.1 for v in x], "fit")]
    figure = Figure([Panel(traces, Axis("time", "s"), Axis("voltage", "V"))]).entitled("Rest")
    return for_both_schemes(draw(figure, "svg"), "xy")


def test_it_is_shorter_and_draws_the_same_marks(svg):
    short = lean(svg)
    assert len(short) < 0.9 * len(svg)
    before, after = parsed(svg), parsed(short)
    used = "{http://www.w3.org/2000/svg}use"
    assert len(list(before.iter(used))) == len(list(after.iter(used))) > 100
    assert before.get("viewBox") == after.get("viewBox")


def test_the_address_holds_the_picture_and_no_double_quotation_mark(svg):
    uri = as_uri(svg)
    assert '"' not in uri
    assert "#" not in uri
    assert len(uri) < MOST
    kind, _, text = uri.partition(",")
    assert kind == "data:image/svg+xml"
    assert parsed(unquote(text)).tag.endswith("svg")


def test_eight_curves_that_are_a_circle_become_one():
    import io

    from matplotlib.backends.backend_svg import FigureCanvasSVG
    from matplotlib.figure import Figure as Page
    from matplotlib.patches import Circle, Ellipse

    page = Page(figsize=(2, 2))
    FigureCanvasSVG(page)
    axes = page.add_axes((0, 0, 1, 1))
    axes.set(xlim=(0, 2), ylim=(0, 2))
    axes.add_patch(Circle((0.5, 0.5), 0.25))
    axes.add_patch(Ellipse((1.5, 1.5), 0.5, 0.9))
    content = io.BytesIO()
    page.savefig(content, format="svg")
    circles = [one for one in parsed(lean(content.getvalue())).iter() if one.tag.endswith("circle")]
    assert len(circles) == 1
    assert float(circles[0].get("cx")) == pytest.approx(36.0, abs=0.05)
    assert float(circles[0].get("cy")) == pytest.approx(108.0, abs=0.05)
    assert float(circles[0].get("r")) == pytest.approx(18.0, abs=0.05)
