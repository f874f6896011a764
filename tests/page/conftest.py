"""The page with nothing open, and with the study that `lamion new` makes."""

import os
import shutil
from contextlib import ExitStack
from importlib import util

import pytest

pytest.importorskip("starlette", reason="the extra `page` is not installed")

from tests.page.launch import Browser, served

from lamion.cli.main import main
from lamion.page.app import Page
from lamion.page.study import OpenStudy
from lamion.page.workspace import Workspace
from lamion.synthetic.examples import example


@pytest.fixture
def workspace():
    found = Workspace()
    yield found
    found.close()


@pytest.fixture
def browser(workspace):
    return Browser(Page(workspace))


@pytest.fixture
def lithium_cell():
    return example("lithium_cell.csv")


@pytest.fixture
def study_folder(tmp_path, capsys):
    folder = tmp_path / "film"
    main(["new", str(folder)])
    capsys.readouterr()
    return folder


@pytest.fixture
def study_browser(workspace, study_folder):
    return Browser(Page(workspace, OpenStudy(study_folder)))


NO_BROWSER = "install chromium and the packages of lamion[test] for the tests in a browser"


def _missing():
    """Say why there is no browser; nothing where there is one."""
    if shutil.which("chromium") is None:
        return f"there is no chromium: {NO_BROWSER}"
    return "" if util.find_spec("playwright") else f"there is no playwright: {NO_BROWSER}"


@pytest.fixture(scope="module")
def chromium():
    """Debian's browser, started once a file, for its event loop is in the way of others; nothing is downloaded."""
    if missing := _missing():
        if os.environ.get("LAMION_BROWSER") == "required":
            pytest.fail(missing)
        pytest.skip(missing)
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        found = _launched(playwright.chromium)
        yield found
        found.close()


def _launched(kind):
    return kind.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])


@pytest.fixture
def open_page(chromium):
    """Serve pages and open them; at the end nothing went elsewhere, and no script failed."""
    with ExitStack() as stack:
        asked, failed = [], []

        def opened(page, width=1440, *, alone=False):
            address = stack.enter_context(served(page))
            browser = _launched(chromium.browser_type) if alone else chromium
            if alone:
                stack.callback(browser.close)
            context = browser.new_context(viewport={"width": width, "height": 900}, accept_downloads=True)
            stack.callback(context.close)
            found = context.new_page()
            found.set_default_timeout(20_000)
            found.on("request", lambda request: asked.append(request.url))
            found.on("pageerror", lambda error: failed.append(str(error)))
            found.on("console", lambda said: failed.append(said.text) if "Content Security" in said.text else None)
            found.goto(address)
            found.wait_for_selector("body[data-ready]")
            return found

        yield opened
    assert not failed
    assert all(url.startswith(("http://127.0.0.1:", "data:", "blob:")) for url in asked)
