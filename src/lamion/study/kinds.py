"""The kinds of step a study can name, and what each of them takes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from lamion.quantities import Answer
from lamion.registry import Registry
from lamion.study.inputs import Inputs
from lamion.tasks import catalogue
from lamion.tasks.declaring import Context, Task
from lamion.tasks.declaring.parameter import Parameter

OptionType = Literal["quantity", "quantities", "text", "table", "integer", "file", "files", "any"]


@dataclass(frozen=True)
class Option:
    """One option of a kind of step.

    Parameters
    ----------
    type : str
        ``"quantity"`` (a text with a unit, or a reference), ``"quantities"`` (a list of them), ``"text"``,
        ``"table"``, ``"integer"``, ``"file"`` (a name) or ``"files"`` (a list of names or patterns).
    unit : str
        For quantities, a unit of their dimension.
    required : bool
        Whether a step must have it.
    from_subject : bool
        Whether the sample's or cell's property of the same name serves when the step does not say it.
    positive : bool
        Whether a quantity must be larger than zero.
    at_least, at_most : float or None
        Bounds of an integer, or of a quantity's value in SI.
    choices : tuple of str
        The texts allowed; any where there are none.
    """

    type: OptionType
    unit: str = "1"
    required: bool = True
    from_subject: bool = False
    positive: bool = True
    at_least: float | None = None
    at_most: float | None = None
    choices: tuple[str, ...] = ()


@dataclass(frozen=True)
class StepKind:
    """A pure function from inputs to an answer, with the options it takes.

    Parameters
    ----------
    run : callable
        The function.
    evidence : str
        What its numbers rest on, in one word or two: ``"composition"``, ``"measured"``, ``"synthetic"``...
    options : Mapping of str to Option
        By name.
    random : bool
        Whether it draws random numbers and is given a seed.
    quick : bool
        Whether it can answer more roughly when asked to be quick.
    heavy : bool
        Whether it takes seconds or more, and so runs on the workers rather than at once.
    substances : callable, optional
        From the resolved options to the names of the substances it needs; their facts reach it as the option
        ``"substances"``.
    facts : sequence of str
        The facts of a substance that it uses, so that it depends on no other.
    """

    run: Callable[[Inputs], Answer]
    evidence: str
    options: Mapping[str, Option] = field(default_factory=dict)
    random: bool = False
    quick: bool = False
    heavy: bool = False
    substances: Callable[[Mapping[str, Any]], list[str]] | None = None
    facts: tuple[str, ...] = ()


def kind_of_task(task: Task) -> StepKind:
    """Return a task as a study's step takes it.

    Parameters
    ----------
    task : Task
        Any.
    """

    def run(inputs: Inputs) -> Answer:
        options = {name: item for name, item in inputs.options.items() if name != "substances"}
        files = {name: list(found) if task.parameters[name].many else found[0] for name, found in inputs.files.items()}
        substances = inputs.substances("substances") if "substances" in inputs.options else {}
        return task.answer({**options, **files}, Context(seed=inputs.seed or 0, quick=inputs.quick), substances)

    def named(options: Mapping[str, Any]) -> list[str]:
        return task.substances(task.folded(options))

    every = [*task.parameters.values(), *task.spelled.values()]
    return StepKind(
        run,
        evidence=task.evidence,
        options={p.written: _option_of(p) for p in reversed(every)},
        random=task.random,
        quick=task.quick,
        heavy=task.heavy,
        substances=named,
        facts=("*",),
    )


def _option_of(parameter: Parameter) -> Option:
    option = parameter.option
    words: dict[str, Any] = {
        "required": parameter.required and not parameter.group and parameter.kind != "noun",
        "from_subject": option.subject,
    }
    if parameter.kind == "file":
        return Option("files" if parameter.many else "file", **words)
    if parameter.kind != "quantity" or parameter.named or option.printed or len(option.units) != 1:
        return Option("any", **words)
    return Option(
        "quantities" if parameter.many else "quantity",
        option.units[0],
        positive=option.positive,
        at_least=option.minimum,
        at_most=option.maximum,
        **words,
    )


KINDS = Registry(
    "kind of step",
    "lamion.steps",
    {
        "framework-pores": "lamion.study.steps.framework_pores:KIND",
        "adsorption": "lamion.study.steps.adsorption:KIND",
        "coordination": "lamion.study.steps.coordination:KIND",
        "redox": "lamion.study.steps.redox:KIND",
        "laminate-structure": "lamion.study.steps.laminate_structure:KIND",
        "mixture-optimum": "lamion.study.steps.mixture_optimum:KIND",
        "transport-field": "lamion.study.steps.transport_field:KIND",
        "limiting-current": "lamion.study.steps.limiting_current:KIND",
        "cell": "lamion.study.steps.cell:KIND",
        "rate-table-fit": "lamion.study.steps.rate_table_fit:KIND",
        "cell-sensitivity": "lamion.study.steps.cell_sensitivity:KIND",
        "symmetric": "lamion.study.steps.symmetric:KIND",
        "current-staircase": "lamion.study.steps.current_staircase:KIND",
    },
)


def kind_called(name: str) -> StepKind:
    """Return what a step does, imported now.

    Parameters
    ----------
    name : str
        The words of a task, or the name of a kind of step.
    """
    if name in catalogue.names():
        return kind_of_task(catalogue.find(name))
    kind: StepKind = KINDS.load(name)
    return kind


def module_of(name: str) -> str:
    """Return the module in which a step's task stands."""
    return catalogue.built_in().get(name) or KINDS.module(name)
