"""What `run` and `reproduce` share: options, progress bar, summary."""

from __future__ import annotations

import argparse
import inspect
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from lamion.progress import Progress, silent
from lamion.study.verdicts import VERDICTS

if TYPE_CHECKING:
    from lamion.store import Store
    from lamion.study.study_file import Study
    from lamion.tasks.declaring import Task


def add_run_arguments(parser: argparse.ArgumentParser, default_out: str) -> None:
    """Declare the options of a run.

    Parameters
    ----------
    parser : ArgumentParser
        The verb's.
    default_out : str
        Where the results go by default, for the help.
    """
    parser.add_argument("--out", metavar="DIR", type=Path, help=f"where the results go (default: {default_out})")
    parser.add_argument("--quick", action="store_true", help="rougher answers in less time, where a step can")
    parser.add_argument("--workers", metavar="N", type=int, help="local processes (default: one per core)")
    parser.add_argument("--scheduler", metavar="ADDRESS", help="use a running Dask cluster instead")


def load(study_file: Path, arguments: argparse.Namespace) -> Study:
    """Read a study; its own code runs only where it is trusted, and a person at the terminal is asked.

    Parameters
    ----------
    study_file : Path
        The ``study.toml``.
    arguments : Namespace
        With ``trust``, where declared.
    """
    from lamion.study import study_file as reading

    read: Callable[..., Study] = reading.load_study
    if "trust" not in inspect.signature(read).parameters:
        return read(study_file)
    return read(study_file, trust=getattr(arguments, "trust", False), ask=ask)


def ask(question: str) -> bool:
    """Put a question to the person at the terminal; where there is none the answer is no.

    Parameters
    ----------
    question : str
        To be answered with yes or no.
    """
    if not (sys.stdin.isatty() and sys.stderr.isatty()):
        return False
    print(f"{question} [y/N] ", end="", file=sys.stderr, flush=True)
    return sys.stdin.readline().strip().lower() in ("y", "yes")


def dry_run(study_file: Path, out: Path, arguments: argparse.Namespace) -> int:
    """Say what a run would compute, and why.

    Parameters
    ----------
    study_file : Path
        The ``study.toml``.
    out : Path
        The folder of the results.
    arguments : Namespace
        With ``quick``.
    """
    from lamion.study.runner import explain

    study = load(study_file, arguments)
    foreseen = explain(study, _store(out), quick=arguments.quick)
    wanted = {name: found for name, found in foreseen.items() if not found.kept}
    print(f"{study.title}\n{len(foreseen)} steps: {len(wanted)} to compute, {len(foreseen) - len(wanted)} kept.")
    width = max(map(len, wanted), default=0)
    for name, found in wanted.items():
        print(f"  {name:<{width}}  {'; '.join(found.reasons)}")
    return 0


def one_step(study_file: Path, out: Path, arguments: argparse.Namespace) -> int:
    """Run one step with those it depends on, and show its answer; nothing but the store is written.

    Parameters
    ----------
    study_file : Path
        The ``study.toml``.
    out : Path
        The folder of the results.
    arguments : Namespace
        With ``step``, ``details``, and the options of a run.
    """
    from lamion.cli import terminal
    from lamion.cli.output import as_text
    from lamion.quantities import InputError
    from lamion.quantities.showing import lines
    from lamion.study.runner import run
    from lamion.tasks.declaring.value import did_you_mean

    study = load(study_file, arguments)
    if arguments.step not in study.steps:
        near = did_you_mean(arguments.step, study.steps)
        raise InputError(f"The study has no step '{arguments.step}'.", near, f"It has: {', '.join(study.steps)}.")
    with progress_bar() as progress:
        outcome = run(
            study,
            _store(out),
            quick=arguments.quick,
            only=arguments.step,
            workers=arguments.workers,
            scheduler=arguments.scheduler,
            progress=progress,
        )
    answer = outcome.answers[arguments.step]
    if arguments.details:
        print(as_text(answer), end="")
    else:
        meanings = meanings_of(getattr(study.steps[arguments.step], "task", None))
        terminal.put(lines(answer, width=terminal.width(), meanings=meanings))
    return 0


def meanings_of(task: Task | None) -> dict[str, str]:
    """Return what a task's results are, but for the pattern that stands for all the others.

    Parameters
    ----------
    task : Task or None
        Any.
    """
    return {} if task is None else {name: result.meaning for name, result in task.results.items() if name != "*"}


def _store(out: Path) -> Store:
    from lamion.store import Store

    return Store(out.absolute().parent / ".lamion" / "steps")


def run_and_report(study_file: Path, out: Path, arguments: argparse.Namespace) -> int:
    """Run a study, write results and report, say what came of it.

    Parameters
    ----------
    study_file : Path
        The ``study.toml``.
    out : Path
        The folder of the results.
    arguments : Namespace
        With ``quick``, ``workers`` and ``scheduler``.
    """
    from lamion.report.results_folder import check_replaceable, write_results
    from lamion.study.runner import run

    study = load(study_file, arguments)
    check_replaceable(out)
    with progress_bar() as progress:
        outcome = run(
            study,
            _store(out),
            quick=arguments.quick,
            workers=arguments.workers,
            scheduler=arguments.scheduler,
            progress=progress,
        )
        written = write_results(outcome, out, progress)
    steps = len(outcome.answers)
    print(f"{study.title}\n{steps} steps: {len(outcome.computed)} computed, {steps - len(outcome.computed)} kept.")
    if written.verdicts:
        counts = Counter(verdict.verdict for verdict in written.verdicts.values())
        said = ", ".join(f"{counts[name]} {name}" for name in VERDICTS if counts[name])
        print(f"{len(written.verdicts)} claim{'s' * (len(written.verdicts) > 1)}: {said}.")
    print(f"Report: {out / 'report.html'}")
    return 0


@contextmanager
def progress_bar(*, shown: bool = True) -> Iterator[Progress]:
    """Draw a progress bar on the terminal; nothing where there is none, or nothing takes long.

    Parameters
    ----------
    shown : bool
        Whether it takes long.
    """
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
