"""Laws of temperature and the electrolyte that models take."""

import math

import pytest

from lamion.quantities import InputError, Quantity
from lamion.substances import Arrhenius, Constant, Electrolyte, Film, Law, VogelTammannFulcher, as_law

ROOM = Quantity(25, None, "degC")
SIGMA = Quantity(5.62e-4, 1.1e-5, "S/cm", "a measurement")
BARRIER = Quantity(0.25, 0.01, "eV")


def test_arrhenius_against_the_hand_calculation():
    law = Arrhenius(SIGMA, ROOM, BARRIER)
    assert law.at(Quantity(55, None, "degC")).value == pytest.approx(1.37e-3, abs=0.005e-3)
    assert law.si(328.15) / law.si(298.15) == pytest.approx(2.43, abs=0.005)
    assert law.si(353.15) / law.si(293.15) == pytest.approx(5.37, abs=0.005)


def test_arrhenius_uncertainty():
    """By hand: u2(y)/y2 = u2(y0)/y02 + (u(E)/k (1/T - 1/T0))2, and at T0 only the first remains."""
    law = Arrhenius(SIGMA, ROOM, BARRIER)
    assert law.at(ROOM).std == pytest.approx(SIGMA.std)
    hot = law.at(Quantity(55, None, "degC"))
    energy = 0.01 / 8.617333e-5 * (1 / 328.15 - 1 / 298.15)
    assert hot.std / hot.value == pytest.approx(math.hypot(1.1e-5 / 5.62e-4, energy), rel=1e-4)
    assert (hot.unit, hot.source) == ("S/cm", "a measurement")


def test_a_molar_energy_is_the_same_energy():
    per_particle = Arrhenius(SIGMA, ROOM, Quantity(0.25, None, "eV"))
    molar = Arrhenius(SIGMA, ROOM, Quantity(24.121333, None, "kJ/mol"))
    assert molar.si(350) == pytest.approx(per_particle.si(350), rel=1e-6)


def test_the_prefactor_is_the_limit_of_high_temperature():
    law = Arrhenius(SIGMA, ROOM, BARRIER)
    assert law.prefactor.si == pytest.approx(law.si(1e12), rel=1e-6)
    assert law.prefactor.unit == "S/cm"


def test_vtf_is_arrhenius_with_a_vogel_temperature_of_zero():
    vtf = VogelTammannFulcher(SIGMA, ROOM, BARRIER, Quantity(0.0, None, "K"))
    assert vtf.si(330) == pytest.approx(Arrhenius(SIGMA, ROOM, BARRIER).si(330))


def test_vtf_bends():
    vtf = VogelTammannFulcher(SIGMA, ROOM, Quantity(0.09, None, "eV"), Quantity(190, None, "K"))
    cold, warm, hot = (math.log(vtf.si(1 / x)) for x in (1 / 300, (1 / 300 + 1 / 360) / 2, 1 / 360))
    assert warm > (cold + hot) / 2
    with pytest.raises(InputError, match="not above the Vogel temperature"):
        vtf.at(Quantity(180, None, "K"))


def test_an_electrolyte_at_a_temperature():
    film = Electrolyte(
        Arrhenius(SIGMA, ROOM, BARRIER),
        transference=Quantity(0.78, 0.02, "1"),
        concentration=Quantity(0.98, None, "mol/L"),
        density=Constant(Quantity(1.3, None, "g/cm3")),
        name="LSE",
    )
    state = film.at(Quantity(55, None, "degC"))
    assert state.conductivity.value == pytest.approx(1.368e-3, rel=1e-3)
    assert state.transference.value == 0.78
    assert state.density.value == 1.3
    assert state.diffusivity is None
    assert film.quantity("transference") == film.transference
    with pytest.raises(InputError, match="conductivity depends on temperature"):
        film.quantity("conductivity")
    with pytest.raises(InputError, match=r"diffusivity is not known\. Known are: conductivity, transference"):
        film.quantity("diffusivity", ROOM)


def test_what_is_a_law():
    assert isinstance(Arrhenius(SIGMA, ROOM, BARRIER), Law)
    assert as_law(SIGMA) == Constant(SIGMA)
    assert as_law(Constant(SIGMA)).si(300) == pytest.approx(0.0562)


@pytest.mark.parametrize(
    ("build", "words"),
    [
        (lambda: Electrolyte(Quantity(1, None, "S")), "is a conductance, not a conductivity"),
        (lambda: Film(Electrolyte(SIGMA), "0 um"), "thickness is 0 um, not from"),
        (lambda: Electrolyte(SIGMA, density="1.3"), "density '1.3' has no unit"),
        (lambda: Electrolyte.from_table({"colour": "red"}), "has no 'colour'"),
        (lambda: Electrolyte(Arrhenius(Quantity(1, None, "s"), ROOM, BARRIER)), "not a conductivity"),
        (lambda: Arrhenius(Quantity(-1, None, "S/cm"), ROOM, BARRIER), "not larger than zero"),
        (lambda: Arrhenius(SIGMA, Quantity(25, None, "s"), BARRIER), "is not a temperature"),
        (lambda: Arrhenius(SIGMA, Quantity(0, None, "K"), BARRIER), "not above absolute zero"),
        (lambda: Arrhenius(SIGMA, ROOM, Quantity(0.25, None, "V")), "is no energy"),
        (lambda: Arrhenius(SIGMA, ROOM, BARRIER).si(-1.0), "not above absolute zero"),
    ],
)
def test_refusals(build, words):
    with pytest.raises(InputError, match=words):
        build()


def test_a_negative_transference_number_is_allowed():
    assert Electrolyte(SIGMA, transference=Quantity(-0.2, None, "1")).at(ROOM).transference.value == -0.2
