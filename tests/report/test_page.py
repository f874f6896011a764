"""The report as a page: it opens with the picture, every link leads somewhere, and it needs nothing but itself."""

import base64
import hashlib
import re
from html.parser import HTMLParser
from urllib.parse import unquote

import pytest

from lamion.quantities import Quantity


class Page(HTMLParser):
    """What the tests ask of a page."""

    def __init__(self, text):
        super().__init__()
        self.ids, self.links, self.tags, self.inside = [], [], [], []
        self.cells, self.script, self.policy = [], "", ""
        self._open = []
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        said = dict(attributes)
        self.tags.append((tag, said))
        self._open.append((tag, said.get("class") or ""))
        if "id" in said:
            self.ids.append(said["id"])
        if tag == "a":
            self.links.append(said["href"])
        if said.get("http-equiv") == "Content-Security-Policy":
            self.policy = said["content"]
        if tag == "td" and "number" in (said.get("class") or ""):
            self.cells.append("")

    def handle_endtag(self, tag):
        while self._open and self._open.pop()[0] != tag:
            pass

    def handle_data(self, data):
        if self._open and self._open[-1][0] == "script":
            self.script += data
        if ("td", "number") in self._open:
            self.cells[-1] += data


@pytest.fixture(scope="module")
def page(folder):
    return Page(folder.text("report.html"))


def test_the_picture_stands_before_the_verdicts_and_those_before_the_chapters(folder):
    text = folder.text("report.html")
    places = [text.index(f'id="{name}"') for name in ("picture", "verdicts", "chapter-1", "provenance")]
    assert places == sorted(places)


def test_the_audit_sets_its_failures_beside_those_of_chance_and_leads_to_each(folder):
    section = re.search(r'<section id="audit".*?</section>', folder.text("report.html"), re.DOTALL)[0]
    assert "Of 3 independent comparisons that decided, 1 came out against what is printed." in section
    assert "0.15 of them by chance" in " ".join(section.split())
    # 1 - 0.95^3
    assert "probability of 0.14" in " ".join(section.split())
    assert re.findall(r'href="#claim-([^"]*)"', section) == ["density"]


def test_every_link_leads_to_an_element_of_the_page_and_no_name_is_given_twice(page):
    assert len(page.ids) == len(set(page.ids))
    assert page.links
    assert {link for link in page.links if unquote(link[1:]) not in page.ids} == set()


def test_each_comparison_is_drawn_and_leads_to_its_claim_and_its_step(page):
    drawn = [said["data-claims"] for tag, said in page.tags if said.get("class", "").startswith("range ")]
    assert sorted(drawn) == ["density", "energy", "other.density"]
    assert {"#claim-density", "#claim-energy", "#step-made", "#step-line"} <= set(page.links)
    assert "#claim-given" not in page.links, "an input has no range"


def test_a_claim_leads_to_its_step_its_figure_and_its_evidence(page):
    assert {"#step-line", "#figure-line", "#evidence-line"} <= set(page.links)


def test_a_mark_has_a_shape_of_its_own_for_each_verdict(folder):
    shapes = set(re.findall(r'href="#(shape-[\w-]+)"', folder.text("report.html")))
    assert {"shape-disc", "shape-diamond"} <= shapes


def test_only_the_script_of_the_page_may_run_and_nothing_is_fetched(page):
    digest = base64.b64encode(hashlib.sha256(page.script.encode()).digest()).decode()
    assert f"script-src 'sha256-{digest}'" in page.policy
    assert "default-src 'none'" in page.policy
    assert [
        said for tag, said in page.tags if tag in ("link", "iframe") or said.get("src", "data:")[:5] != "data:"
    ] == []
    assert not any(name.startswith("on") for _, said in page.tags for name in said)


def test_without_a_script_everything_is_shown(page):
    hidden = [said.get("id") for _, said in page.tags if "hidden" in said]
    assert hidden == ["find"]


def test_each_number_stands_with_its_unit(page, folder):
    for step in folder.json("results.json")["steps"].values():
        for found in step["results"].values():
            unit = "" if found["unit"] == "1" else found["unit"]
            written = str(Quantity(found["value"], found["uncertainty"], found["unit"], "", found["interval"]))
            assert written in page.cells
            assert unit in written


def test_what_can_be_chosen_is_what_there_is(page, folder):
    claims = folder.json("results.json")["claims"]
    options = [said for tag, said in page.tags if tag == "select"]
    assert [said["data-choice"] for said in options] == ["verdict", "evidence", "chapter"]
    items = [said for _, said in page.tags if said.get("data-item") == "claim"]
    assert {said["data-verdict"] for said in items} == {claim["verdict"] for claim in claims.values()}


def test_the_search_comes_before_the_results_and_can_be_skipped(page):
    assert page.links[0] == "#content"
    assert page.ids.index("search") < page.ids.index("content") < page.ids.index("picture")


def test_texts_of_the_study_are_texts(folder):
    assert "<h1>A film &amp; its &lt;numbers&gt;</h1>" in folder.text("report.html")


def test_a_study_without_claims_has_neither_picture_nor_verdicts(bare):
    page = Page(bare.text("report.html"))
    assert not {"picture", "verdicts"} & set(page.ids)
    assert "step-made" in page.ids
    assert {link for link in page.links if unquote(link[1:]) not in page.ids} == set()


def test_two_claims_need_no_folding(folder):
    folds = [said for tag, said in Page(folder.text("report.html")).tags if said.get("class") == "ranges"]
    assert folds
    assert all("open" in said for said in folds)
