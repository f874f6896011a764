"""The limiting current of a film by itself, to hold against the current at which a cell failed."""

from __future__ import annotations

from lamion.models.transport.uniform_film import UniformFilm
from lamion.quantities import Answer, Quantity, propagate


def limiting_current(
    thickness: Quantity,
    conductivity: Quantity,
    transference: Quantity,
    concentration: Quantity,
    temperature: Quantity,
    diffusivity: Quantity | None = None,
    thermodynamic_factor: Quantity | None = None,
) -> Answer:
    r"""Compute the limiting current, :math:`2 F D c_0/[L (1 - t_+)]`.

    Parameters
    ----------
    thickness, conductivity, transference, concentration : Quantity
        Of the electrolyte; by Nernst and Einstein the concentration cancels, :math:`4 t_+ \sigma R T/(F L)`.
    temperature : Quantity
        Of the cell.
    diffusivity, thermodynamic_factor : Quantity, optional
        Of the salt; by default after Nernst and Einstein, and 1.

    Returns
    -------
    Answer
        ``limiting_current`` (mA/cm2), with the uncertainties of the inputs; none for a single-ion conductor.

    Examples
    --------
    >>> def q(value, unit): return Quantity(value, None, unit)
    >>> answer = limiting_current(q(9, "um"), q(5.62e-4, "S/cm"), q(0.78, "1"), q(2, "mol/L"), q(25, "degC"))
    >>> print(answer["limiting_current"])
    50.056 mA/cm2
    """
    if transference.value == 1:
        reason = "In a single-ion conductor no concentration changes: no current uses the salt up."
        return Answer(unreached={"limiting_current": "mA/cm2"}, reason=reason)
    given = {
        "thickness": thickness,
        "conductivity": conductivity,
        "transference": transference,
        "concentration": concentration,
        "temperature": temperature,
        "diffusivity": diffusivity,
        "thermodynamic_factor": thermodynamic_factor,
    }
    known = {name: quantity for name, quantity in given.items() if quantity is not None}

    def of_values(*values: float) -> float:
        return UniformFilm(**dict(zip(known, values, strict=True))).limiting_current

    found = propagate(of_values, *known.values(), unit="mA/cm2", source="uniform film")
    reason = (
        f"The salt at the plating electrode is used up in the end at and above {found}; lithium then grows as "
        "dendrites (Chazalviel 1990), one way to a short circuit."
    )
    unsure = ", ".join(f"{name} {quantity}" for name, quantity in known.items() if quantity.std)
    said = f"The uncertainty is that of {unsure}." if unsure else ""
    return Answer({"limiting_current": found}, reason=f"{reason} {said}".strip())
