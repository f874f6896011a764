"""Run a study from its file to its report: what the command line and Python share."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from importlib.resources import files
from pathlib import Path
from typing import Any

from lamion.progress import Progress, silent
from lamion.quantities import Answer
from lamion.quantities.frame import table
from lamion.report.results_folder import check_replaceable, write_results
from lamion.store import Store
from lamion.study import runner
from lamion.study.results import Results
from lamion.study.study_file import Study, load_study
from lamion.study.trust import Ask, nobody
from lamion.study.verdicts import Verdict

_BUILT_IN = "studies/lse_hfc"


@dataclass(frozen=True)
class Run:
    """What a run of a study gave.

    Parameters
    ----------
    results : Results
        Answers and verdicts.
    folder : Path
        Where results.json, the report and the figures lie.
    """

    results: Results
    folder: Path

    def __getitem__(self, step: str) -> Answer:
        """Return the answer of a step, or raise why it has none; a KeyError names the others for anything else."""
        answers, failed = self.results.outcome.answers, self.results.outcome.failed
        if step in failed:
            raise failed[step]
        if step not in answers:
            raise KeyError(f"There is no step '{step}'. The steps are: {', '.join(answers)}.")
        return answers[step]

    def __iter__(self) -> Iterator[str]:
        """Go through the ids of the steps."""
        return iter(self.results.outcome.answers)

    @cached_property
    def claims(self) -> Claims:
        """The verdict on each printed number, by its id."""
        return Claims(self.results)

    @property
    def report(self) -> Path:
        """The report, one HTML page."""
        return self.folder / "report.html"

    def __repr__(self) -> str:
        outcome = self.results.outcome
        return f"Run({outcome.study.title!r}, {len(outcome.answers)} steps, report={str(self.report)!r})"


class Claims(Mapping[str, Verdict]):
    """Verdicts by the id of their claim.

    Parameters
    ----------
    results : Results
        Of a run.
    """

    def __init__(self, results: Results) -> None:
        self._results = results

    def __getitem__(self, claim: str) -> Verdict:
        """Return the verdict on a claim."""
        return self._results.verdicts[claim]

    def __iter__(self) -> Iterator[str]:
        """Go through the ids."""
        return iter(self._results.verdicts)

    def __len__(self) -> int:
        return len(self._results.verdicts)

    def to_frame(self) -> Any:
        """Return them as a data frame, one row a claim; needs pandas."""
        claims = self._results.outcome.study.claims
        rows = {name: verdict.to_json(claims[name]) for name, verdict in self.items()}
        columns = dict.fromkeys(key for row in rows.values() for key in row)
        return table({key: [row.get(key) for row in rows.values()] for key in columns}, index=list(rows))


def run(
    study: str | Path | None = None,
    *,
    out: str | Path | None = None,
    quick: bool = False,
    afresh: bool = False,
    step: str | None = None,
    workers: int | None = None,
    scheduler: str | None = None,
    trust: bool = False,
    force: bool = False,
    ask: Ask = nobody,
    progress: Progress = silent,
) -> Run:
    """Run a study and write its report.

    Parameters
    ----------
    study : str or Path, optional
        A study.toml, or the folder that holds one; by default the built-in study.
    out : str or Path, optional
        Where the results go; by default a folder ``results`` beside the study, or ``lse-hfc`` for the built-in one.
    quick : bool
        Rougher answers in less time, where a step can.
    afresh : bool
        Relax every structure, also where the study ships one to begin with.
    step : str, optional
        A step to compute alone, with those it depends on; then nothing but the store is written.
    workers : int, optional
        Interpreters on this machine; by default one per core.
    scheduler : str, optional
        The address of a running Dask cluster to use instead.
    trust : bool
        Whether code that the study brings with it may run.
    force : bool
        Whether earlier results that were changed since may be replaced.
    ask : callable
        Asks a person whether it may.
    progress : Progress
        Told after each step.

    Returns
    -------
    Run
        ``run["sigma"]`` is a step's answer, ``run.claims`` the verdicts, ``run.report`` the page.

    Raises
    ------
    InputError
        When the study cannot be run; what was finished is kept.
    """
    given, place = where(study, out)
    loaded = _loaded(given, afresh=afresh, trust=trust, ask=ask)
    if step is None:
        check_replaceable(place, force=force)
    outcome = runner.run(
        loaded, store_of(place), quick=quick, only=step, workers=workers, scheduler=scheduler, progress=progress
    )
    if step is None:
        return Run(write_results(outcome, place, progress), place)
    from lamion.study.results import results_of

    return Run(results_of(outcome), place)


def foreseen(
    study: str | Path,
    *,
    out: str | Path | None = None,
    quick: bool = False,
    afresh: bool = False,
    trust: bool = False,
    ask: Ask = nobody,
) -> tuple[Study, dict[str, runner.Foreseen]]:
    """Tell what a run of the same arguments would compute and why, without computing anything."""
    given, place = where(study, out)
    loaded = _loaded(given, afresh=afresh, trust=trust, ask=ask)
    return loaded, runner.explain(loaded, store_of(place), quick=quick)


def _loaded(given: Path, *, afresh: bool, trust: bool, ask: Ask) -> Study:
    loaded = load_study(given, trust=trust, ask=ask)
    return loaded.afresh() if afresh else loaded


def where(study: str | Path | None, out: str | Path | None) -> tuple[Path, Path]:
    """Return the study's file or folder, and the folder of its results."""
    if study is None:
        return Path(str(files("lamion") / _BUILT_IN)), Path(out or "lse-hfc")
    given = Path(study)
    beside = given if given.is_dir() else given.parent
    return given, Path(out) if out is not None else beside / "results"


def store_of(out: Path) -> Store:
    """Return the store of finished steps beside a folder of results."""
    return Store(out.absolute().parent / ".lamion" / "steps")
