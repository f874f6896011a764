"""What `run` and `reproduce` share: options, progress bar, summary."""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from lamion.progress import Progress, silent
from lamion.study.verdicts import VERDICTS


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
    from lamion.store import Store
    from lamion.study.runner import run
    from lamion.study.study_file import load_study

    study = load_study(study_file)
    check_replaceable(out)
    with progress_bar() as progress:
        outcome = run(
            study,
            Store(out.absolute().parent / ".lamion" / "steps"),
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
