"""Where steps run: in this process, on this machine's cores, or on a laboratory's cluster."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Protocol

from lamion.quantities import Answer, InputError
from lamion.study.inputs import Inputs
from lamion.study.kinds import kind_called


class Executor(Protocol):
    """Runs steps and hands their answers back in the order in which they finish."""

    def submit(self, step: str, kind: str, inputs: Inputs) -> None:
        """Begin a step."""

    def next_finished(self) -> tuple[str, Answer]:
        """Wait for the next step to finish; raise what it raised."""


def run_step(step: str, kind: str, inputs: Inputs) -> dict[str, Any]:
    """Run one step: the function that travels to the workers.

    Parameters
    ----------
    step : str
        The step's id, for messages.
    kind : str
        The kind of step.
    inputs : Inputs
        Everything it needs.

    Returns
    -------
    dict
        The answer as JSON values, so that no code has to travel back.
    """
    try:
        answer: Answer = kind_called(kind).run(inputs)
    except InputError as error:
        raise InputError(f"Step '{step}': {error.happened}", error.cause, error.remedy) from error
    except (ArithmeticError, ValueError, MemoryError) as error:
        raise InputError(
            f"Step '{step}': the computation failed ({type(error).__name__}: {error}).",
            "A value far outside the usual range is the likely cause.",
            "Check the step's numbers and their units.",
        ) from error
    return answer.to_store()


class InProcess:
    """Runs each step at once, in this process."""

    def __init__(self) -> None:
        self._finished: list[tuple[str, Answer]] = []

    def submit(self, step: str, kind: str, inputs: Inputs) -> None:
        """Run a step now."""
        self._finished.append((step, Answer.from_store(run_step(step, kind, inputs))))

    def next_finished(self) -> tuple[str, Answer]:
        """Return the oldest answer not yet handed back."""
        return self._finished.pop(0)


class OnDask:
    """Runs steps on a Dask cluster.

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

    def submit(self, step: str, kind: str, inputs: Inputs) -> None:
        """Send a step to the cluster."""
        future = self._client.submit(run_step, step, kind, inputs, pure=False)
        self._steps[future] = step
        self._running.add(future)

    def next_finished(self) -> tuple[str, Answer]:
        """Wait for any of the steps sent."""
        future = next(self._running)
        return self._steps.pop(future), Answer.from_store(future.result())


@contextmanager
def executor(workers: int, scheduler: str | None) -> Iterator[Executor]:
    """Open the place where steps run, and close it afterwards.

    Parameters
    ----------
    workers : int
        Local processes; 1 runs everything in this process.
    scheduler : str or None
        The address of a running Dask scheduler, such as ``"tcp://host:8786"``; it is used instead.

    Yields
    ------
    Executor

    Raises
    ------
    InputError
        When no scheduler answers at that address.
    """
    if scheduler is None and workers <= 1:
        yield InProcess()
        return
    import dask
    from distributed import Client, LocalCluster

    if scheduler is not None:
        with _connected(scheduler) as client:
            yield OnDask(client)
        return
    with (
        dask.config.set({"distributed.worker.daemon": True, "distributed.admin.tick.limit": "1h"}),
        LocalCluster(
            n_workers=workers,
            threads_per_worker=1,
            processes=True,
            dashboard_address="127.0.0.1:0",
            silence_logs=logging.CRITICAL,
        ) as cluster,
        Client(cluster) as client,
    ):
        yield OnDask(client)


@contextmanager
def _connected(scheduler: str) -> Iterator[Any]:
    from distributed import Client

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
