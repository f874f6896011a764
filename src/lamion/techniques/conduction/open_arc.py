r"""What a spectrum whose arc does not close says of the conductivity: a bound.

.. math:: R > |Z(f_\mathrm{min})|, \qquad \sigma < \frac{L}{A\,|Z(f_\mathrm{min})|}

An arc, depressed or not, lies within abs Z < R at every frequency.
"""

from __future__ import annotations

from lamion.quantities import Answer, FigureData, Quantity
from lamion.quantities.level import LEVEL_95, coverage_factor
from lamion.techniques.conduction.plain_reading import OpenArcError


def bounded(
    open_: OpenArcError, factor: float | None, geometry: float, source: str, figure: FigureData, name: str
) -> Answer:
    """Return the bounds of resistance and conductivity.

    Parameters
    ----------
    open_ : OpenArcError
        What the resistance is larger than, and why no reading of it exists.
    factor : float or None
        Thickness over area, 1/cm; None where either is unknown.
    geometry : float
        Relative standard uncertainty of `factor`.
    source : str
        Of the numbers.
    figure : FigureData
        The spectrum.
    name : str
        Of the spectrum.

    Returns
    -------
    Answer
        ``resistance`` with an interval open above, and with a `factor` ``conductivity`` with one open below.
    """
    least = open_.at_least
    results = {"resistance": Quantity(least, None, "ohm", source, (least, None), (least, None))}
    if factor is not None:
        most = factor / least * (1.0 + coverage_factor(LEVEL_95) * geometry)
        results["conductivity"] = Quantity(most, None, "S/cm", source, (None, most), (0.0, most))
    return Answer(
        results=results,
        series={"File": [name], "Lowest Resistance / ohm": [least]},
        warnings=[f"{open_.happened} {open_.remedy}"],
        reason="The arc does not close: the resistance is larger than abs(Z) at the lowest frequency, and these are "
        "bounds.",
        figures={"nyquist": figure},
        synthetic="synthetic" in source,
        headline=("conductivity", "resistance"),
    )
