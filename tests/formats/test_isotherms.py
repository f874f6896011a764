"""Files of sorption instruments: AIF, JSON, BELSORP's text, made from a formula, damaged, and real ones."""

from __future__ import annotations

import json
import re
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.formats import instruments, spectrometers
from tests.formats.mutator import Seed

from lamion.formats import RawFile, read, read_raw
from lamion.formats.isotherms import MOLAR_VOLUME, formula_of, moles_per_kilogram
from lamion.quantities import FileFormatError
from lamion.records import Isotherm

RAISED = np.concatenate([np.geomspace(1e-5, 0.03, 12), np.linspace(0.06, 0.97, 16)])
LOWERED = RAISED[-2:12:-2] - 0.01
_TAKEN = 100.0 * np.log1p(300.0 * RAISED) ** 0.7
_GIVEN = 100.0 * np.log1p(300.0 * LOWERED) ** 0.7 + 3.0
VOLUMES = np.round(np.concatenate([_TAKEN, _GIVEN]), 3)
KPA = np.concatenate([RAISED, LOWERED]) * 101.3


def aif(**changed: str) -> str:
    said = {
        "_exptl_adsorptive": "N2", "_exptl_temperature": "77.30", "_adsnt_material_id": "'made up'",
        "_units_temperature": "K", "_units_pressure": "kPa", "_units_loading": "'ml(STP) g-1'",
    } | changed  # fmt: skip
    head = ["data_made_up", *(f"{tag} {value}" for tag, value in said.items()), ""]
    for branch, part in (("adsorp", slice(0, 28)), ("desorp", slice(28, None))):
        head += ["loop_", f"_{branch}_pressure", f"_{branch}_p0", f"_{branch}_amount"]
        head += [f"{p:.6g} 101.3 {v:.3f}" for p, v in zip(KPA[part], VOLUMES[part], strict=True)]
        head.append("")
    return "\n".join(head)


def as_json(**changed: object) -> str:
    points = [
        {"loading": round(float(v) / MOLAR_VOLUME, 5), "pressure": float(f"{p / 101.3:.6g}")}
        | ({"branch": "des"} if k >= 28 else {})
        for k, (p, v) in enumerate(zip(KPA, VOLUMES, strict=True))
    ]
    said = {
        "file_version": "3.0", "adsorbate": "nitrogen", "material": "made up", "material_basis": "mass",
        "material_unit": "g", "loading_basis": "molar", "loading_unit": "mmol", "pressure_mode": "relative",
        "temperature": 77.3, "temperature_unit": "K", "isotherm_data": points,
    }  # fmt: skip
    return json.dumps(said | changed, indent=1) + "\n"


def belsorp() -> str:
    rule = "=" * 20
    head = [
        rule,
        " Measurement condition",
        rule,
        '"Adsorptive:"\tN2',
        '"Meas. Temp./K:"\t77.30',
        '"Comment1:"\t"made up"',
    ]
    for name, part in (("Adsorption", slice(0, 28)), ("Desorption", slice(28, None))):
        head += [rule, f" {name} data", rule, '"No."\t"Pe/kPa"\t"P0/kPa"\t"Vd/ml"\t"V/ml(STP) g-1"']
        rows = zip(KPA[part], VOLUMES[part], strict=True)
        head += [f"{k}\t{p:.6g}\t101.3\t37.1\t{v:.3f}" for k, (p, v) in enumerate(rows, start=1)]
        head.append("0\t0\t0\t0\t0")
    return "\n".join(head) + "\n"


def _read(text: str):
    return read_raw(RawFile("a", text.encode()))


@pytest.mark.parametrize(
    ("text", "name"),
    [
        (aif(), "Adsorption information file (AIF)"),
        (as_json(), "isotherm in JSON (pyGAPS)"),
        (belsorp(), "BELSORP text (.DAT)"),
    ],
)
def test_each_format(text: str, name: str) -> None:
    content = _read(text)
    (record,) = content.records
    assert isinstance(record, Isotherm)
    assert (content.format, content.warnings) == (name, ())
    assert np.allclose(record.relative, KPA / 101.3, rtol=1e-5)
    assert np.allclose(record.loading, VOLUMES / MOLAR_VOLUME, rtol=1e-5, atol=1e-5)
    assert record.desorption.tolist() == [0.0] * 28 + [1.0] * len(LOWERED)
    assert (record.adsorbate, record.temperature) == ("N2", 77.3)
    if "JSON" not in name:
        assert record.saturation == pytest.approx(101_300.0)
        assert np.allclose(record.pressure, 1e3 * KPA, rtol=1e-5)


def test_units_and_names() -> None:
    assert moles_per_kilogram("cm\u00b3/g STP") == moles_per_kilogram("cm3(STP)/g") == 1.0 / MOLAR_VOLUME
    assert moles_per_kilogram("\u00b5mol/g") == 1e-3
    assert moles_per_kilogram("wt%") is None
    assert (formula_of("argon"), formula_of(" Nitrogen "), formula_of("xylene"), formula_of("")) == (
        "Ar",
        "N2",
        "xylene",
        None,
    )
    celsius = _read(aif(_exptl_temperature="-195.85", _units_temperature="C")).records[0]
    assert celsius.temperature == pytest.approx(77.3)


def _row(text: str, number: int) -> str:
    return [line for line in text.splitlines() if re.match(r"[\d.]", line)][number]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (aif(_units_loading="wt%"), "a unit for _units_loading"),
        (aif(_units_pressure="psi"), "a unit for _units_pressure"),
        (aif(_exptl_temperature="cold"), "a temperature in K or C"),
        (aif().replace("_units_pressure kPa\n", ""), "the tag _units_pressure"),
        (aif().replace(_row(aif(), 5), _row(aif(), 5) + " 7"), "3 numbers"),
        (aif().replace(_row(aif(), 5), _row(aif(), 5).replace(" 101.3", " n/a")), "a number under _adsorp_p0"),
        (aif().replace("_adsorp_amount", "_adsorp_dose"), "loops with _adsorp_amount"),
        (aif() + "_units_pressure Pa\n", "_units_pressure once"),
        (as_json(pressure_mode="absolute"), "an absolute pressure in a unit"),
        (as_json(loading_unit="mg"), "a unit of the loading"),
        (as_json(material_basis="volume"), "per mass"),
        (as_json(isotherm_data=[]), "a list of points"),
        (as_json(isotherm_data=[{"loading": 1.0, "presure": 2.0}] * 9), "a loading and a pressure"),
        (as_json(isotherm_data=[{"loading": "1.0", "pressure": 2.0}] * 9), "a number for the loading"),
        (as_json(isotherm_data=[{"loading": 1.0, "pressure": 2.0, "branch": "up"}] * 9), "a branch, ads or des"),
        (as_json(temperature="cold"), "a temperature in K"),
        (as_json().replace('"material": "made up"', '"material": "a", "material": "b"'), "every name once"),
        (as_json()[:-30], "well-formed JSON"),
        (as_json().replace('"loading": ', '"loading": NaN, "x": ', 1), "finite numbers"),
        (as_json().replace('"temperature": 77.3', f'"temperature": {"9" * 5000}'), "of a measurement"),
        (belsorp().replace('"V/ml(STP) g-1"', '"V/wt%"', 1), "a column 'V/'"),
        (belsorp().replace("\t101.3\t", "\t0\t", 1), "saturation pressures above zero"),
        (belsorp().replace(" Adsorption data", " Adsorption data\n Adsorption data\nx"), "a row below its headers"),
    ],
)
def test_refused(text: str, expected: str) -> None:
    with pytest.raises(FileFormatError, match=expected):
        _read(text)


def test_what_is_odd_is_said() -> None:
    lines = belsorp().splitlines()
    del lines[lines.index("0\t0\t0\t0\t0")]
    assert "row of zeros that ends a table is missing" in _read("\n".join(lines) + "\n").warnings[0]
    turned = aif().replace(_row(aif(), 20), _row(aif(), 4))
    assert any("turns back" in text for text in _read(turned).warnings)
    lost = aif().replace(_row(aif(), 20), _row(aif(), 20)[:-6] + ".0")
    assert _read(lost).warnings
    bare = aif().replace("_adsorp_p0", "_adsorp_time")
    assert "No saturation pressure" in _read(bare).warnings[0]
    nameless = aif().replace("_exptl_temperature 77.30\n", "")
    assert _read(nameless).warnings == ("The file does not say the temperature.",)


_TEXTS = {"aif": aif(), "json": as_json(), "belsorp": belsorp()}


@pytest.mark.parametrize("count", [300, pytest.param(3000, marks=pytest.mark.slow)])
@pytest.mark.parametrize("name", _TEXTS)
def test_mutants(name: str, count: int) -> None:
    seed = Seed(name, _TEXTS[name], "\t" if name == "belsorp" else " ")
    mutants = [
        *instruments.binary_mutants(seed, count // 2, spectrometers.same_text(seed.text)),
        *spectrometers.of_lines(seed.text, count // 2),
    ]
    # Two rows that change places between the branches may fit both: only where they lie is known of them.
    judge = spectrometers.judge(40, ends=True, uncounted=True, near=1.05)
    instruments.check(seed, mutants, judge, undetectable=0.6)


@settings(deadline=None)
@given(st.sampled_from(sorted(_TEXTS)).flatmap(lambda name: instruments.edits(Seed(name, _TEXTS[name], " "))))
def test_any_content(content: bytes) -> None:
    instruments.reads_or_refuses(content)


_REAL = {
    "MCM-41_N2_77K.json": (67, "N2", 77.355, 26),
    "NaY_N2_77K.json": (102, "N2", 77.355, 35),
    "SiO2_N2_77K.json": (42, "N2", 77.355, 15),
    "ar_test_77k.aif": (150, "Ar", 87.0, 52),
    "DUT-13-CH4-190K.DAT": (109, "CH4", 111.0, 54),
}


@pytest.mark.parametrize("name", _REAL)
def test_the_real_ones(real_data: Path, name: str) -> None:
    content = read(real_data / "sorption" / name)
    (record,) = content.records
    assert isinstance(record, Isotherm)
    assert content.warnings == ()
    assert (len(record), record.adsorbate, record.temperature, record.desorption.sum()) == _REAL[name]
