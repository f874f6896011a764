"""What a thermal analyser writes: heat flow, mass or both, while the temperature runs through a programme."""

from __future__ import annotations

from lamion.records.record import Array, Table, column, record


@record(
    "thermal analysis",
    key="thermal",
    table="a thermal analysis",
    fewest=10,
    told_by=("heat_flow", "mass"),
)
class ThermalCurve(Table):
    """Heat flow, mass or both (simultaneous) against the temperature in K, row by row as the programme ran.

    `time` is in s; `heat_flow` in W, or `specific_heat_flow` in W/kg where the file gives it over a mass;
    `sensor_voltage` in V where it was never calibrated; `mass` in kg, or `mass_fraction` of the first. `sample_mass` is
    in kg, where the file says it; `exothermic` is ``"up"`` or ``"down"``, and None where the file is silent: vendors
    differ.

    Examples
    --------
    >>> run = ThermalCurve([300.0 + k for k in range(10)], mass=[1e-5] * 10, sample_mass=1e-5)
    >>> len(run), run.exothermic is None
    (10, True)
    >>> list(ThermalCurve.of({"T / degC": range(10), "Mass / %": [100.0] * 10}).arrays())
    ['Temperature / K', 'Mass Fraction / 1']
    """

    temperature: Array = column(
        "K", "Temperature / K", "temperature temp sampletemperature ts tsample t", above=0, otherwise="time"
    )
    time: Array | None = column("s", "Test Time / s", "time testtime elapsedtime", needed=False)
    heat_flow: Array | None = column(
        "W",
        "Heat Flow / W",
        "heatflow heatflowrate normalizedheatflow normalisedheatflow heatflow(normalized) dsc dscsignal",
        needed=False,
        signed=True,
        otherwise="specific_heat_flow",
    )
    specific_heat_flow: Array | None = column(
        "W/kg", "Heat Flow / W/kg", "specificheatflow", needed=False, signed=True, otherwise="sensor_voltage"
    )
    sensor_voltage: Array | None = column("V", "Sensor Voltage / V", "sensorvoltage", needed=False, signed=True)
    mass: Array | None = column(
        "kg", "Mass / kg", "mass weight tg tga sampleweight", needed=False, otherwise="mass_fraction"
    )
    mass_fraction: Array | None = column("1", "Mass Fraction / 1", "massfraction weightfraction", needed=False)
    sample_mass: float | None = None
    exothermic: str | None = None
