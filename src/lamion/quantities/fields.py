"""Fields of dataclasses that are quantities: declared by their property, texts accepted, checked when they are set."""

from __future__ import annotations

import dataclasses
from typing import Any

from lamion.quantities.properties import PROPERTIES
from lamion.quantities.quantity import Quantity

_KEY = "lamion.property"


def of(name: str, *, default: Any = dataclasses.MISSING, term: str = "", zero: bool = False) -> Any:
    """Declare a field that is a quantity.

    Parameters
    ----------
    name : str
        Of its property, a key of :data:`lamion.quantities.properties.PROPERTIES`.
    default : Quantity or None, optional
        Where it may be left away.
    term : str
        What it is called in messages, such as ``"second layer's thickness"``; by default the property's own term.
    zero : bool
        Whether none of it at all may be said as zero.
    """
    return dataclasses.field(default=default, metadata={_KEY: (PROPERTIES[name], term, zero)})


class Checked:
    """A frozen dataclass whose fields of quantities take texts and are checked.

    Examples
    --------
    >>> @dataclasses.dataclass(frozen=True)
    ... class Film(Checked):
    ...     thickness: Quantity = of("thickness")
    ...     area: Quantity | None = of("area", default=None)
    >>> Film("9 um").thickness.si
    9e-06
    >>> Film("9 km")
    Traceback (most recent call last):
    ...
    lamion.quantities.errors.InputError: The thickness is 9 km, not from 0.0001 to 1e+06 um...
    """

    def __post_init__(self) -> None:
        """Check every quantity."""
        for field in dataclasses.fields(self):  # type: ignore[arg-type]
            declared = field.metadata.get(_KEY)
            given = getattr(self, field.name)
            if declared is not None and given is not None:
                quantity = declared[0].checked(given, declared[1], zero=declared[2])
                if quantity is not given:
                    object.__setattr__(self, field.name, quantity)

    def given(self) -> dict[str, Quantity]:
        """Return the quantities that are there, by name."""
        named = {field.name: getattr(self, field.name) for field in dataclasses.fields(self)}  # type: ignore[arg-type]
        return {name: item for name, item in named.items() if isinstance(item, Quantity)}
