"""What no quantity of its kind is, is refused wherever it is typed; conversions without end are too."""

import pytest

from lamion.quantities import InputError, parse, units
from lamion.tasks import catalogue
from lamion.tasks.declaring.value import value_of


def quantities():
    """Return every option of every task that is a quantity of one kind."""
    for name in catalogue.names():
        task = catalogue.find(name)
        for parameter in (*task.parameters.values(), *task.spelled.values()):
            if parameter.kind == "quantity" and parameter.option.units:
                yield pytest.param(parameter, id=f"{name} {parameter.name}")


@pytest.mark.parametrize("parameter", list(quantities()))
@pytest.mark.parametrize("size", ["1e300", "1e-300"])
def test_a_slip_of_many_powers_is_refused(parameter, size):
    unit = parameter.option.units[0]
    if size == "1e-300" and units.same_dimension(unit, "K"):
        unit = "K"
    written = f"{size} {unit}"
    with pytest.raises(InputError):
        value_of({"a": written} if parameter.named else written, parameter)


def test_long_texts_are_refused_at_once():
    for text in ("9 " + "m" * 100_000, "9" * 100_000, "9 " + "um/" * 100 + "um"):
        with pytest.raises(InputError, match="characters") as told:
            parse(text)
        assert len(str(told.value)) < 300


def test_powers_that_overflow_are_refused():
    for call in (lambda: units.convert(1.0, "Ym9 Ym9", "ym9 ym9"), lambda: parse("9 Ym9 Ym9 Ym9").si):
        with pytest.raises(InputError):
            call()
