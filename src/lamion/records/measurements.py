"""The kinds of measurement that are tables, each declared by its columns."""

from __future__ import annotations

import numpy as np

from lamion.quantities.errors import InputError
from lamion.records.record import Array, Record, Table, column, record

_VOLTAGE = "voltage potential e v u"


@record("series of conductivities", key="conductivity", table="conductivities")
class ConductivitySeries(Table):
    """Conductivity in S/m against temperature in K, in the order of the file; `uncertainty` is a standard one.

    Examples
    --------
    >>> len(ConductivitySeries([298.15, 308.15], [0.056, 0.078]))
    2
    """

    temperature: Array = column("K", "temperature / K", "temperature temp t", above=0, form="inverse")
    conductivity: Array = column(
        "S/m", "conductivity / S/m", "conductivity ionicconductivity sigma σ", above=0, form="logarithm"
    )
    uncertainty: Array | None = column(
        "S/m", "uncertainty / S/m", "uncertainty conductivityuncertainty std u", above=0, needed=False
    )


@record(
    "voltammogram",
    table="a voltammogram",
    told_by=("segment",),
)
class Voltammogram(Table):
    """Current in A, positive when it oxidises, against the potential in V of a sweep.

    `time` in s and the number of the `segment`, from turn to turn, where the file says them; `area` as for a transient.

    Examples
    --------
    >>> len(Voltammogram([1.0, 1.1, 1.0], [1e-4, 2e-4, -1e-4], segment=[1, 1, 2]))
    3
    """

    voltage: Array = column("V", "Voltage / V", _VOLTAGE + " ewe <ewe>", signed=True)
    current: Array = column("A", "Current / A", "current i <i> currentdensity j", signed=True, areal=True)
    time: Array | None = column(
        "s", "Test Time / s", "time testtime t elapsedtime runtime totaltime", least=0, needed=False
    )
    segment: Array | None = column("1", "Segment / 1", "segment segmentnumber", needed=False, any_unit=True)
    area: float | None = None


@record("current transient", table="a transient", shown=("time", "voltage", "current"))
class CurrentTransient(Table):
    """Current in A against the time in s since a voltage was applied, and that voltage in V where the file says it.

    `temperature` is in K, where the file says it; `area` in m2, where it gives the current over an area: that of 1 cm2.

    Examples
    --------
    >>> transient = CurrentTransient([0.0, 1.0, 2.0], [2e-4, 1.5e-4, 1.4e-4], [0.01, 0.01, 0.01])
    >>> len(transient), transient.duration
    (3, 2.0)
    """

    time: Array = column("s", "Test Time / s", "time testtime t elapsedtime runtime totaltime", rising=True, least=0)
    current: Array = column("A", "Current / A", "current i <i> currentdensity j", signed=True, areal=True)
    voltage: Array | None = column("V", "Voltage / V", _VOLTAGE + " ewe <ewe>", signed=True, needed=False)
    temperature: float | None = None
    area: float | None = None

    @property
    def measured_voltage(self) -> Array:
        """The voltage; InputError where the file does not say it."""
        if self.voltage is None:
            name = self.source.name if self.source is not None else "The record"
            raise InputError(
                f"{name} holds no voltage.", "It is a current alone.", "Give the record with a column for its voltage."
            )
        return self.voltage

    def seen_as(self, kind: type[Record]) -> Record | None:
        """Return it as a cycling record without counts where its voltage is known."""
        if kind is not CyclingRecord or self.voltage is None:
            return super().seen_as(kind)
        facts = {"area": self.area, "metadata": self.metadata, "source": self.source}
        return CyclingRecord(self.time, self.voltage, self.current, **facts)

    @property
    def duration(self) -> float:
        """The time from the first to the last point in s."""
        return float(self.time[-1] - self.time[0])


@record("voltage transient", table="a transient")
class VoltageTransient(Table):
    """Voltage in V at open circuit against the time in s since a current was interrupted.

    `temperature` is in K, where the file says it.

    Examples
    --------
    >>> len(VoltageTransient([0.0, 60.0], [2e-3, 1e-3]))
    2
    """

    time: Array = column("s", "Test Time / s", "time testtime t elapsedtime runtime totaltime", rising=True, least=0)
    voltage: Array = column("V", "Voltage / V", _VOLTAGE + " ewe <ewe>", signed=True)
    temperature: float | None = None


@record(
    "cycling record",
    key="cycling",
    table="a cycler's channel",
    shown=("time", "voltage", "current", "cycle", "step", "charge"),
    told_by=("cycle", "step", "charge"),
)
class CyclingRecord(Table):
    """Voltage in V and current in A, positive when it charges, against time in s: of any programme of steps.

    `cycle` and `step` are the programme's counts, `charge` is the net one in A s, where the file says them; `area`
    as for a transient.

    Examples
    --------
    >>> len(CyclingRecord([0.0, 1.0], [3.0, 3.1], [1e-3, 1e-3], step=[1, 1]))
    2
    """

    time: Array = column("s", "Test Time / s", "time testtime t elapsedtime runtime totaltime", least=0)
    voltage: Array = column("V", "Voltage / V", _VOLTAGE + " ewe <ewe>", signed=True)
    current: Array = column("A", "Current / A", "current i <i> currentdensity j", signed=True, areal=True)
    cycle: Array | None = column(
        "1", "Cycle Count / 1", "cycle cyclecount cyclenumber cycleindex", needed=False, any_unit=True
    )
    step: Array | None = column("1", "Step Count / 1", "step stepcount stepindex ns", needed=False, any_unit=True)
    charge: Array | None = column(
        "A s", "Charge / A s", "charge netcharge netcapacity", signed=True, needed=False, areal=True
    )
    area: float | None = None

    def seen_as(self, kind: type[Record]) -> Record | None:
        """Return it as a transient of current where it is one cycle's, such as a rest and a polarisation."""
        if kind is not CurrentTransient or (self.cycle is not None and np.any(self.cycle != self.cycle[0])):
            return super().seen_as(kind)
        facts = {"area": self.area, "metadata": self.metadata, "source": self.source}
        return CurrentTransient(self.time, self.current, self.voltage, **facts)


@record("set of concentration cells", key="concentration-cell", table="concentration cells", at_top=True)
class ConcentrationCells(Table):
    """Voltage in V of cells against one reference concentration, and their concentration in mol/m3."""

    concentration: Array = column("mol/m3", "concentration / mol/m3", "concentration saltconcentration c", above=0)
    voltage: Array = column("V", "voltage / V", "voltage potential e u", signed=True)


@record("open-circuit curve", key="open-circuit", table="an open-circuit potential", at_top=True)
class OpenCircuitCurve(Table):
    """Potential in V against lithium at rest, and lithium content, or the fraction of the capacity discharged."""

    content: Array = column("1", "Lithium Content / 1", "stoichiometry lithiumcontent sto x")
    voltage: Array = column("V", "Voltage / V", _VOLTAGE + " ocv ocp", signed=True)


@record("polarisation curve", key="polarisation", table="steady currents", without="time", at_top=True)
class PolarisationCurve(Table):
    """Steady current in A at several voltages in V, in the order of the file; `area` as for a transient."""

    voltage: Array = column("V", "Voltage / V", _VOLTAGE, signed=True)
    current: Array = column("A", "Current / A", "current steadycurrent i currentdensity j", signed=True, areal=True)
    area: float | None = None


@record("powder pattern", key="diffraction", fewest=10)
class Pattern(Table):
    """Counts, in whatever unit, against the angle of diffraction 2 theta in degrees.

    Where the file says it: the `anode`; the `wavelength` of K-alpha1, or the only one, and that of K-alpha2, in
    angstrom, with the intensity of the second over the first; the goniometer's `radius` in m; `counted`, the time in s
    over which each count was taken, where `counts` are whole events.
    """

    two_theta: Array = column(
        "deg", "Two Theta / deg", "twotheta 2theta 2θ 2th tth angle", rising=True, above=0, below=180
    )
    counts: Array = column("1", "Counts / 1", "counts intensity cps countspersecond i", any_unit=True)
    anode: str | None = None
    wavelength: float | None = None
    second_wavelength: float | None = None
    second_ratio: float | None = None
    radius: float | None = None
    counted: float | None = None


@record("metal signal", key="metal", table="a signal of metal", told_by=("signal",))
class MetalSignal(Table):
    """Signal of the metal in a cell, in whatever unit, against time in s: of operando NMR or another count of it.

    Examples
    --------
    >>> len(MetalSignal([0.0, 300.0], [1.0, 1.1]))
    2
    """

    time: Array = column("s", "Test Time / s", "time testtime t elapsedtime", rising=True, least=0)
    signal: Array = column("1", "Metal Signal / 1", "metalsignal normintensity intensity", any_unit=True)
