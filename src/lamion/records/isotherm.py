"""How much of a gas a solid takes up at each pressure."""

from __future__ import annotations

from lamion.records.record import Array, Table, column, record


@record(
    "sorption isotherm",
    key="isotherm",
    table="an isotherm",
    told_by=("relative", "pressure"),
    fewest=4,
)
class Isotherm(Table):
    """Loading in mol/kg against the relative pressure, or the pressure in Pa, in the order of the file.

    `desorption` is 1 where the pressure was lowered and 0 where it was raised; without it the branches part at the
    largest pressure. `adsorbate` is a formula, `temperature` in K, `saturation` the pressure in Pa at which the
    adsorbate condenses; each where the file says it.

    Examples
    --------
    >>> len(Isotherm([1.0, 2.0, 3.0, 4.0], [0.01, 0.05, 0.1, 0.2], adsorbate="N2", temperature=77.4))
    4
    """

    loading: Array = column("mol/kg", "Loading / mol/kg", "loading amount amountadsorbed uptake", signed=True)
    relative: Array | None = column("1", "Relative Pressure / 1", "relativepressure p/p0", least=0, needed=False)
    pressure: Array | None = column("Pa", "Pressure / Pa", "pressure absolutepressure", least=0, needed=False)
    desorption: Array | None = column("1", "Desorption / 1", "desorption", needed=False, any_unit=True)
    adsorbate: str | None = None
    temperature: float | None = None
    saturation: float | None = None
