"""What `run` and `reproduce` share: options, progress bar, summary."""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from lamion.cli.parser import Argument, argument
from lamion.progress import Progress, silent
from lamion.study.verdicts import VERDICTS

if TYPE_CHECKING:
    from lamion.report.run import Run
    from lamion.tasks.declaring import Task


def run_arguments(default_out: str) -> tuple[Argument, ...]:
    """Return the arguments of a run; the help says where its results go by default."""
    return (
        argument("--out", metavar="DIR", type=Path, help=f"where the results go (default: {default_out})"),
        argument("--quick", action="store_true", help="rougher answers in less time, where a step can"),
        argument("--workers", metavar="N", type=int, help="local processes (default: one per core)"),
        argument("--scheduler", metavar="ADDRESS", help="use a running Dask cluster instead"),
    )


def ask(question: str) -> bool:
    """Put a question to the person at the terminal; where there is none the answer is no."""
    if not (sys.stdin.isatty() and sys.stderr.isatty()):
        return False
    print(f"{question} [y/N] ", end="", file=sys.stderr, flush=True)
    return sys.stdin.readline().strip().lower() in ("y", "yes")


def dry_run(arguments: argparse.Namespace) -> int:
    """Say what a run would compute, and why."""
    from lamion.report.run import foreseen

    study, steps = foreseen(arguments.study, out=arguments.out, quick=arguments.quick, trust=arguments.trust, ask=ask)
    wanted = {name: found for name, found in steps.items() if not found.kept}
    print(f"{study.title}\n{len(steps)} steps: {len(wanted)} to compute, {len(steps) - len(wanted)} kept.")
    width = max(map(len, wanted), default=0)
    for name, found in wanted.items():
        print(f"  {name:<{width}}  {'; '.join(found.reasons)}")
    return 0


def one_step(arguments: argparse.Namespace) -> int:
    """Run one step with those it depends on, and show its answer; nothing but the store is written."""
    from lamion.cli import terminal
    from lamion.cli.output import as_text
    from lamion.quantities.showing import lines

    done = _run(arguments.study, arguments, step=arguments.step)
    answer, task = done[arguments.step], done.results.outcome.study.steps[arguments.step].task
    if arguments.details:
        print(as_text(answer), end="")
    else:
        terminal.put(lines(answer, width=terminal.width(), meanings=meanings_of(task)))
    return 0


def meanings_of(task: Task) -> dict[str, str]:
    """Return what a task's results are, but for the pattern that stands for all the others."""
    return {name: result.meaning for name, result in task.results.items() if name != "*"}


def run_and_report(study: Path | None, arguments: argparse.Namespace) -> int:
    """Run a study, write results and report, say what came of it."""
    done = _run(study, arguments)
    outcome = done.results.outcome
    steps = len(outcome.answers)
    print(
        f"{outcome.study.title}\n{steps} steps: {len(outcome.computed)} computed, {steps - len(outcome.computed)} kept."
    )
    if done.claims:
        counts = Counter(verdict.verdict for verdict in done.claims.values())
        said = ", ".join(f"{counts[name]} {name}" for name in VERDICTS if counts[name])
        print(f"{len(done.claims)} claim{'s' * (len(done.claims) > 1)}: {said}.")
    print(f"Report, with why: {done.report}" if done.claims else f"Report: {done.report}")
    return 0


def _run(study: Path | None, arguments: argparse.Namespace, *, step: str | None = None) -> Run:
    from lamion.report.run import run

    with progress_bar() as progress:
        return run(
            study,
            out=arguments.out,
            quick=arguments.quick,
            step=step,
            workers=arguments.workers,
            scheduler=arguments.scheduler,
            trust=getattr(arguments, "trust", False),
            ask=ask,
            progress=progress,
        )


@contextmanager
def progress_bar(*, shown: bool = True) -> Iterator[Progress]:
    """Draw a progress bar on the terminal; nothing where there is none, or where nothing takes long."""
    if not shown:
        yield silent
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeElapsedColumn
    from rich.progress import Progress as RichProgress

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    console = Console(stderr=True)
    with RichProgress(*columns, console=console, transient=True, disable=not console.is_terminal) as bar:
        task = bar.add_task("planning", total=None)

        def progress(done: int, total: int, what: str) -> None:
            bar.update(task, completed=done, total=total, description=what[:40] or "finishing")

        yield progress
