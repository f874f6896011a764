"""What people type, what they mistype, and what comes back."""

import contextlib
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lamion.quantities import InputError, Quantity, parse, parse_positive
from lamion.quantities.formatting import format_quantity


@pytest.mark.parametrize(
    ("text", "unit", "si", "si_std"),
    [
        ("9 um", "m", 9e-6, 0),
        ("9um", "m", 9e-6, 0),
        ("9 µm", "m", 9e-6, 0),
        ("9 μm", "m", 9e-6, 0),
        ("2.01 cm2", "m2", 2.01e-4, 0),
        ("2.01 cm^2", "m2", 2.01e-4, 0),
        ("2.01 cm²", "m2", 2.01e-4, 0),
        ("5.62e-4 S/cm", "S/m", 5.62e-2, 0),
        ("5.62×10^-4 S cm-1", "S/m", 5.62e-2, 0),
        ("5.62 × 10⁻⁴ S cm⁻¹", "S/m", 5.62e-2, 0),
        ("25 degC", "K", 298.15, 0),
        ("25 °C", "K", 298.15, 0),
        ("298.15 K", "K", 298.15, 0),
        ("25.0 ± 0.5 degC", "K", 298.15, 0.5),
        ("25 ± 1 degreeC", "K", 298.15, 1),
        ("24.5 ohm cm2", "ohm m2", 2.45e-3, 0),
        ("24.5 Ω cm²", "ohm m2", 2.45e-3, 0),
        ("9 ± 0.3 um", "m", 9e-6, 0.3e-6),
        ("9 +/- 0.3 um", "m", 9e-6, 0.3e-6),
        ("(9 ± 0.3) um", "m", 9e-6, 0.3e-6),
        ("(5.6 ± 0.1)e-4 S/cm", "S/m", 5.6e-2, 1e-3),
        ("1.4(2) mV", "V", 1.4e-3, 0.2e-3),
        ("12(3) um", "m", 12e-6, 3e-6),
        ("1.5(2.5) um", "m", 1.5e-6, 2.5e-6),
        ("5.62(11)e-4 S/cm", "S/m", 5.62e-2, 1.1e-3),
        ("10 wt%", "1", 0.1, 0),
        ("0.3 ± 0.1 %", "1", 0.003, 0.001),
        ("0.78", "1", 0.78, 0),
        ("1.2 mA/cm2", "A/m2", 12.0, 0),
        ("7 mg cm-2", "kg/m2", 0.07, 0),
        ("157.8 mAh/g", "A s/kg", 157.8 * 3600, 0),
        ("2 mol/L", "mol/m3", 2000.0, 0),
        ("2 M", "mol/m3", 2000.0, 0),
        ("8.3 J/(mol K)", "J/mol/K", 8.3, 0),
        ("-0.5 V", "V", -0.5, 0),
    ],
)
def test_reads_what_people_type(text, unit, si, si_std):
    quantity = parse(text, unit)
    assert quantity.si == pytest.approx(si, rel=1e-12)
    assert quantity.si_std == pytest.approx(si_std, rel=1e-12, abs=0)


@pytest.mark.parametrize(
    ("text", "unit", "said"),
    [
        ("9", "m", "has no unit. A length is needed. Write it with its unit, for example '9 um'."),
        ("9 bananas", "m", "'bananas' is not a unit lamion knows"),
        ("25 C", "K", "could mean degrees Celsius or coulombs. Write 'degC'"),
        ("9 s", "m", "is a time, not a length. Give it in 'um'"),
        ("6.4 mV", "kg", "is a voltage, not a mass. Give it in 'mg'"),
        ("9,5 um", "m", "holds a comma, which is read neither as a decimal point nor as a separator"),
        ("nan um", "m", "is not a finite number"),
        ("inf um", "m", "is not a finite number"),
        ("1e999 um", "m", "larger than a number can be"),
        ("", "m", "It is empty. Write it like '9 um'."),
        ("um", "m", "A number comes first, then its unit."),
        ("9 ± -0.3 um", "m", "negative uncertainty"),
        ("-300 degC", "K", "below absolute zero"),
        ("5 J/mol K", "J/mol/K", "can be read in two ways; write brackets"),
        ("5 mV/degC", "V/K", "is written in K"),
        ("9**9**9 um", "m", "cannot be read"),
        ("9 __import__('os')", "m", "cannot be read"),
        ("1(2)(3) um", "m", "cannot be read"),
        ("9 um/", "m", "has an empty place beside '/'"),
        ("9 ± 3 % um", "m", "a percentage stands alone"),
        ("77 degF", "K", "a temperature is given in degC or K"),
        ("18 deg", "1", "is an angle or a level, not a plain number"),
    ],
)
def test_refuses_with_a_sentence_that_helps(text, unit, said):
    with pytest.raises(InputError) as caught:
        parse(text, unit, name="The thickness")
    assert said in str(caught.value)


@pytest.mark.parametrize("text", ["0 um", "-9 um"])
def test_positive_means_larger_than_zero(text):
    with pytest.raises(InputError, match="is not larger than zero"):
        parse_positive(text, "m")


@given(st.text(max_size=40))
def test_any_text_is_read_or_refused(text):
    with contextlib.suppress(InputError):
        assert math.isfinite(parse(text, "m").value)


values = st.floats(min_value=-1e12, max_value=1e12, allow_nan=False).filter(lambda x: x == 0 or abs(x) > 1e-12)


@given(values, st.floats(min_value=1e-3, max_value=0.3), st.sampled_from(["um", "S/cm", "ohm cm2", "mAh/g", "1"]))
def test_what_is_written_is_read_back(value, relative, unit):
    std = abs(value) * relative or 1.0
    quantity = Quantity(value, std, unit)
    back = parse(format_quantity(quantity), unit)
    assert back.value == pytest.approx(value, abs=0.06 * std)
    assert back.std == pytest.approx(std, rel=0.06)


@given(values)
def test_without_an_uncertainty_six_digits_are_kept(value):
    assert parse(format_quantity(Quantity(value, None, "V")), "V").value == pytest.approx(value, rel=1e-5)


def test_a_unit_that_is_one_over_another_follows_its_number():
    assert parse("740 ± 2 1/cm", "1/m").si == pytest.approx(74000.0)
    with pytest.raises(InputError):
        parse("7401/cm")
    with pytest.raises(InputError):
        parse("740 1/2")
