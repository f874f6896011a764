"""Who is refused: foreign hosts and origins, who has no token, names that leave the folder, what is no measurement."""

import pytest
from tests.page.launch import ORIGIN, PORT, TOKEN, Browser

from lamion.page import session, workspace
from lamion.page.app import STATIC, Page
from lamion.quantities import InputError


@pytest.mark.parametrize("host", ["evil.example", f"evil.example:{PORT}", "127.0.0.1:1", "127.0.0.1", "", "0.0.0.0:80"])
def test_a_name_that_was_bound_to_this_machine_from_outside_is_refused(browser, host):
    assert browser.client.get("/api/begin", headers={"host": host}).status_code == 400


def test_both_names_of_this_machine_are_answered(browser):
    for name in ("127.0.0.1", "localhost"):
        assert browser.client.get("/api/begin", headers={"host": f"{name}:{PORT}"}).status_code == 200


@pytest.mark.parametrize("origin", ["http://evil.example", "null", f"https://127.0.0.1:{PORT}", "http://127.0.0.1:1"])
def test_a_foreign_origin_is_refused(browser, origin):
    assert browser.client.get("/api/begin", headers={"origin": origin}).status_code == 403
    assert browser.client.post("/api/run", json={}, headers={"origin": origin}).status_code == 403


def test_a_request_from_another_site_is_refused_though_it_names_no_origin(browser):
    del browser.client.headers["origin"]
    for site in ("cross-site", "same-site"):
        assert browser.client.get("/api/begin", headers={"sec-fetch-site": site}).status_code == 403
    assert browser.client.get("/api/begin", headers={"sec-fetch-site": "same-origin"}).status_code == 200


def test_who_changes_something_says_where_it_comes_from(browser):
    del browser.client.headers["origin"]
    assert browser.client.post("/api/cancel", json={"id": "1"}).status_code == 403


@pytest.mark.parametrize("path", ["/", "/api/begin", "/static/app.js", "/static/plotly-basic.min.js"])
@pytest.mark.parametrize("token", ["", "wrong", TOKEN[:-1], TOKEN + "x", "ü"])
def test_without_the_token_nothing_is_served(workspace, path, token):
    stranger = Browser(Page(workspace), token=token)
    assert stranger.get(path).status_code == 401


def test_a_cookie_of_another_launch_is_refused(browser):
    browser.client.cookies.set(f"lamion-{PORT}", "another")
    browser.client.cookies = {f"lamion-{PORT}": "another"}
    assert browser.get("/api/begin").status_code == 401


def test_the_token_leaves_the_address_and_stays_in_a_cookie_that_no_script_or_site_sees(browser):
    answer = browser.client.get("/", params={"token": TOKEN}, follow_redirects=False)
    assert answer.status_code == 303
    assert answer.headers["location"] == "/"
    cookie = answer.headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Strict" in cookie


def test_every_answer_forbids_other_places(browser):
    for path in ("/", "/api/begin", "/static/app.js", "/nowhere"):
        policy = browser.get(path).headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "connect-src 'self'" in policy
        assert "http" not in policy


def test_other_methods_are_refused(browser):
    for method in ("PUT", "DELETE", "OPTIONS", "PATCH"):
        assert browser.client.request(method, "/api/begin").status_code == 405


@pytest.mark.parametrize(
    "name", ["../a.csv", "/etc/passwd", "a/../../b.csv", "..", ".hidden", "a/.hidden", "-x.csv", "a\\b", "C:a", "a\nb"]
)
def test_a_name_that_leaves_the_folder_is_refused(browser, lithium_cell, name):
    answer = browser.drop(name, lithium_cell)
    assert answer.status_code == 422
    assert "cannot be the name" in answer.json()["error"]


@pytest.mark.parametrize("name", ["/etc/passwd", "../pyproject.toml", "pyproject.toml", ""])
def test_a_file_that_was_not_opened_cannot_be_named(browser, name):
    for answer in (browser.get("/api/read", name=name), browser.run("analyze kk", file=name)):
        assert answer.status_code in (400, 422)
        assert "root" not in answer.text


def test_what_is_served_is_what_belongs_to_the_page(browser):
    for path in ("/static/../app.py", "/static/%2e%2e/app.py", "/static//etc/passwd"):
        assert browser.get(path).status_code == 404


def test_a_page_of_a_folder_knows_the_files_within_it_alone(tmp_path, lithium_cell):
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "a.csv").write_bytes(lithium_cell)
    (tmp_path / "outside.csv").write_bytes(lithium_cell)
    (tmp_path / "data" / "link.csv").symlink_to(tmp_path / "outside.csv")
    found = workspace.Workspace.of([tmp_path / "data"])
    assert [path.name for path in found.files.values()] == ["a.csv"]
    with pytest.raises(InputError, match="not opened"):
        found.path(str(tmp_path / "outside.csv"))
    found.close()


def test_an_oversized_upload_is_refused(browser, monkeypatch):
    monkeypatch.setattr("lamion.page.app.LARGEST", 1000)
    answer = browser.drop("a.csv", b"x" * 1001)
    assert answer.status_code == 413
    assert "can be dropped" in answer.json()["error"]


def test_an_upload_that_hides_its_size_is_cut_off(browser, monkeypatch):
    monkeypatch.setattr("lamion.page.app.LARGEST", 1000)
    headers = {"content-type": "application/octet-stream"}
    pieces = (b"x" * 400 for _ in range(10))
    answer = browser.client.post("/api/file", params={"name": "a.csv"}, content=pieces, headers=headers)
    assert answer.status_code == 413


@pytest.mark.parametrize("content", [b"MZ\x90", b"\x7fELF", b"#!/bin/sh\n", b"<html>", b""])
def test_what_no_instrument_writes_is_refused(browser, content):
    assert browser.drop("a.csv", content).status_code == 422
    assert browser.page.workspace.files == {}


def test_an_upload_of_another_kind_is_refused(browser):
    for kind in ("multipart/form-data; boundary=x", "text/plain", "application/x-www-form-urlencoded"):
        answer = browser.client.post("/api/file?name=a.csv", content=b"1,2", headers={"content-type": kind})
        assert answer.status_code == 415
        assert browser.client.post("/api/run", content=b"{}", headers={"content-type": kind}).status_code == 415


def test_a_malformed_upload_is_a_row_with_its_reason(browser):
    found = browser.drop("diary.txt", b"Dear diary\n").json()
    assert found["name"] == "diary.txt"
    assert found["refused"]
    assert not found["kind"]


def test_an_opened_file_is_never_replaced_by_a_dropped_one(tmp_path, lithium_cell):
    path = tmp_path / "a.csv"
    path.write_bytes(lithium_cell)
    found = workspace.Workspace({"a.csv": path})
    with pytest.raises(InputError, match="Another file"):
        found.drop("a.csv", b"other")
    found.close()
    assert path.read_bytes() == lithium_cell


def test_what_was_dropped_is_deleted_at_the_end(lithium_cell):
    found = workspace.Workspace()
    place = found.drop("b/a.csv", lithium_cell)
    assert place.is_file()
    found.close()
    assert not place.exists()


@pytest.mark.parametrize("content", [b"[]", b"{", b'"a"', b"\xff", b"[" * 100_000])
def test_a_malformed_form_is_refused(browser, content):
    answer = browser.client.post("/api/run", content=content, headers={"content-type": "application/json"})
    assert answer.status_code == 400


@pytest.mark.parametrize(
    "options", [{"files": [1]}, {"circuit": {"a": 1}}, {"circuit": ["a", "b"]}, {"csv": "x.csv"}, {"robust": "yes"}]
)
def test_options_of_another_kind_are_refused(browser, lithium_cell, options, tmp_path):
    browser.drop("lithium_cell.csv", lithium_cell)
    answer = browser.run("analyze impedance", **{"files": ["lithium_cell.csv"], **options})
    assert answer.status_code == 422
    assert answer.json()["error"]


@pytest.mark.parametrize("content", [b"{}", b"nothing", b'{"kind": "lamion session", "version": 1}', b"[]"])
def test_a_file_that_is_no_session_is_refused(browser, content):
    headers = {"content-type": "application/octet-stream"}
    answer = browser.client.post("/api/session/open", content=content, headers=headers)
    assert answer.status_code == 422


def test_a_session_cannot_put_a_file_elsewhere(workspace):
    import base64
    import json

    content = {
        "kind": "lamion session",
        "version": 1,
        "state": {},
        "files": {"../../a.csv": base64.b64encode(b"1,2\n").decode()},
        "finished": {},
    }
    content["sha256"] = session._hash(content)
    with pytest.raises(InputError, match="cannot be the name"):
        session.opened(json.dumps(content).encode(), workspace)


def test_the_drawing_library_s_button_that_shares_is_absent():
    drawer = (STATIC / "draw.js").read_text()
    assert 'plotlyServerURL: ""' in drawer
    assert "showSendToCloud: false" in drawer
    assert ORIGIN not in drawer


def test_no_file_of_the_page_names_another_place():
    for path in STATIC.iterdir():
        if path.suffix in (".html", ".js", ".css") and not path.name.startswith("plotly"):
            text = path.read_text().replace("http://www.w3.org/", "")
            assert "http://" not in text
            assert "https://" not in text
