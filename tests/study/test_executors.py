"""Workers are interpreters of lamion's own: they end well wherever a run begins, and however it ends."""

import asyncio
import os
import signal
import subprocess
import sys
import threading
import time

import pytest
from tests.study.toy_plug_in import toy  # noqa: F401  A fixture.

from lamion.formats import RawFile
from lamion.quantities import Answer, InputError
from lamion.store import Store
from lamion.study import executors
from lamion.study.inputs import Inputs
from lamion.study.messages import inputs_of, order_of
from lamion.study.runner import run
from lamion.study.study_file import load_study

HEAD = '[study]\ntitle = "Toys"\n[[sample]]\nname = "A"\n'

SCRIPT = """
import sys
from pathlib import Path
sys.path.insert(0, {site!r})
from lamion.store import Store
from lamion.study.runner import run
from lamion.study.study_file import load_study
print("top")
{body}
"""
RUN = """
outcome = run(load_study(Path({study!r})), Store(Path({store!r})), workers=2)
print(outcome.answers["first"].results["value"], len(outcome.computed))
"""
POSIX = pytest.mark.skipif(os.name == "nt", reason="needs signals")


def study_of(folder, *kinds, **options):
    text = HEAD
    for name, kind in zip(("first", "second", "third"), kinds, strict=False):
        text += f'[[step]]\nid = "{name}"\ntask = "analyze toy-{kind}"\n'
        text += f'pid_file = "{folder / (name + ".pid")}"\n' if kind == "sleeps" else ""
        text += "".join(f'{key} = "{value}"\n' for key, value in options.items())
    (folder / "study.toml").write_text(text)
    return folder / "study.toml"


def script(folder, study, body=RUN):
    text = SCRIPT.format(site=str(folder / "site"), body=body.format(study=str(study), store=str(folder / "kept")))
    (folder / "script.py").write_text(text)
    return [sys.executable, str(folder / "script.py")]


def wait_until(true, seconds=30):
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, "it took too long"
        time.sleep(0.05)


def is_gone(pid):
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return True
    with open(f"/proc/{pid}/stat", "rb") as status:
        return status.read().rpartition(b")")[2].split()[0] == b"Z"


def test_a_script_without_a_guard_runs_once_and_ends(toy, tmp_path):  # noqa: F811
    command = script(tmp_path, study_of(tmp_path, "number", "number"))
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=True)
    assert done.stdout.splitlines() == ["top", "1.50(10) 2"]


def test_a_thread_and_a_running_loop_as_in_a_notebook_end_well(toy, tmp_path):  # noqa: F811
    study = load_study(study_of(tmp_path, "number", "number"))
    found = []

    async def cell():
        found.append(run(study, Store(tmp_path / "a"), workers=2))

    asyncio.run(cell())
    thread = threading.Thread(target=lambda: found.append(run(study, Store(tmp_path / "b"), workers=2)))
    thread.start()
    thread.join(60)
    pids = [answer.notes["pid"] for outcome in found for answer in outcome.answers.values()]
    assert len(pids) == 4
    assert str(os.getpid()) not in pids
    assert {answer.notes["threads"] for outcome in found for answer in outcome.answers.values()} == {"1"}


@POSIX
def test_a_worker_that_dies_is_one_paragraph_and_the_others_go_on(toy, tmp_path):  # noqa: F811
    study = load_study(study_of(tmp_path, "dies", "number", "number"))
    outcome = run(study, Store(tmp_path / "kept"), workers=2)
    assert outcome.failed["first"].happened == "Step 'first': its worker ended without an answer (SIGKILL)."
    assert set(outcome.answers) == {"second", "third"}


def test_what_a_step_refuses_is_told_as_it_is_in_process(toy, tmp_path):  # noqa: F811
    study = load_study(study_of(tmp_path, "refuses", "number"))
    for workers in (1, 2):
        outcome = run(study, Store(tmp_path / "kept"), workers=workers)
        assert list(outcome.answers) == ["second"]
        assert outcome.failed["first"].args == ("Step 'first': The toy is broken.", "It fell.", "Mend it.")


def test_a_defect_comes_with_its_traceback(toy, tmp_path):  # noqa: F811
    study = load_study(study_of(tmp_path, "fails", "number"))
    with pytest.raises(RuntimeError, match=r"(?s)Step 'first' failed in a worker.*KeyError: 'a defect'"):
        run(study, Store(tmp_path / "kept"), workers=2)


@POSIX
@pytest.mark.parametrize("end", ["SIGINT", "SIGKILL"])
def test_workers_end_with_the_run_and_finished_steps_stay(toy, tmp_path, end):  # noqa: F811
    command = script(tmp_path, study_of(tmp_path, "number", "sleeps"))
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    pid = tmp_path / "second.pid"
    wait_until(lambda: list((tmp_path / "kept").glob("*.json")) and pid.exists() and pid.read_text())
    began = time.monotonic()
    process.send_signal(getattr(signal, end))
    process.wait(20)
    wait_until(lambda: is_gone(int(pid.read_text())), 10)
    assert time.monotonic() - began < 10
    study = load_study(tmp_path / "study.toml")
    assert run(study, Store(tmp_path / "kept"), only="first").computed == set()


def test_files_travel_as_path_and_hash_and_a_changed_one_is_refused(toy, tmp_path):  # noqa: F811
    (tmp_path / "a.txt").write_text("2.5\n")
    study = load_study(study_of(tmp_path, "number", "number", file="a.txt"))
    outcome = run(study, Store(tmp_path / "kept"), workers=2)
    assert outcome.answers["first"].results["value"].value == 2.5
    assert outcome.answers["first"].notes["pid"] != str(os.getpid())
    order = order_of("first", "analyze toy-number", outcome.inputs["first"])
    assert "2.5" not in str(order)
    assert inputs_of(order) == outcome.inputs["first"]
    (tmp_path / "a.txt").write_text("2.6\n")
    with pytest.raises(InputError, match="was changed while the study ran"):
        inputs_of(order)


def test_a_file_in_memory_is_used_here(toy, tmp_path):  # noqa: F811
    inputs = Inputs({}, {"file": (RawFile("a.txt", b"7\n"),)})
    with executors.executor(2, None) as place:
        place.submit("one", "analyze toy-number", inputs)
        step, answer = place.next_finished()
    assert (step, answer.results["value"].value) == ("one", 7.0)
    assert answer.notes["pid"] == str(os.getpid())


def test_a_cluster_gives_the_same_answers(bench):
    distributed = pytest.importorskip("distributed")
    alone = bench.run().answers
    with (
        distributed.LocalCluster(n_workers=1, threads_per_worker=1, processes=False, dashboard_address=None) as cluster,
        executors.executor(2, cluster.scheduler_address) as place,
    ):
        for name in ("made", "other"):
            step = bench.load().steps[name]
            place.submit(name, step.reference, bench.run().inputs[name])
        found = dict(place.next_finished() for _ in range(2))
    assert found == {name: Answer.from_store(alone[name].to_store()) for name in found}


def test_a_cluster_without_its_extra_says_what_to_install(bench, monkeypatch):
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(InputError, match=r'pip install "lamion\[cluster\]"'), executors.executor(2, "tcp://nowhere:1"):
        pass
