"""An interpreter of lamion's own that computes steps: orders come in on stdin, answers go out on what was stdout."""

from __future__ import annotations

import os
import queue
import signal
import sys
import threading
from typing import Any, BinaryIO


def main() -> None:
    """Answer orders until the run that sent them is over, or gone."""
    answers = _take_stdout()
    from lamion.study.messages import send

    orders: queue.SimpleQueue[Any] = queue.SimpleQueue()
    threading.Thread(target=_listen, args=(sys.stdin.buffer, orders), daemon=True).start()
    while True:
        send(answers, _answer(orders.get()))


def _take_stdout() -> BinaryIO:
    """Keep stdout for answers; whatever a package prints goes to stderr."""
    sys.stdout.flush()
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    return answers


def _listen(stream: BinaryIO, orders: queue.SimpleQueue[Any]) -> None:
    from lamion.study.messages import receive

    while (order := receive(stream)) is not None:
        orders.put(order)
    # The end of the stream is the end of the run; what is still computing is of no use to anyone.
    if os.name != "nt" and os.getpgrp() == os.getpid():
        os.killpg(os.getpid(), signal.SIGKILL)
    os._exit(0)


def _answer(order: dict[str, Any]) -> dict[str, Any]:
    import traceback

    from lamion.quantities import InputError
    from lamion.study.executors import run_step
    from lamion.study.messages import error_of, inputs_of

    try:
        return {"answer": run_step(order["step"], order["task"], lambda: inputs_of(order)).to_store()}
    except InputError as error:
        return {"error": error_of(error)}
    except Exception:  # noqa: BLE001  A defect of a step is told with its traceback by the run that asked for it.
        return {"defect": traceback.format_exc()}


if __name__ == "__main__":
    main()
