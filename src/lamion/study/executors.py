"""Where steps run: in this process, in interpreters of lamion's own, or on a laboratory's cluster.

Interpreters are started anew and talk over pipes. Nothing is forked, no port is opened, and the calling script is
not run again, so that a run ends well in a script without a guard, in a notebook and in a thread.
"""

from __future__ import annotations

import os
import queue
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, Protocol

from lamion.quantities import Answer, InputError, MissingExtraError
from lamion.quantities.errors import MENDABLE, as_input_error
from lamion.study import own_tasks
from lamion.study.inputs import Inputs
from lamion.study.messages import can_travel, error_of, inputs_of, order_of, raised, receive, send
from lamion.tasks import catalogue
from lamion.tasks.declaring import Task

_ONE_THREAD = (
    "OMP_NUM_THREADS",
    "OPENBLAS_NUM_THREADS",
    "MKL_NUM_THREADS",
    "VECLIB_MAXIMUM_THREADS",
    "NUMEXPR_NUM_THREADS",
)
_BEGIN = (
    "import sys, json; n = int.from_bytes(sys.stdin.buffer.read(8), 'big');"
    "sys.path[:] = json.loads(sys.stdin.buffer.read(n));"
    "from lamion.study.worker import main; main()"
)
"""A worker's first line: take this process's sys.path, then work. A variable would reach outside engines too."""

_PATIENCE = 0.5
"""Seconds between looks for Ctrl-C, which Windows does not let interrupt a wait."""


class Executor(Protocol):
    """Runs steps and hands their answers, or why there is none, back in the order in which they finish."""

    def submit(self, step: str, task: str, inputs: Inputs) -> None:
        """Begin a step."""

    def next_finished(self) -> tuple[str, Answer | InputError]:
        """Wait for the next step to finish; a defect is raised."""


def run_step(step: str, task: str, inputs: Callable[[], Inputs]) -> Answer:
    """Run one step in this process; `inputs` gives everything it needs."""
    try:
        answer: Answer = inputs().answer(_task_called(task))
    except (InputError, *MENDABLE) as error:
        told = error if isinstance(error, InputError) else as_input_error(error)
        raise InputError(f"Step '{step}': {told.happened}", told.cause, told.remedy) from error
    return answer


def attempt(step: str, task: str, inputs: Callable[[], Inputs]) -> Answer | InputError:
    """Run one step in this process; return why where it has no answer."""
    try:
        return run_step(step, task, inputs)
    except InputError as error:
        return error


def _task_called(reference: str) -> Task:
    """Return the task that a step's reference names; whether own code may run was asked before."""
    words, _, where = reference.partition("@")
    if not where:
        return catalogue.find(words)
    code, _, place = where.partition("@")
    own = own_tasks.read(Path(place))
    if own.code != code:
        raise InputError(
            f"The study's own code in {own.place.name} was changed while the study ran.", "", "Run it again."
        )
    return own_tasks.find(words, own)


class InProcess:
    """Runs each step at once, in this process."""

    def __init__(self) -> None:
        self._finished: list[tuple[str, Answer | InputError]] = []

    def submit(self, step: str, task: str, inputs: Inputs) -> None:
        """Run a step now."""
        self._finished.append((step, attempt(step, task, lambda: inputs)))

    def next_finished(self) -> tuple[str, Answer | InputError]:
        """Return the oldest answer not yet handed back."""
        return self._finished.pop(0)


class OnWorkers:
    """Runs steps in interpreters of lamion's own.

    Parameters
    ----------
    workers : int
        The most that run at once; each is started when a step waits for it.
    """

    def __init__(self, workers: int) -> None:
        self._most = workers
        self._free: queue.SimpleQueue[_Worker] = queue.SimpleQueue()
        self._workers: list[_Worker] = []
        self._waiting: list[dict[str, Any]] = []
        self._finished: queue.SimpleQueue[tuple[str, Any]] = queue.SimpleQueue()

    def submit(self, step: str, task: str, inputs: Inputs) -> None:
        """Send a step to a worker; one with a file in memory, which cannot travel, runs here."""
        if can_travel(inputs):
            self._waiting.append(order_of(step, task, inputs))
            self._send()
        else:
            self._finished.put((step, {"here": attempt(step, task, lambda: inputs)}))

    def next_finished(self) -> tuple[str, Answer | InputError]:
        """Wait for any of the steps sent."""
        while True:
            with suppress(queue.Empty):
                step, reply = self._finished.get(timeout=_PATIENCE)
                break
        self._send()
        if "here" in reply:
            return step, reply["here"]
        if "answer" in reply:
            return step, Answer.from_store(reply["answer"])
        if "error" in reply:
            return step, raised(reply["error"])
        raise RuntimeError(f"Step '{step}' failed in a worker:\n{reply['defect']}")

    def stop(self) -> None:
        """End all workers at once, whatever they compute."""
        for worker in self._workers:
            worker.stop()

    def _send(self) -> None:
        """Give waiting steps to free workers, the first that came first."""
        while self._waiting:
            try:
                worker = self._free.get_nowait()
            except queue.Empty:
                if len(self._workers) >= self._most:
                    return
                worker = _Worker(self._free, self._finished)
                self._workers.append(worker)
            worker.begin(self._waiting.pop(0))


class _Worker:
    """One interpreter, and the thread that waits for its answers."""

    def __init__(self, free: queue.SimpleQueue[_Worker], finished: queue.SimpleQueue[tuple[str, Any]]) -> None:
        self._free = free
        self._finished = finished
        self._orders: queue.SimpleQueue[dict[str, Any]] = queue.SimpleQueue()
        try:
            self._process = subprocess.Popen(  # noqa: S603  This interpreter, with a line of lamion's own.
                [sys.executable, "-P", "-c", _BEGIN],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                env={**os.environ, **dict.fromkeys(_ONE_THREAD, "1")},
                # In a session of its own, Ctrl-C reaches the run alone, which ends its workers and what they began.
                start_new_session=True,
            )
        except OSError as error:
            raise InputError(
                f"No worker could be started: {error.strerror}.",
                "The machine may have too many processes or too little memory.",
                "Run with --workers 1.",
            ) from error
        threading.Thread(target=self._talk, daemon=True).start()

    def begin(self, order: dict[str, Any]) -> None:
        """Give a step to the worker."""
        self._orders.put(order)

    def stop(self) -> None:
        """End the worker and whatever it started."""
        if self._process.poll() is None:
            with suppress(OSError):
                if os.name == "nt":
                    self._process.kill()
                else:
                    os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()
        self._orders.put({})

    def _talk(self) -> None:
        stdin, stdout = self._process.stdin, self._process.stdout
        if stdin is None or stdout is None:
            return
        with suppress(OSError), stdin, stdout:
            with suppress(OSError):
                send(stdin, [path or os.getcwd() for path in sys.path])
            while order := self._orders.get():
                reply = None
                with suppress(OSError):
                    send(stdin, order)
                    reply = receive(stdout)
                if reply is None:
                    self._finished.put((order["step"], {"error": self._death(order["step"])}))
                    return
                # Free before its answer is known, so that whoever takes the answer finds it.
                self._free.put(self)
                self._finished.put((order["step"], reply))

    def _death(self, step: str) -> dict[str, str]:
        code = self._process.wait()
        name = f"exit status {code}"
        if code < 0:
            with suppress(ValueError):
                name = signal.Signals(-code).name
        return error_of(
            InputError(
                f"Step '{step}': its worker ended without an answer ({name}).",
                "The machine may have run out of memory, or a package that the step uses crashed.",
                "Run again with fewer --workers; finished steps are kept.",
            )
        )


class OnDask:
    """Runs steps on a Dask cluster, whose machines see the study's files under the same paths.

    Parameters
    ----------
    client : distributed.Client
        Connected to the cluster.
    """

    def __init__(self, client: Any) -> None:
        from distributed import as_completed

        self._client = client
        self._running = as_completed()
        self._steps: dict[Any, str] = {}

    def submit(self, step: str, task: str, inputs: Inputs) -> None:
        """Send a step to the cluster."""
        future = self._client.submit(_on_cluster, order_of(step, task, inputs), pure=False)
        self._steps[future] = step
        self._running.add(future)

    def next_finished(self) -> tuple[str, Answer | InputError]:
        """Wait for any of the steps sent."""
        future = next(self._running)
        try:
            found: Answer | InputError = Answer.from_store(future.result())
        except InputError as error:
            found = error
        return self._steps.pop(future), found


def _on_cluster(order: dict[str, Any]) -> dict[str, Any]:
    return run_step(order["step"], order["task"], lambda: inputs_of(order)).to_store()


@contextmanager
def executor(workers: int, scheduler: str | None) -> Iterator[Executor]:
    """Open the place where steps run, this machine's interpreters or a Dask cluster, and close it afterwards."""
    if scheduler is not None:
        with _connected(scheduler) as client:
            yield OnDask(client)
    elif workers <= 1 or not sys.executable:
        yield InProcess()
    else:
        place = OnWorkers(workers)
        try:
            yield place
        finally:
            place.stop()


@contextmanager
def _connected(scheduler: str) -> Iterator[Any]:
    try:
        from distributed import Client
    except ImportError as error:
        raise MissingExtraError("cluster", "Running on a Dask cluster") from error
    try:
        client = Client(scheduler, timeout="10s")
    except (OSError, ValueError) as error:
        raise InputError(
            f"No Dask scheduler answers at '{scheduler}'.",
            "It may not be running, or its address may be misspelt.",
            "Start it with `dask scheduler`, or leave --scheduler away to use this machine.",
        ) from error
    with client:
        yield client
