"""A study's own tasks: run after trust, never else, and never with stale code."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

import lamion
from lamion.quantities import InputError
from lamion.store import Store
from lamion.study import own_tasks
from lamion.study.runner import run
from lamion.study.study_file import load_study

STUDY = """
[study]
title = "own"
steps = "{steps}"

[[sample]]
name = "film"
thickness = "10 um"

[[step]]
id = "twice"
task = "own double"
sample = "film"
factor = 2
settles = {{ }}

[[step]]
id = "four-times"
task = "own double"
thickness = {{ step = "twice", result = "doubled" }}
"""

OWN = '''"""A length times a number."""

from typing import Annotated

from lamion.quantities import Answer, Quantity
from lamion.tasks.declaring import Option, Result, task
{more}

@task(
    results={{"doubled": Result("m", "the length", headline=True)}},
    evidence="arithmetic",
    example='--thickness "1 um"',
    heavy=True,
)
def double(
    thickness: Annotated[Quantity, Option("a length", unit="m", example="1 um", subject=True)],
    factor: Annotated[float, Option("how many times")] = 2.0,
) -> Answer:
    """A length, doubled."""
    return Answer({{"doubled": Quantity({value}, None, thickness.unit)}})
'''


@pytest.fixture(autouse=True)
def _state(tmp_path, monkeypatch):
    monkeypatch.setenv("LAMION_STATE", str(tmp_path / "state"))


def _write(folder, *, value="thickness.value * factor", as_folder=False):
    folder.mkdir(exist_ok=True)
    (folder / "study.toml").write_text(STUDY.format(steps="own" if as_folder else "steps.py"))
    if as_folder:
        (folder / "own").mkdir(exist_ok=True)
        (folder / "own" / "_shared.py").write_text("FACTOR = 1.0\n")
        text = OWN.format(more="from ._shared import FACTOR\n", value=f"FACTOR * {value}")
        (folder / "own" / "double.py").write_text(text)
    else:
        (folder / "steps.py").write_text(OWN.format(more="", value=value))
    return folder / "study.toml"


def _run(path, folder, **words):
    return run(load_study(path, trust=True), Store(folder / "store"), **words)


@pytest.mark.parametrize("as_folder", [False, True])
@pytest.mark.parametrize("workers", [1, 2])
def test_own_code_runs_here_and_on_workers(tmp_path, as_folder, workers):
    path = _write(tmp_path / "s", as_folder=as_folder)
    outcome = _run(path, tmp_path, workers=workers)
    assert outcome.answers["four-times"].results["doubled"].value == 40.0
    assert not list((tmp_path / "s").rglob("__pycache__"))


def test_it_does_not_run_without_trust_and_says_so(tmp_path):
    path = _write(tmp_path / "s", value="open(thickness.source + 'ran', 'w').write('x')")
    with pytest.raises(InputError, match=r"brings code of its own, steps\.py, which was not run.*--trust"):
        load_study(path)
    assert not load_asked(path, "no")
    assert load_asked(path, "yes")


def load_asked(path, answer):
    questions = []
    try:
        load_study(path, ask=lambda question: (questions.append(question), answer == "yes")[1])
    except InputError:
        assert questions
        return False
    return True


def test_trust_is_remembered_for_this_code_alone(tmp_path):
    path = _write(tmp_path / "s")
    load_study(path, trust=True)
    load_study(path)
    _write(tmp_path / "s", value="thickness.value * factor + 1")
    with pytest.raises(InputError, match="was not run"):
        load_study(path)


@pytest.mark.parametrize("as_folder", [False, True])
def test_edited_code_is_never_stale(tmp_path, as_folder):
    """The edit keeps size and second, which a kept bytecode file could not tell apart."""
    path = _write(tmp_path / "s", value="thickness.value * factor + 1", as_folder=as_folder)
    assert _run(path, tmp_path).answers["twice"].results["doubled"].value == 21.0
    _write(tmp_path / "s", value="thickness.value * factor + 2", as_folder=as_folder)
    outcome = _run(path, tmp_path)
    assert outcome.answers["twice"].results["doubled"].value == 22.0
    assert outcome.computed == {"twice", "four-times"}
    assert not _run(path, tmp_path).computed


def test_own_tasks_are_listed_without_running_them(tmp_path):
    _write(tmp_path / "s", value="1 / 0")
    with (tmp_path / "s" / "steps.py").open("a") as file:
        file.write("\nraise SystemExit\n")
    assert own_tasks.listed(tmp_path / "s" / "steps.py") == {"own double": "A length, doubled"}


def test_nothing_runs_that_was_not_asked_about(tmp_path):
    """A folder within the folder is no part of what a person was asked about."""
    path = _write(tmp_path / "s", as_folder=True)
    inner = tmp_path / "s" / "own" / "inner"
    inner.mkdir()
    (inner / "__init__.py").write_text("raise SystemExit('it ran')\n")
    with (tmp_path / "s" / "own" / "double.py").open("a") as file:
        file.write("\nfrom . import inner\n")
    with pytest.raises(InputError, match="cannot be run: ImportError"):
        load_study(path, trust=True)


@pytest.mark.parametrize("workers", [1, 2])
def test_code_that_changes_while_the_study_runs_is_not_run(tmp_path, workers):
    path = _write(tmp_path / "s")
    study = load_study(path, trust=True)
    _write(tmp_path / "s", value="thickness.value * factor + 1")
    with pytest.raises(InputError, match="was changed while the study ran"):
        run(study, Store(tmp_path / "store"), workers=workers)


def test_an_answer_is_not_kept_if_its_code_changed_meanwhile(tmp_path):
    edit = "__import__('pathlib').Path(__file__).open('a').write('# ' + chr(10)) and thickness.value * factor"
    path = _write(tmp_path / "s", value=edit)
    store = Store(tmp_path / "store")
    failed = run(load_study(path, trust=True), store).failed
    assert any("was changed while the study ran" in str(error) for error in failed.values())
    assert not list(tmp_path.glob("store/*.json"))


def test_own_code_with_lamion_may_lie_behind_a_link(tmp_path):
    (tmp_path / "link").symlink_to(Path(lamion.__file__).parent.parent)
    script = (
        "from pathlib import Path; import lamion; from lamion.study.study_file import load_study;"
        "load_study(Path(lamion.__file__).parent / 'studies' / 'lse_hfc')"
    )
    environment = {**os.environ, "PYTHONPATH": str(tmp_path / "link")}
    done = subprocess.run([sys.executable, "-c", script], env=environment, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr


def test_code_nested_too_deeply_is_one_paragraph(tmp_path):
    (tmp_path / "steps.py").write_text(f"x = {'-' * 100_000}1\n")
    with pytest.raises(InputError, match="nested too deeply"):
        own_tasks.listed(tmp_path / "steps.py")


BROKEN = {
    "a name that is not there": ("own double", "own triple", "has no task 'own triple' of its own"),
    "code elsewhere": ('steps = "steps.py"', 'steps = "../steps.py"', "outside its folder"),
    "no code": ('steps = "steps.py"', 'steps = "nothing.py"', "there are no steps in 'nothing.py'"),
    "no own code named": ('steps = "steps.py"', "", "and it has none"),
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_mistake_is_explained(tmp_path, name):
    right, wrong, said = BROKEN[name]
    path = _write(tmp_path / "s")
    path.write_text(path.read_text().replace(right, wrong))
    with pytest.raises(InputError, match=said):
        load_study(path, trust=True)


def test_code_that_cannot_run_is_one_paragraph(tmp_path):
    path = _write(tmp_path / "s")
    (tmp_path / "s" / "steps.py").write_text(OWN.format(more="import nowhere_to_be_found\n", value="1.0"))
    with pytest.raises(InputError, match="cannot be run: ModuleNotFoundError"):
        load_study(path, trust=True)


def test_a_result_that_the_task_does_not_give_is_refused_at_load(tmp_path):
    path = _write(tmp_path / "s")
    text = path.read_text().replace('title = "own"', 'title = "own"\nclaims = "claims.toml"')
    path.write_text(text.replace("settles = { }", 'settles = { "c" = "tripled" }'))
    (tmp_path / "s" / "claims.toml").write_text(
        '[[claim]]\nid = "c"\nsample = "film"\nquantity = "q"\nprinted = "20"\nvalue = 20\n'
        'unit = "um"\nroute = "derive"\n'
    )
    with pytest.raises(InputError, match="by the result 'tripled', which `own double` does not give"):
        load_study(path, trust=True)


def test_the_records_of_a_step_are_files_of_another(tmp_path):
    """A simulated spectrum is analysed, and what follows from it stays synthetic or predicted."""
    folder = tmp_path / "s"
    folder.mkdir()
    (folder / "study.toml").write_text(
        """
[study]
title = "records"

[[sample]]
name = "film"

[[step]]
id = "made"
task = "analyze drt"
file = "cell.csv"

[[step]]
id = "read"
task = "analyze kk"
file = { step = "spectrum" }

[[step]]
id = "spectrum"
task = "own spectrum"
"""
    )
    text = (folder / "study.toml").read_text().replace('title = "records"', 'title = "records"\nsteps = "steps.py"')
    (folder / "study.toml").write_text(text)
    (folder / "steps.py").write_text(
        '''
from lamion.quantities import Answer
from lamion.synthetic.polarisation import PolarisedCell, spectrum as draw
from lamion.tasks.declaring import Result, task


@task(results={"none": Result("1", "nothing", headline=True)}, evidence="synthetic", example="")
def spectrum() -> Answer:
    """A spectrum."""
    made = draw(PolarisedCell(20.0, 40.0, 0.4, diffusion_time=400.0), [10.0 ** (5 - n / 8) for n in range(50)])
    return Answer(series=made.columns(), synthetic=True)
'''
    )
    from lamion.synthetic.examples import example

    (folder / "cell.csv").write_bytes(example("lithium_cell.csv"))
    outcome = _run(folder / "study.toml", tmp_path)
    assert outcome.answers["read"].verdict == "valid"
    assert outcome.answers["read"].synthetic
    assert outcome.plan.depends_on["read"] == {"spectrum"}


def test_an_old_kind_is_refused_with_the_new_word(tmp_path):
    path = _write(tmp_path / "s")
    path.write_text(path.read_text().replace('task = "own double"', 'kind = "activation"', 1))
    with pytest.raises(InputError, match='Write task = "analyze arrhenius"'):
        load_study(path, trust=True)


def test_a_step_may_state_its_seed(tmp_path):
    path = _write(tmp_path / "s")
    study = load_study(path, trust=True)
    assert study.steps["twice"].seed is None
    path.write_text(path.read_text().replace("factor = 2", "factor = 2\nseed = 7"))
    assert load_study(path, trust=True).steps["twice"].seed == 7


def test_the_key_of_a_step_holds_its_own_code(tmp_path):
    path = _write(tmp_path / "s", as_folder=True)
    first = _run(path, tmp_path).keys
    (tmp_path / "s" / "own" / "_shared.py").write_text("FACTOR = 2.0\n")
    assert all(_run(path, tmp_path).keys[name] != key for name, key in first.items())


def test_a_script_without_a_guard_ends_well(tmp_path):
    path = _write(tmp_path / "s")
    script = tmp_path / "script.py"
    script.write_text(
        "from pathlib import Path\nfrom lamion.store import Store\nfrom lamion.study.runner import run\n"
        "from lamion.study.study_file import load_study\n"
        f"outcome = run(load_study(Path({str(path)!r}), trust=True), Store(Path({str(tmp_path / 'x')!r})), workers=2)\n"
        "import json\nprint(json.dumps(sorted(outcome.answers)))\n"
    )
    done = subprocess.run([sys.executable, str(script)], capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == ["four-times", "twice"]
