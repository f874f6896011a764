"""What a testing machine writes: load against depth under an indenter, force against elongation of a strip."""

from __future__ import annotations

from lamion.records.record import Array, Table, column, record

_TIME = "time testtime t timeonsample elapsedtime"


@record("indentation", table="an indentation", shown=("time", "depth", "load"), fewest=10)
class IndentationCurve(Table):
    """Load in N against depth in m, in the order of the file; `time` is in s where the file says it.

    `corrected` is True where the compliance of the machine's frame was taken off the depth already, False where it was
    not, None where the file is silent; `frame_stiffness` is the frame's in N/m. `area_function` holds the coefficients
    of h^2, h, h^(1/2), h^(1/4), ... of the probe's area against the depth of contact, in m2 over that power of m.
    `poisson` is the sample's ratio and `drift` the rate in m/s as the operator or the machine noted them; `drift_left`
    says whether it still is in the depth. `test` names the indent.

    Examples
    --------
    >>> len(IndentationCurve([1e-9 * n for n in range(12)], [1e-6 * n**2 for n in range(12)]))
    12
    """

    depth: Array = column("m", "Depth / m", "depth displacement displacementintosurface h penetration", signed=True)
    load: Array = column("N", "Load / N", "load loadonsample p normalload", signed=True)
    time: Array | None = column("s", "Test Time / s", _TIME, needed=False)
    frame_stiffness: float | None = None
    corrected: bool | None = None
    area_function: tuple[float, ...] | None = None
    poisson: float | None = None
    drift: float | None = None
    drift_left: bool | None = None
    test: str | None = None


@record("tensile curve", key="tensile", table="a tensile test", fewest=10)
class TensileCurve(Table):
    """Stress in Pa against strain, both as the file has them, in its order.

    Examples
    --------
    >>> len(TensileCurve([0.001 * n for n in range(12)], [1e6 * n for n in range(12)]))
    12
    """

    strain: Array = column("1", "Strain / 1", "strain engineeringstrain tensilestrain ε epsilon", signed=True)
    stress: Array = column("Pa", "Stress / Pa", "stress engineeringstress tensilestress", signed=True)


@record("elongation curve", key="elongation", table="a tensile test", fewest=10)
class ElongationCurve(Table):
    """Force in N against elongation in m of a strip, in the order of the file.

    Examples
    --------
    >>> len(ElongationCurve([1e-5 * n for n in range(12)], [0.1 * n for n in range(12)]))
    12
    """

    elongation: Array = column("m", "Elongation / m", "elongation extension crosshead crossheaddisplacement stroke",
                               signed=True)  # fmt: skip
    force: Array = column("N", "Force / N", "force tensileforce", signed=True)
