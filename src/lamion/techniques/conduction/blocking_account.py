"""How the resistance of a blocking cell was read, and what the reader should know of it, in words."""

from __future__ import annotations

from lamion.techniques.conduction.blocking_choice import BlockingChoice
from lamion.techniques.conduction.blocking_circuits import BlockingFit

_SMALL_RESISTANCE = 50.0


def method_of(choice: BlockingChoice) -> str:
    """Say how the resistance was read and why, one sentence.

    Parameters
    ----------
    choice : BlockingChoice
        What was chosen.
    """
    best, why = choice.best, _why(choice)
    electrolyte = [arc for arc in best.arcs if arc.is_electrolyte]
    if electrolyte:
        top = electrolyte[-1].top
        place = "in range" if top <= best.frequency[-1] else "above the range, so only its low-frequency side is seen"
        which = "the electrolyte's arc has its top" if len(electrolyte) == 1 else "the electrolyte's second arc"
        has = "" if len(electrolyte) == 1 else " (grain boundaries, as a rule) has its top"
        return f"arc end: {which}{has} at {top:.3g} Hz, {place}; {why}"
    if best.arcs:
        return f"spike extrapolation to Z''=0, before an arc whose capacitance is an electrode's; {why}"
    return f"spike extrapolation to Z''=0: no arc of the electrolyte shows; {why}"


def _why(choice: BlockingChoice) -> str:
    plausible = choice.plausible
    rejected = len(choice.tried) - len(plausible)
    why = f"{choice.best.circuit} has the smallest AICc of {len(plausible)} plausible circuits"
    if len(plausible) > 1:
        why += f", by {plausible[1].aicc - plausible[0].aicc:.1f} before {plausible[1].circuit}"
    if rejected:
        why += f"; {rejected} more gave parameters without physical sense"
    return why


def warnings_about(best: BlockingFit, *, leads_measured: bool, narrowed: bool) -> tuple[str, ...]:
    """Return what speaks for care, whole sentences.

    Parameters
    ----------
    best : BlockingFit
        The circuit chosen.
    leads_measured : bool
        Whether leads were subtracted.
    narrowed : bool
        Whether low frequencies were left out.
    """
    warnings = []
    if not leads_measured and best.resistance < _SMALL_RESISTANCE:
        low, high = 10.0 / best.resistance, 100.0 / best.resistance
        warnings.append(
            f"Leads and contacts were not measured; the 0.1 to 1 ohm they usually have would be {_two_digits(low)} to "
            f"{_two_digits(high)} % of the {best.resistance:.3g} ohm found. Give a short-circuit spectrum."
        )
    electrolyte = [arc for arc in best.arcs if arc.is_electrolyte]
    if electrolyte and electrolyte[-1].top > best.frequency[-1]:
        warnings.append(
            "The top of the arc lies above the highest frequency: its end rests on the assumed shape of the arc."
        )
    for arc in best.doubtful:
        owner = "electrolyte" if arc.is_electrolyte else "electrode"
        warnings.append(
            f"The arc of {arc.resistance:.3g} ohm was taken for the {owner}'s, but its capacitance, "
            f"{arc.capacitance_ratio:.2g} times smaller than the spike's, leaves that open; the uncertainty was "
            "widened for that."
        )
    if best.structured:
        warnings.append(
            f"The residuals keep a structure (correlation of neighbours {best.structure:.2f}): the circuit does "
            "not describe the cell within its noise, and the uncertainty was widened for that."
        )
    if narrowed:
        warnings.append(
            f"Frequencies below {best.frequency[0]:.3g} Hz were left out since the circuit does not describe them."
        )
    return tuple(warnings)


def _two_digits(percent: float) -> str:
    """Write a percentage with two digits and no exponent.

    Examples
    --------
    >>> _two_digits(124.8), _two_digits(1.72)
    ('120', '1.7')
    """
    return f"{float(f'{percent:.2g}'):g}"
