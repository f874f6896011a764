"""The built-in study's own audits are declared like any task."""

from importlib import import_module, resources

import pytest

from lamion.tasks.declaring import Task
from lamion.tasks.declaring.option import RESERVED

FOLDER = resources.files("lamion") / "studies" / "lse_hfc" / "steps"
NAMES = sorted(path.name[:-3] for path in FOLDER.iterdir() if path.name.endswith(".py") and path.name[0] != "_")


@pytest.mark.parametrize("name", NAMES)
def test_an_audit_declares_itself(name):
    pytest.importorskip("periodictable")
    module = import_module(f"lamion.studies.lse_hfc.steps.{name}")
    (found,) = [item for item in vars(module).values() if isinstance(item, Task) and item.module == module.__name__]
    assert found.function.__name__ == name
    assert found.results
    assert found.evidence
    assert module.__doc__.split("\n")[0].endswith(".")
    assert not RESERVED & {*found.parameters, *found.spelled}
    assert all(parameter.option.help for parameter in found.parameters.values())


def test_every_audit_is_used():
    text = (resources.files("lamion") / "studies" / "lse_hfc" / "study.toml").read_text(encoding="utf-8")
    assert all(f'task = "own {name.replace("_", "-")}"' in text for name in NAMES)
