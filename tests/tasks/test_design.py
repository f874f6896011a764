"""What a measurement needs, asked by equation and by simulation."""

import numpy as np
import pytest
from tests.report.figure_contract import hold

from lamion.quantities import InputError, Quantity
from lamion.tasks.design.arrhenius import arrhenius
from lamion.tasks.design.conductivity import conductivity
from lamion.tasks.design.cycling import cycling
from lamion.tasks.design.impedance import impedance
from lamion.tasks.design.plating import plating
from lamion.tasks.design.spectrum import spectrum
from lamion.tasks.design.transference import transference
from lamion.tasks.design.window import window

FILM = {"conductivity": "5.62e-4 S/cm", "interface": "24.5 ohm cm2", "fraction": "0.78", "thickness": "60 um"}
RANGE = {"highest_frequency": "1e5 Hz", "lowest_frequency": "0.1 Hz", "noise": "1 %"}
ARC = {"circuit": "R0-p(R1,CPE1)", "parameter": "R1", "quick": True, **RANGE}
VALUES = {"R0": "0.66 ohm cm2", "CPE1.Q": "30 uS s^n/cm2", "CPE1.n": "0.85"}


def test_the_two_faces_of_the_transference_design_agree():
    """Where the errors are small the simulated scatter is what linear propagation says; so at the thickness needed."""
    said = transference(**FILM, resolution="0.05 %", resistance_uncertainty="0.05 %", current_uncertainty="0.05 %")
    assert said["simulated_fraction"].std == pytest.approx(said["uncertainty"].value, rel=0.03)
    needed = transference(**FILM, resolution="0.1 %", target="0.002")["thickness_needed"]
    at_it = {**FILM, "thickness": needed}
    again = transference(**at_it, resistance_uncertainty="0.1 %", current_uncertainty="0.1 %")
    assert again["simulated_fraction"].std == pytest.approx(0.002, rel=0.05)
    assert again.synthetic
    hold(again.figures["resolution"])
    bars, rounds = again.figures["resolution"].data["panels"][0]["traces"]
    counts = np.array(bars["high"])
    assert np.average(bars["at"], weights=counts) == pytest.approx(again["simulated_fraction"].value, rel=0.01)
    assert (rounds["low"], rounds["high"]) == pytest.approx((0.775, 0.785))


def test_without_uncertainties_nothing_is_simulated():
    said = transference(**FILM)
    assert not said.verdict
    assert not said.synthetic
    assert "simulated_fraction" not in said
    with pytest.raises(InputError, match="Only one of"):
        transference(**FILM, current_uncertainty="0.1 %")
    with pytest.raises(InputError, match="must be 1 or less"):
        transference(**{**FILM, "fraction": "1.2"})


def test_a_typed_number_has_the_rounding_of_its_digits():
    """0.78 leaves three units of 0.01, 0.7800 three of 0.0001; by the same measurement."""
    read = {"resistance_uncertainty": "0.1 %", "current_uncertainty": "0.1 %"}
    thick = {**FILM, "thickness": "200 um"}
    assert transference(**thick, **read).verdict == "resolvable"
    assert transference(**{**thick, "fraction": "0.7800"}, **read).verdict == "not resolvable"
    with pytest.raises(InputError, match="has no printed digits"):
        transference(**{**thick, "fraction": Quantity(0.78, None, "1")}, **read)


def test_a_seed_draws_the_same_cells_again():
    asked = {
        "conductivity": "5.62e-4 S/cm",
        "thickness": "9 ± 0.3 um",
        "area": "2.01 ± 0.02 cm2",
        "lead_uncertainty": "0.02 ohm",
        "quick": True,
        **RANGE,
    }
    one, same, other = (conductivity(**asked, seed=seed)["simulated_conductivity"].value for seed in (1, 1, 2))
    assert one == same != other
    budget = conductivity(**asked).notes["budget, relative"]
    assert budget["the thickness"] == pytest.approx(0.3 / 9, rel=0.5)


def test_two_digits_of_an_activation_energy_and_three():
    series = {"lowest": "20 degC", "highest": "80 degC", "points": 7, "noise": "2 %", "quick": True}
    series["temperature_uncertainty"] = "0.5 K"
    assert arrhenius("0.25 eV", **series).verdict == "resolvable"
    assert arrhenius("0.250 eV", **series).verdict == "not resolvable"
    with pytest.raises(InputError, match="from 3 to 1000"):
        arrhenius("0.25 eV", **{**series, "points": 2})


def test_values_with_units_are_those_in_si():
    typed = impedance(values=VALUES, resistance="24.5 ohm cm2", area_uncertainty="1 %", **ARC)
    plain = impedance(
        values={"R0": 6.6e-5, "CPE1.Q": 0.3, "CPE1.n": 0.85}, resistance="24.5 ohm cm2", area_uncertainty="1 %", **ARC
    )
    assert typed["simulated_resistance"].value == pytest.approx(plain["simulated_resistance"].value, rel=1e-9)
    assert typed.verdict == "resolvable"
    narrow = impedance(values=VALUES, resistance="24.50 ohm cm2", area_uncertainty="1 %", **ARC)
    assert narrow.verdict == "not resolvable"


def test_a_change_is_resolved_or_not_by_its_size():
    values = {**VALUES, "R1": "24.5 ohm cm2"}
    assert impedance(values=values, change="5 %", **ARC).verdict == "resolvable"
    assert impedance(values=values, change="0.1 %", **ARC).verdict == "not resolvable"


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"change": "5 %", "resistance": "24.5 ohm cm2"}, "either 'resistance' with 'area_uncertainty' or 'change'"),
        ({"resistance": "24.5 ohm cm2"}, "either 'resistance' with 'area_uncertainty' or 'change'"),
        ({"change": "5 %"}, "'R1' has no positive value, or is no parameter of R0-p(R1,CPE1)"),
        ({"change": "5 %", "values": {**VALUES, "R1": 1, "R7": 1}}, "'R7' has no positive value, or is no parameter"),
        ({"change": "5 %", "values": {**VALUES, "R1": "24.5 ohm"}}, "'R1' is a resistance, not an area-specific"),
        ({"change": "5 %", "values": {**VALUES, "R1": -1}}, "is not larger than zero"),
    ],
)
def test_what_an_impedance_design_cannot_mean(changes, said):
    with pytest.raises(InputError) as caught:
        impedance(**{"values": VALUES, **ARC, **changes})
    assert said in str(caught.value)


@pytest.mark.parametrize(
    ("of", "printed", "errors", "relative"),
    [
        ("efficiency", "0.999", {"current_offset": "0.05 %"}, 2 * 5e-4),
        ("efficiency", "0.999", {"current_gain": "1 %", "voltage_accuracy": "5 mV"}, 0.0),
        ("efficiency", "0.999", {"scatter": "0.2 %", "cycles": 100}, 2e-4),
        ("retention", "0.857", {"scatter": "0.2 %"}, np.sqrt(2) * 2e-3),
        ("retention", "0.857", {"current_gain": "1 %"}, 0.0),
        ("capacity", "147.3 mAh/g", {"mass_uncertainty": "1 %", "current_gain": "0.5 %"}, np.hypot(1e-2, 5e-3)),
    ],
)
def test_cycling_scatters_as_propagation_says(of, printed, errors, relative):
    """A gain cancels in every ratio, an offset counts twice in an efficiency, a constant voltage error not at all."""
    said = cycling(printed=printed, of=of, rate=0.2, **errors)
    assert said["relative_uncertainty"].value == pytest.approx(relative, rel=0.1, abs=2e-6)
    assert said.synthetic


def test_cycling_is_judged_by_its_digits():
    assert cycling(printed="0.857", of="retention", rate=0.5, scatter="0.1 %").verdict == "resolvable"
    assert cycling(printed="147.3 mAh/g", of="capacity", rate=0.2, mass_uncertainty="1 %").verdict == "not resolvable"
    with pytest.raises(InputError, match="No error of the measurement is given"):
        cycling(printed="0.857", of="retention", rate=0.5)


LINE = {"width": "1.6 eV", "step": "0.1 eV", "quick": True}


def test_a_lines_position_is_as_uncertain_as_the_cramer_rao_bound():
    """A Gaussian of n counts without background scatters by its standard deviation over the root of n."""
    said = spectrum(printed="531.0 eV", counts=1e4, **{**LINE, "quick": False})
    sigma = 1.6 / 2.355
    total = 1e4 * sigma * np.sqrt(2 * np.pi) / 0.1
    assert sigma / np.sqrt(total) < said["simulated_position"].std < 2.0 * sigma / np.sqrt(total)
    assert said["simulated_position"].value == pytest.approx(531.0, abs=0.001)
    assert said.synthetic
    assert said.verdict == "resolvable"
    for figure in said.figures.values():
        hold(figure)


def test_a_common_reference_counts_for_a_position_and_cancels_in_a_difference():
    wide = {"counts": 1e5, "reference_uncertainty": "0.5 eV", **LINE}
    alone = spectrum(printed="530.8 eV", **wide)
    assert alone.verdict == "not resolvable"
    assert alone["simulated_position"].std == pytest.approx(0.5, rel=0.2)
    both = spectrum(printed="530.8 eV", against="531.0 eV", **wide)
    assert both.verdict == "resolvable"
    assert both["simulated_position_difference"].std < 0.01
    assert both["simulated_position_difference"].value == pytest.approx(-0.2, abs=0.005)
    apart = spectrum(printed="530.8 eV", against="531.0 eV", scatter="0.1 eV", **wide)
    assert apart.verdict == "not resolvable"
    assert apart["smallest_difference"].value == pytest.approx(1.96 * 0.141, rel=0.25)


def test_a_share_of_overlapping_lines_needs_signal():
    bands = {"of": "share", "position": "740 1/cm, 745 1/cm", "line": 2, "width": "8 1/cm", "step": "0.5 1/cm"}
    faint = spectrum(printed="0.07", signal_to_noise=50, quick=True, **bands)
    assert faint.verdict == "not resolvable"
    strong = spectrum(printed="0.07", signal_to_noise=50, held="both", quick=True, **bands)
    assert strong["simulated_share"].std < faint["simulated_share"].std / 5
    assert strong["simulated_share"].value == pytest.approx(0.07, abs=0.01)
    apart = spectrum(printed="0.07", against="0.35", signal_to_noise=50, held="widths", quick=True, **bands)
    assert apart["simulated_share_difference"].value == pytest.approx(-0.28, abs=0.03)


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"counts": 1e4, "signal_to_noise": 10}, "not given once"),
        ({}, "not given once"),
        ({"counts": 1e4, "line": 2}, "no line 2"),
        ({"counts": 1e4, "against": "531.0 eV"}, "are equal"),
        ({"counts": 1e4, "of": "share"}, "positions of two lines"),
        ({"counts": 1e4, "step": "0.1 meV"}, "20 to 20,000"),
        ({"counts": 1e4, "position": "531 eV, 533 eV", "width": "1 eV, 1 eV, 1 eV"}, "3 widths"),
        ({"counts": 1e4, "scatter": "0.1 ppm"}, "measure different things"),
    ],
)
def test_a_spectrum_that_cannot_be_is_refused(options, said):
    with pytest.raises(InputError, match=said):
        spectrum(**{"printed": "531.0 eV", **LINE, **options})


@pytest.mark.parametrize(
    ("printed", "of", "errors", "std"),
    [
        ("187 mV", "polarisation", {"scatter": "2 %"}, 0.02 * 187),
        ("187 mV", "polarisation", {"current_gain": "1 %"}, 0.01 * 187),
        ("187 mV", "polarisation", {"voltage_repeatability": "2 mV"}, np.sqrt(2) * 2),
        ("187 mV", "polarisation", {"voltage_accuracy": "10 mV"}, 0.0),
        ("90", "life", {"left": "50 ± 5 %"}, 90 * 0.05 / 0.5),
    ],
)
def test_a_polarisation_and_a_life_scatter_as_propagation_says(printed, of, errors, std):
    """By hand: a constant error of the voltage cancels; an even fade to a half takes 90/0.5 cycles for all of it."""
    said = cycling(printed=printed, of=of, rate=0.2, **errors)
    assert said[f"simulated_{of}"].std == pytest.approx(std, rel=0.12, abs=0.25)


def test_a_difference_is_judged_instead_of_the_digits():
    """Alone 5 % of 187 mV are too much; of two cycles they are 13 mV, half of a difference of 27 mV and more."""
    read = {"of": "polarisation", "rate": 0.2, "scatter": "5 %"}
    assert cycling(printed="187 mV", **read).verdict == "not resolvable"
    assert cycling(printed="187 mV", against="140 mV", **read).verdict == "resolvable"
    assert cycling(printed="187 mV", against="170 mV", **read).verdict == "not resolvable"
    gain = {"of": "polarisation", "rate": 0.2, "current_gain": "5 %"}
    assert cycling(printed="187 mV", against="180 mV", **gain).verdict == "resolvable"


@pytest.mark.parametrize(("printed", "of"), [("187 mV", "capacity"), ("90", "polarisation"), ("1", "life")])
def test_a_number_of_another_kind_is_refused(printed, of):
    with pytest.raises(InputError, match=r"is no|is not from"):
        cycling(printed=printed, of=of, rate=0.2, scatter="1 %")


RISING = ["0.1 mA/cm2", "0.2 mA/cm2", "0.4 mA/cm2", "0.6 mA/cm2", "0.8 mA/cm2", "1 mA/cm2"]
TEST = {"half_cycle": "1 h", "sampling": "30 s", "quick": True}


def test_a_critical_current_is_as_uncertain_as_its_steps_are_wide():
    """By hand: 68.3 % of an even spread over 0.2 mA/cm2 is 0.068 to each side; of two digits three units are 0.03."""
    said = plating(printed="0.8 mA/cm2", of="shorted", currents=RISING, **TEST)
    assert said.verdict == "resolvable"
    assert said["uncertainty"].value == pytest.approx(0.068, abs=0.02)
    assert said["smallest_short"].value <= 0.25
    assert "from 0.6 to 0.8" in said.reason
    assert plating(printed="0.80 mA/cm2", of="shorted", currents=RISING, **TEST).verdict == "not resolvable"


def test_a_bound_is_judged_by_the_shorts_at_it():
    often = {**TEST, "half_cycles": 2}
    assert plating(printed="0.8 mA/cm2", of="held", currents=RISING, **often).verdict == "resolvable"
    rarely = {**TEST, "sampling": "180 s"}
    said = plating(printed="0.8 mA/cm2", of="held", currents=RISING, **rarely)
    assert said.verdict == "not resolvable"
    assert "is read where it is" in said.reason


def test_the_time_of_a_short_is_as_uncertain_as_its_fall():
    said = plating(printed="20 h", of="short_time", currents=["0.4 mA/cm2"], **TEST)
    assert said.verdict == "resolvable"
    assert 0 < said["uncertainty"].to("s").value < 120


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"printed": "8 h"}, "is no shorted"),
        ({"printed": "0.7 mA/cm2"}, "do not rise to"),
        ({"printed": "0.1 mA/cm2"}, "do not rise to"),
        ({"currents": RISING[::-1]}, "do not rise to"),
        ({"sampling": "600 s"}, "A half-cycle has 6 samples"),
        ({"sampling": "1 ms"}, "samples, the test"),
        ({"printed": "8 h", "of": "short_time"}, "several currents"),
    ],
)
def test_what_a_plating_design_cannot_mean(changes, said):
    with pytest.raises(InputError, match=said):
        plating(**{"printed": "0.8 mA/cm2", "of": "shorted", "currents": RISING, **TEST, **changes})


SWEEP = {"start": "3 V", "end": "6.5 V", "scan_rate": "1 mV/s", "resistance": "1 kohm cm2", "quick": True}


def test_an_onset_is_as_uncertain_as_its_rules_differ():
    """By hand: half and twice the threshold of a tenfold rise within 0.2 V are 0.06 V to each side."""
    steep, slow = (window(printed="4.8 V", slope=slope, **SWEEP) for slope in ("0.1 V", "0.6 V"))
    assert (steep.verdict, slow.verdict) == ("resolvable", "not resolvable")
    said = window(printed="4.8 V", slope="0.2 V", **{**SWEEP, "resistance": "10 ohm cm2", "noise": "1 nA/cm2"})
    assert said["spread.threshold"].value == pytest.approx(0.2 * np.log10(2), rel=0.2)
    assert window(printed="4.80 V", slope="0.2 V", **SWEEP).verdict == "not resolvable"
    with pytest.raises(InputError, match="not within the sweep"):
        window(printed="6.8 V", slope="0.2 V", **SWEEP)
