"""Spectra at several temperatures to conductivities, ready for an activation energy."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from lamion.quantities import Answer, InputError, Quantity
from lamion.records.impedance import ImpedanceSpectrum
from lamion.records.measurements import ConductivitySeries
from lamion.techniques.conduction.conductivity import conductivity


@dataclass(frozen=True)
class SeriesFromSpectra:
    """Conductivities, and the answers they come from.

    Parameters
    ----------
    series : ConductivitySeries
        Sorted as the spectra were.
    answers : tuple of Answer
        One per spectrum.
    names : tuple of str
        Of the spectra: the file of each, and its cycle where that holds several.
    """

    series: ConductivitySeries
    answers: tuple[Answer, ...]
    names: tuple[str, ...]

    @property
    def warnings(self) -> tuple[str, ...]:
        """What is said of each spectrum, with its name."""
        each = zip(self.names, self.answers, strict=True)
        return tuple(f"{name}: {text}" for name, answer in each for text in answer.warnings)


def conductivity_series(
    spectra: Sequence[ImpedanceSpectrum], temperatures: Sequence[Quantity], thickness: Quantity, area: Quantity
) -> SeriesFromSpectra:
    r"""Find the conductivity at each temperature.

    .. math:: \sigma_i = L / (R_i A)

    Parameters
    ----------
    spectra : sequence of ImpedanceSpectrum
        Of one blocking cell, one per temperature.
    temperatures : sequence of Quantity
        One per spectrum.
    thickness, area : Quantity
        Of the electrolyte and of one electrode, at every temperature the same.

    Returns
    -------
    SeriesFromSpectra
        Its uncertainties are those of the resistances alone: what all temperatures share, such as the thickness,
        moves no activation energy.

    Raises
    ------
    InputError
        When the numbers differ, or as :func:`~lamion.techniques.conduction.conductivity.conductivity`.

    Examples
    --------
    >>> f = np.geomspace(1e5, 0.1, 61)
    >>> cells = [ImpedanceSpectrum(f, R + 1 / (1e-5 * (2j * np.pi * f) ** 0.9)) for R in (500.0, 250.0)]
    >>> found = conductivity_series(cells, [Quantity(25, None, "degC"), Quantity(40, None, "degC")],
    ...                             Quantity(1.0, None, "mm"), Quantity(2.0, None, "cm2"))
    >>> found.series.conductivity.round(5)
    array([0.01, 0.02])
    """
    if len(spectra) != len(temperatures):
        raise InputError(
            f"{len(spectra)} spectra and {len(temperatures)} temperatures were given.",
            "Each spectrum needs its temperature.",
            "Give as many temperatures as files, in the same order.",
        )
    answers = tuple(conductivity([spectrum], thickness, area) for spectrum in spectra)
    resistances = [answer.results["resistance"] for answer in answers]
    sigma = np.array([thickness.si / (area.si * R.si) for R in resistances])
    relative = np.array([R.si_std / R.si for R in resistances])
    return SeriesFromSpectra(
        ConductivitySeries([T.si for T in temperatures], sigma, np.maximum(relative, 1e-6) * sigma),
        answers,
        tuple(spectrum.name or f"spectrum {number}" for number, spectrum in enumerate(spectra, 1)),
    )
