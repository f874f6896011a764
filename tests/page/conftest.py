"""The page with nothing open, and with the study that `lamion new` makes."""

import pytest

pytest.importorskip("starlette", reason="the extra `page` is not installed")

from tests.page.launch import Browser

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
