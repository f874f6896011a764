"""What people say of a circuit's parameters: values to hold and bounds, with units."""

from __future__ import annotations

from collections.abc import Mapping

from lamion.quantities import units
from lamion.quantities.errors import InputError
from lamion.quantities.parsing import parse
from lamion.quantities.quantity import Quantity
from lamion.techniques.impedance.circuit import Circuit, Limits
from lamion.techniques.impedance.elements.element import ElementParameter

_BETWEEN = ".."


def fixed_values(circuit: Circuit, given: Mapping[str, Quantity | float]) -> dict[str, float]:
    """Return the values to hold, SI.

    Parameters
    ----------
    circuit : Circuit
        What is fitted.
    given : Mapping of str to Quantity or float
        By the parameters' names; a number without a unit is in SI.

    Raises
    ------
    InputError
        When a name is unknown or a unit is not the parameter's.

    Examples
    --------
    >>> fixed_values(Circuit.read("R0-C1"), {"R0": Quantity(0.03, None, "kohm")})
    {'R0': 30.0}
    """
    return {name: _in_si(value, name, _declared(circuit, name)) for name, value in given.items()}


def limits_of(circuit: Circuit, given: Mapping[str, str | tuple[float, float]]) -> list[Limits]:
    """Return the bounds of parameters.

    Parameters
    ----------
    circuit : Circuit
        What is fitted.
    given : Mapping of str to str, or to a pair of float
        Such as ``"-50..100 ohm"``, an end left out being open; or both in SI.

    Raises
    ------
    InputError
        When a name is unknown, a unit is not the parameter's, or a text has no two ends.

    Examples
    --------
    >>> limits_of(Circuit.read("R0-C1"), {"R0": "-0.05..1 kohm"})
    [Limits(name='R0', lower=-50.0, upper=1000.0)]
    """
    return [_limits(name, ends, _declared(circuit, name)) for name, ends in given.items()]


def _declared(circuit: Circuit, name: str) -> ElementParameter:
    if name not in circuit.names:
        raise circuit.no_parameter(name)
    return circuit.parameters[circuit.names.index(name)]


def _limits(name: str, ends: str | tuple[float, float], parameter: ElementParameter) -> Limits:
    if not isinstance(ends, str):
        return Limits(name, *(float(end) for end in ends))
    low, between, high = (part.strip() for part in ends.partition(_BETWEEN))
    if not between or not (low or high):
        raise InputError(
            f"The bounds of {name}, '{ends}', cannot be read.", "", f'Write them like "{name}=1..100 {parameter.unit}".'
        )
    upper = parse(high, name=f"The upper bound of {name}") if high else None
    lower = parse(low, name=f"The lower bound of {name}") if low else None
    if lower is not None and upper is not None and lower.unit == "1":
        lower = Quantity(lower.value, None, upper.unit)
    return Limits(
        name,
        parameter.lower if lower is None else _in_si(lower, name, parameter),
        parameter.upper if upper is None else _in_si(upper, name, parameter),
    )


def _in_si(value: Quantity | float, name: str, parameter: ElementParameter) -> float:
    if not isinstance(value, Quantity):
        return float(value)
    if value.unit == "1":
        return value.value
    if not units.same_dimension(value.unit, parameter.unit):
        raise InputError(
            f"{name} is the {parameter.meaning}, in {parameter.unit}, not {units.dimension_name(value.unit)}.",
            "",
            f'Give it like "{name}=1 {parameter.unit}", or as a number in SI.',
        )
    return units.convert(value.value, value.unit, parameter.unit)
