"""A powder pattern: distances of planes, sizes, strain, crystallinity, and a crystal against it."""

from __future__ import annotations

from lamion.quantities import Answer, Quantity
from lamion.records.measurements import Pattern
from lamion.techniques.diffraction.crystallinity import crystallinity
from lamion.techniques.diffraction.figure import pattern_figure
from lamion.techniques.diffraction.held import compared, matched_peaks
from lamion.techniques.diffraction.lines import fit_pattern, peaks_of
from lamion.techniques.diffraction.measured import Measured
from lamion.techniques.diffraction.radiation import radiation_of
from lamion.techniques.diffraction.reading import ReadPeak, scale_of
from lamion.techniques.diffraction.said import (
    HEADLINE,
    assumed,
    doubts_of,
    method_of,
    notes_of,
    of_beta,
    series_of,
)
from lamion.techniques.diffraction.sizes import sizes_of
from lamion.techniques.peaks.axes import curve_of


def diffraction(record: Pattern, measured: Measured | None = None) -> Answer:
    r"""Fit the peaks of a powder pattern, and say what they tell.

    .. math:: d = \frac{\lambda}{2 \sin\theta}, \qquad D = \frac{K\lambda}{\beta\cos\theta}, \qquad
        x_c = \frac{\sum A_\mathrm{peaks}}{\sum A_\mathrm{peaks} + \sum A_\mathrm{halos}}

    Parameters
    ----------
    record : Pattern
        Counts over two theta.
    measured : Measured
        What is known of it.

    Returns
    -------
    Answer
        Of each peak ``NAME.position`` and ``NAME.width`` (deg), ``NAME.area`` (counts times deg, of K-alpha1),
        ``NAME.d`` (angstrom) and its size: ``NAME.size`` (nm) with the instrument's width, else
        ``NAME.smallest_size``. ``size`` and ``strain`` of three peaks or more; ``crystallinity`` with halos; with a
        crystal ``explained_fraction``, ``lotgering_factor`` and ``march_parameter``. Positions and distances hold the
        scale's uncertainty (zero and displacement, from a standard where one is named), sizes the instrument's width,
        the way it is taken off, and Scherrer's constant.

    Raises
    ------
    InputError
        When no peak is there, a standard's lines are not, or what is said contradicts itself.

    Notes
    -----
    Areas are of peaks above a baseline: no correction for absorption, roughness or a beam that the sample does not
    catch. A crystallinity by area is apparent, since crystal and halo are weighed by what they scatter in this range.

    References
    ----------
    H. P. Klug, L. E. Alexander, X-Ray Diffraction Procedures, 2nd ed., Wiley 1974; P. Scherrer, Nachr. Ges. Wiss.
    Göttingen (1918) 98; G. K. Williamson, W. H. Hall, Acta Metall. 1 (1953) 22, doi:10.1016/0001-6160(53)90006-6.

    Examples
    --------
    >>> import numpy as np
    >>> x = np.arange(15.0, 25.0, 0.02)
    >>> line = lambda at, height: height * np.exp(-4 * np.log(2) * ((x - at) / 0.3) ** 2)
    >>> y = np.random.default_rng(1).poisson(100 + line(19.1, 900) + line(19.15, 450)).astype(float)
    >>> answer = diffraction(Pattern(x, y, anode="Cu"))
    >>> round(answer["peak1.d"].value, 2), round(answer["peak1.smallest_size"].value)
    (4.64, 27)
    """
    measured = measured or Measured()
    radiation = radiation_of(record, measured.radiation, measured.ratio)
    part = curve_of(record).within(measured.choice.low, measured.choice.high)
    fitted = fit_pattern(part, measured.choice, measured.halos, radiation)
    peaks = list(peaks_of(fitted))
    scale, odd = scale_of(record, measured, radiation, peaks)
    read = [ReadPeak.of(peak, scale, radiation) for peak in peaks]
    sizes = sizes_of(read, measured, radiation)
    results: dict[str, Quantity] = {}
    for one in read:
        results |= one.results() | sizes.of_peak.get(one.peak.name, {})
    results = crystallinity(fitted) | sizes.together | results
    matched = matched_peaks(read, measured, radiation, part)
    held, marks, said = compared(matched, read)
    return Answer(
        held | results,
        series_of(read, results, matched),
        notes_of(radiation, scale, measured, fitted),
        (*odd, *said, *sizes.warnings, *of_beta(read, radiation), *doubts_of(fitted)),
        {"pattern": pattern_figure(part, fitted, "Peaks of the pattern", marks)},
        unreached=sizes.unreached,
        method=method_of(fitted, peaks, radiation),
        assumptions=assumed(radiation, scale, measured),
        headline=HEADLINE,
    )
