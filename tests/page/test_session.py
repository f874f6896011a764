"""What is saved is opened again as it was, and saved again to the same bytes; what is taken home stands alone."""

import json
import tomllib

import pytest
from tests.page.launch import Browser

from lamion.page.app import Page
from lamion.page.workspace import Workspace
from lamion.study.study_file import load_study

STATE = {"view": "spectra", "masks": {"lithium_cell.csv": [1, 4]}, "theme": "dark", "text": "µ − Ω"}


@pytest.fixture
def fitted(browser, lithium_cell):
    browser.drop("lithium_cell.csv", lithium_cell)
    assert (
        browser.run("analyze impedance", "7", files=["lithium_cell.csv"], circuit="R0-p(R1,CPE1)-W2").status_code == 200
    )
    assert browser.run("analyze kk", "8", file="lithium_cell.csv").status_code == 200
    return browser


def opened(content):
    other = Browser(Page(Workspace()))
    headers = {"content-type": "application/octet-stream"}
    return other, other.client.post("/api/session/open", content=content, headers=headers)


def test_a_session_is_opened_again_and_saved_to_the_same_bytes(fitted):
    content = fitted.post("/api/session", state=STATE, ids=["7", "8"]).content
    other, answer = opened(content)
    assert answer.status_code == 200, answer.text
    assert answer.json()["state"] == STATE
    assert answer.json()["files"] == ["lithium_cell.csv"]
    assert other.post("/api/session", state=answer.json()["state"], ids=["7", "8"]).content == content
    other.page.workspace.close()


def test_an_answer_is_the_same_after_a_session(fitted):
    before = fitted.run("analyze kk", "8", file="lithium_cell.csv").json()
    other, answer = opened(fitted.post("/api/session", state=STATE, ids=["8"]).content)
    assert answer.json()["finished"]["8"] == before
    other.page.workspace.close()


def test_a_session_that_was_changed_is_refused(fitted):
    content = fitted.post("/api/session", state=STATE, ids=["8"]).content
    other, answer = opened(content.replace(b'"theme": "dark"', b'"theme": "lite"'))
    assert answer.status_code == 422
    assert "was changed" in answer.json()["error"]
    other.page.workspace.close()


def test_a_page_taken_home_stands_alone(fitted):
    text = fitted.client.get("/api/export", params={"kind": "html", "id": ["7", "8"]}).text
    assert text.count("data:image/svg+xml") == 2
    assert "lamion analyze kk lithium_cell.csv" in text
    assert "http" not in text.replace("http-equiv", "")
    assert "<script" not in text


def test_the_commands_taken_home_are_a_script(fitted):
    text = fitted.client.get("/api/export", params={"kind": "sh", "id": ["7", "8"]}).text
    assert text.splitlines()[2:] == [
        "lamion analyze impedance lithium_cell.csv --circuit 'R0-p(R1,CPE1)-W2'",
        "lamion analyze kk lithium_cell.csv",
    ]


def test_the_study_taken_home_is_one(fitted, tmp_path, lithium_cell):
    text = fitted.client.get("/api/export", params={"kind": "toml", "id": ["7", "8"]}).text
    assert tomllib.loads(text)["step"][0]["circuit"] == "R0-p(R1,CPE1)-W2"
    (tmp_path / "study.toml").write_text(text)
    (tmp_path / "lithium_cell.csv").write_bytes(lithium_cell)
    assert [step.task.name for step in load_study(tmp_path).steps.values()] == ["analyze impedance", "analyze kk"]


@pytest.mark.parametrize(("kind", "begins"), [("csv", b"# synthetic"), ("figure-csv", b"panel,"), ("svg", b"<?xml")])
def test_an_answer_is_taken_home(fitted, kind, begins):
    answer = fitted.get("/api/export", kind=kind, id="8")
    assert answer.status_code == 200
    assert answer.content.startswith(begins)
    assert "attachment" in answer.headers["content-disposition"]


def test_the_json_taken_home_is_the_answer(fitted):
    kk = fitted.run("analyze kk", "8", file="lithium_cell.csv").json()["answer"]
    assert json.loads(fitted.get("/api/export", kind="json", id="8").content) == kk


def test_nothing_that_is_not_there_is_taken(fitted):
    assert fitted.get("/api/export", kind="svg", id="99").status_code == 404
    assert fitted.get("/api/export", kind="exe", id="8").status_code == 400
