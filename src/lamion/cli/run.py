"""Run a study: every step that is not in the store is computed, then the results are swapped in.

With --dry-run only say what would be computed, and why; with --step run one step with those it depends on and show its
answer.
"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from lamion.cli import terminal
from lamion.cli.parser import Argument, argument
from lamion.cli.several import SOME_REFUSED, tell
from lamion.quantities import InputError
from lamion.study.verdicts import counted, counted_by_evidence

if TYPE_CHECKING:
    from collections.abc import Mapping

    from lamion.report.run import Run


def run_arguments(default_out: str) -> tuple[Argument, ...]:
    """Return the arguments of a run; the help says where its results go by default."""
    return (
        argument("--out", metavar="DIR", type=Path, help=f"where the results go (default: {default_out})"),
        argument("--quick", action="store_true", help="rougher answers in less time, where a step can"),
        argument("--workers", metavar="N", type=int, help="local processes (default: one per core)"),
        argument("--scheduler", metavar="ADDRESS", help="use a running Dask cluster instead"),
        argument("--force", action="store_true", help="replace earlier results that were changed since"),
    )


ARGUMENTS = (
    argument("study", metavar="STUDY", type=Path, help="a study's folder, or its study.toml"),
    *run_arguments("a folder 'results' beside the study"),
    argument("--dry-run", action="store_true", help="compute nothing: say what would be, and why"),
    argument("--step", metavar="ID", help="run one step and show its answer; no results are written"),
    argument("--details", action="store_true", help="with --step: print everything"),
    argument("--trust", action="store_true", help="let the study's own code run"),
)
_NAMED = 2
"""Steps that are named for a blank."""
EXAMPLES = ("lamion run film", "lamion run film --dry-run", "lamion run film --step conductivity-60C")


def run(arguments: argparse.Namespace) -> int:
    """Run the study and write its results."""
    if arguments.dry_run and arguments.step is not None:
        raise InputError("--dry-run and --step were both given.", "", "Leave one of them out.")
    if arguments.details and arguments.step is None:
        raise InputError("--details shows more of one step.", "No step is named.", "Name it with --step, or leave it.")
    if arguments.dry_run:
        return _dry_run(arguments)
    if arguments.step is not None:
        return _one_step(arguments)
    return run_and_report(arguments.study, arguments)


def _dry_run(arguments: argparse.Namespace) -> int:
    """Say what a run would compute, and why."""
    from lamion.report.run import foreseen

    study, steps = foreseen(
        arguments.study, out=arguments.out, quick=arguments.quick, trust=arguments.trust, ask=terminal.ask
    )
    wanted = {name: found for name, found in steps.items() if not found.kept}
    print(f"{study.title}\n{len(steps)} steps: {len(wanted)} to compute, {len(steps) - len(wanted)} kept.")
    width = max(map(len, wanted), default=0)
    for name, found in wanted.items():
        print(f"  {name:<{width}}  {'; '.join(found.reasons)}")
    return 0


def _one_step(arguments: argparse.Namespace) -> int:
    """Run one step with those it depends on, and show its answer; nothing but the store is written."""
    from lamion.cli.output import as_text
    from lamion.quantities.showing import lines

    done = _run(arguments.study, arguments, step=arguments.step)
    answer, task = done[arguments.step], done.results.outcome.study.steps[arguments.step].task
    if arguments.details:
        print(as_text(answer), end="")
    else:
        terminal.put(lines(answer, width=terminal.width(), meanings=task.meanings))
    return 0


def run_and_report(study: Path | None, arguments: argparse.Namespace) -> int:
    """Run a study, write results and report, say what came of it."""
    done = _run(study, arguments)
    outcome = done.results.outcome
    steps, waiting = len(outcome.answers), {name for names in outcome.blanks.values() for name in names}
    failed = {name: str(error) for name, error in outcome.failed.items() if name not in waiting}
    kept = f"{steps - len(outcome.computed)} kept"
    kept += (f", {len(failed)} failed" if failed else "") + (f", {len(waiting)} wait" if waiting else "")
    every = steps + len(outcome.failed)
    print(f"{outcome.study.title}\n{every} steps: {len(outcome.computed)} computed, {kept}.")
    if done.claims:
        counts = counted(done.claims)
        said = ", ".join(f"{count} {name}" for name, count in counts.items())
        claims, together = len(done.claims), sum(counts.values())
        apart = "" if together == claims else f", {together} independent comparisons"
        print(f"{claims} claim{'s' * (claims > 1)}{apart}: {said}.")
        for line in _by_evidence(counted_by_evidence(done.claims)):
            print(f"  {line}")
    print(f"Report, with why: {done.report}" if done.claims else f"Report: {done.report}")
    if outcome.blanks:
        print(f"Left to fill in: {len(outcome.blanks)}")
        for blank, names in outcome.blanks.items():
            more = f" and {len(names) - _NAMED} more" if len(names) > _NAMED else ""
            print(f"  the {blank}, for {', '.join(names[:_NAMED])}{more}")
    return tell(failed, every, "steps failed") or (SOME_REFUSED if waiting else 0)


def _by_evidence(counts: Mapping[str, Mapping[str, int]]) -> list[str]:
    """Write a line for each kind of evidence with its verdicts, the kinds with most first."""
    kinds = sorted(counts.items(), key=lambda item: (-sum(item[1].values()), item[0]))
    return [
        f"{evidence}: {', '.join(f'{count} {verdict}' for verdict, count in verdicts.items())}"
        for evidence, verdicts in kinds
    ]


def _run(study: Path | None, arguments: argparse.Namespace, *, step: str | None = None) -> Run:
    from lamion.report.run import run

    with terminal.progress_bar() as progress:
        return run(
            study,
            out=arguments.out,
            quick=arguments.quick,
            step=step,
            workers=arguments.workers,
            scheduler=arguments.scheduler,
            trust=getattr(arguments, "trust", False),
            force=arguments.force,
            ask=terminal.ask,
            progress=progress,
        )
