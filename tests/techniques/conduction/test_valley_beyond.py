"""An arc whose top lies above the range: a circuit without it reads less than the resistance, and is made to say so."""

from types import SimpleNamespace

import numpy as np
import pytest

from lamion.techniques.conduction.blocking_choice import BlockingSpectrum
from lamion.techniques.conduction.valley_beyond import valley_beyond

F = np.geomspace(1.0, 1e6, 45)
S = 2j * np.pi * F
SPIKE = 1 / (2e-4 * S**0.6)
BEGUN = BlockingSpectrum(F, 100 / (1 + S * 2e-8) + SPIKE)
"""100 ohm with its top at 8 MHz, eight times above the range."""


def circuit(resistance, *, correlated=True, electrolyte=False):
    """Return what counts of a fitted circuit."""
    return SimpleNamespace(
        resistance=resistance, correlated=correlated, arcs=(SimpleNamespace(is_electrolyte=electrolyte),)
    )


@pytest.mark.parametrize("read", [80.0, 90.0, 96.0])
def test_the_range_from_the_intercept_to_the_valley_holds_the_resistance(read):
    found = valley_beyond(circuit(read), BEGUN)
    assert read < 100 < read + 1.96 * found.apart
    assert f"{found.resistance:.3g} ohm" in found.warning


@pytest.mark.parametrize(
    ("best", "spectrum"),
    [
        (circuit(90.0, correlated=False), BEGUN),
        (circuit(90.0, electrolyte=True), BEGUN),
        (circuit(200.0), BEGUN),
        (circuit(90.0), BlockingSpectrum(F, 100 + SPIKE)),
    ],
    ids=["described", "has the arc", "reads more", "no arc begins"],
)
def test_what_needs_no_room_gets_none(best, spectrum):
    assert valley_beyond(best, spectrum) is None
