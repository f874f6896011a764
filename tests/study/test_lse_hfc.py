"""The built-in study: every claim has its verdict, and what the hand checks of the paper say comes out."""

import json
import re
from importlib.resources import files

import pytest

from lamion.cli.main import main
from lamion.study import results_schema
from lamion.study.study_file import load_study

SETTLED = {
    "symmetric.life_lse": "resolvable",
    "symmetric.life_lse_25c": "resolvable",
    "transport.window": "undecided",
    "transport.optimum_sn": "undecided",
    "symmetric.short_contrast": "resolvable",
    "symmetric.ccd_lse": "resolvable",
    "symmetric.ccd_contrast": "resolvable",
    "lfp.retention_600": "resolvable",
    "ncm.retention_150": "resolvable",
    "ncm.retention_200": "resolvable",
    "lfp.polarisation_first": "resolvable",
    "lfp.polarisation_300": "resolvable",
    "lfp.fade_contrast": "resolvable",
    "lfp.efficiency_25c": "not resolvable",
    "lfp.capacity_25c": "not resolvable",
    "lfp.rate_55c_back": "not resolvable",
    "ncm.capacity_55c": "not resolvable",
    "ncm.rate_back": "not resolvable",
    "ncm.pouch": "not resolvable",
    "recipe.sn_mass_fraction": "agrees",
    "recipe.lmf_mass_fraction": "not resolvable",
    "thermal.melting": "not resolvable",
    "recipe.cutcpp_batch": "holds",
    "recipe.eo_li": "input",
    "recipe.eo_sn": "input",
    "recipe.lidfob": "input",
    "recipe.contrast_sn": "input",
    "recipe.hvl_pan": "input",
    "recipe.hvl_sn": "input",
    "recipe.hvl_lidfob": "input",
    "sim.c0": "does not hold",
    "transport.sigma_ratio": "input",
    "transport.sigma_lse_25c": "not resolvable",
    "transport.sigma_hvl_25c": "not resolvable",
    "transport.contrast_composition": "shown",
    "transport.eis_range": "shown",
    "transport.ea_lse": "resolvable",
    "transport.arrhenius_break": "undecided",
    "transport.t_li_25c": "not resolvable",
    "transport.t_li_55c": "not resolvable",
    "transport.t_li_conditioning": "shown",
    "transport.eq5_resistance": "does not hold",
    "mechanics.modulus_lse": "resolvable",
    "mechanics.ratio_peo": "input",
    "mechanics.ratio_contrast": "input",
    "mechanics.eq2": "does not hold",
    "symmetric.rct_ratio": "input",
    "symmetric.rct_lse": "resolvable",
    "symmetric.rct_stable": "resolvable",
    "ncm.asr": "resolvable",
    "ncm.in_situ_eis": "resolvable",
    "ncm.rct_ten_cycles": "resolvable",
    "symmetric.lithium": "input",
    "cells.c_rate_lfp55": "holds",
    "cells.c_rate_lfp25": "holds",
    "cells.c_rate_ncm": "holds",
    "lfp.rate_55c_0.1C": "undecided",
    "lfp.rate_55c_0.2C": "undecided",
    "lfp.rate_55c_0.4C": "undecided",
    "lfp.rate_55c_0.6C": "undecided",
    "lfp.rate_55c_0.8C": "undecided",
    "lfp.rate_55c_1C": "undecided",
    "lfp.capacity_55c": "agrees",
    "lfp.capacity_1c_25c": "undecided",
    "lfp.capacity_1c_contrast": "undecided",
    "lfp.plateau": "agrees",
    "ncm.capacity": "undecided",
    "ncm.rate_0.1C": "undecided",
    "ncm.rate_0.2C": "undecided",
    "ncm.rate_0.4C": "undecided",
    "ncm.rate_0.6C": "undecided",
    "ncm.rate_0.8C": "undecided",
    "ncm.rate_1C": "undecided",
    "cells.electrolyte_controls": "shown",
    "sim.field_lse": "agrees",
    "sim.field_contrast": "disagrees",
    "sim.spread_grows": "agrees",
    "sim.steady_60s_lse": "holds",
    "sim.steady_60s_contrast": "does not hold",
    "symmetric.limiting_current": "undecided",
    "symmetric.linear": "agrees",
    "symmetric.overpotential_lse": "disagrees",
    "symmetric.overpotential_contrast": "undecided",
    "symmetric.voltage_budget": "does not hold",
    "mechanics.monroe_newman": "shown",
    "mechanics.load": "does not hold",
    "lfp.energy_density_55c": "undecided",
    "lfp.energy_density_25c": "undecided",
    "ncm.energy_density": "undecided",
    "ncm.energy_vs_thickness": "agrees",
    "cells.energy_triplet": "does not hold",
    "cells.catholyte": "shown",
    "cells.asr_lfp_ncm": "shown",
    "structure.xrd_peak": "agrees",
    "structure.d004": "agrees",
    "structure.micropore": "agrees",
    "structure.sheet_thickness": "resolvable",
    "structure.sheet_size_min": "resolvable",
    "structure.sheet_size_max": "resolvable",
    "structure.lse_thickness": "resolvable",
    "structure.hvl_thickness": "resolvable",
    "structure.roughness": "undecided",
    "mechanics.adhesion": "resolvable",
    "tem.cei": "resolvable",
    "adsorption.peo": "undecided",
    "adsorption.sn": "undecided",
    "xps.o1s_peo": "not resolvable",
    "xps.o1s_contrast": "not resolvable",
    "xps.o1s_lse": "resolvable",
    "xps.sei_lif_f1s": "resolvable",
    "xps.sei_bf_f1s": "resolvable",
    "xps.sei_bf_b1s": "resolvable",
    "xps.sei_bo_b1s": "resolvable",
    "raman.coordinated_lse": "resolvable",
    "raman.coordinated_contrast": "resolvable",
    "nmr.li7_sn": "resolvable",
    "nmr.li7_peo": "resolvable",
    "nmr.li7_interface": "resolvable",
    "nmr.c13_ch2o_psl": "resolvable",
    "nmr.c13_ch2o_lse": "resolvable",
    "nmr.c13_cn_psl": "not resolvable",
    "nmr.c13_cn_lse": "not resolvable",
    "ftir.band_1400": "resolvable",
    "ftir.band_1610": "resolvable",
}


@pytest.fixture(scope="module")
def reproduced(tmp_path_factory):
    out = tmp_path_factory.mktemp("reproduce") / "lse-hfc"
    assert main(["reproduce", "--quick", "--out", str(out), "--workers", "2"]) == 0
    return out


@pytest.fixture(scope="module")
def results(reproduced):
    return json.loads((reproduced / "results.json").read_text())


def test_every_claim_has_a_verdict_and_a_reason(results):
    assert len(results["claims"]) == 126
    assert all(claim["verdict"] and claim["reason"] for claim in results["claims"].values())


@pytest.mark.parametrize("claim", SETTLED)
def test_verdict(results, claim):
    assert results["claims"][claim]["verdict"] == SETTLED[claim]


def test_nothing_agrees_that_could_not_have_failed(results):
    found = [c for c in results["claims"].values() if c["verdict"] in ("agrees", "holds")]
    assert found
    assert all(claim["reach"] is None or claim["reach"] <= 0.5 for claim in found)


def test_a_rate_table_is_one_comparison_in_its_unknown(results):
    table = [name for name in results["claims"] if name.startswith("lfp.rate_55c_") and not name.endswith("_back")]
    rows = [results["claims"][name] for name in table if results["claims"][name]["step"]]
    assert {row["comparison"] for row in rows} == {"D/R2 of LFP at 55 degC"}
    assert len({row["computed"] for row in rows}) == len(rows) == 6


def test_all_three_tables_say_what_decides_them(results):
    reason = results["claims"]["cells.electrolyte_controls"]["reason"]
    assert "decided by active material in LFP at 55 degC; film and lithium in LFP at 25 degC, contrast" in reason


def test_the_optimum_of_the_mixture_is_open_as_its_bonds_are(results):
    claim = results["claims"]["transport.optimum_sn"]
    assert claim["step"] == "mixture.optimum"
    assert "The test could not have noticed a wrong number" in claim["reason"]


def test_the_structural_reading_asks_more_of_the_gallery_than_the_contrast_film_has(results):
    """By hand: 6.3 x 0.78/0.35 = 14.04 for the cation, 6.3 x 0.22/0.65 = 2.13 for the anion."""
    found = results["steps"]["laminate.structure"]
    assert found["results"]["cation_factor"]["value"] == pytest.approx(14.04)
    assert found["results"]["anion_factor"]["value"] == pytest.approx(2.132, abs=1e-3)
    assert found["results"]["least_gallery"]["value"] > 4
    assert any("cannot be reached with impermeable sheets" in text for text in found["warnings"])


def test_what_no_part_computes_is_said_to_be_not_computed(results):
    open_claims = {name for name, claim in results["claims"].items() if claim["verdict"] == "not computed"}
    assert open_claims == set(results["claims"]) - set(SETTLED)


@pytest.mark.parametrize(
    ("step", "result", "value", "tolerance"),
    [
        ("sigma.contrast", "value", 8.92e-5, 0.01e-5),
        ("modulus.peo", "value", 103.8, 0.1),
        ("modulus.contrast", "value", 87.3, 0.1),
        ("rct.contrast", "value", 284.2, 0.1),
        ("recipe.lse", "mass_fraction.sn", 0.1234, 0.0002),
        ("recipe.lse", "mass_fraction.peo", 0.271, 0.001),
        ("recipe.batch", "molar_ratio", 3.00, 0.01),
        ("recipe.comparison", "ratio.sn", 3.0, 0.05),
        ("one-c.lfp55", "specific_capacity", 170.0, 0.1),
        ("one-c.lfp25", "specific_capacity", 171.4, 0.1),
        ("fit.lfp55", "diffusion_rate", 1.17e-4, 0.06e-4),
        ("fit.lfp55", "rms.fitted", 1.1, 0.4),
        ("fit.ncm", "diffusion_rate", 3.3e-5, 0.15e-5),
        ("fit.ncm", "rms.fitted", 3.2, 0.3),
        ("depleted.contrast", "bare_film.t0.3.c2", 9.85, 0.1),
        ("depleted.contrast", "limiting_current", 0.321, 0.002),
        ("one-c.ncm", "specific_capacity", 185.7, 0.1),
        ("sigma.lse", "relative_uncertainty", 0.043, 0.015),
        ("sigma.layer", "value", 0.387, 0.001),
        ("sigma.layer-conductivity", "value", 3.9e-4, 0.05e-4),
        ("sigma.lse-55C", "conductivity", 1.37e-3, 0.005e-3),
        ("eis.range", "bulk_frequency", 1e8, 0.05e8),
        ("transference.conditioning", "fraction_if.steady_resistance_1_percent_higher", 0.886, 0.001),
        ("transference.conditioning", "fraction_if.initial_current_1_percent_lower", 0.908, 0.001),
        ("transference.equation", "with_electrolyte", 0.98, 0.005),
        ("sim.field-lse", "concentration_drop", 19.18, 0.01),
        ("sim.field-contrast", "concentration_drop", 384.5, 0.2),
        ("sim.field-contrast", "voltage", 33.36, 0.05),
        ("sim.spread", "spread.LSE-HFC.1C", 95.89, 0.05),
        ("sim.spread", "spread.PEO/SN/LiTFSI.1C", 1922.0, 1.0),
        ("sim.steady-lse", "longest_time_to_99_percent", 14.05, 0.05),
        ("sim.steady-contrast", "lowest_share", 0.123, 0.0006),
        ("symmetric.lse", "ohmic", 0.26, 0.005),
        ("symmetric.lse", "overpotential.lowest", 10.1, 0.05),
        ("symmetric.budget", "unexplained.LSE-HFC.cell", 31.9, 0.1),
        ("symmetric.budget", "unexplained.LSE-HFC.interface", 22.2, 0.1),
        ("energy.triplet", "matching", 0, 0),
        ("energy.triplet", "extra_mass.LFP|Li at 55 degC.LFP|Li at 25 degC", 0.916, 0.002),
        ("gap.lfp25", "resistance", 369, 1),
        ("punch.load", "pressure", 95.5, 0.1),
        ("punch.load", "depth", 9.9, 0.05),
        ("dendrites.modulus", "shear_modulus", 0.53, 0.005),
        ("contact.stripping", "stripped_depth", 1.94, 0.01),
    ],
)
def test_numbers_of_the_hand_checks(results, step, result, value, tolerance):
    assert results["steps"][step]["results"][result]["value"] == pytest.approx(value, abs=tolerance)


def test_the_precision_that_two_digits_would_need_is_printed(results):
    """By hand: d(fraction)/d(ln R_s) is about 9.3 there, so 0.005 needs 0.054 %."""
    assert "R_s must be known to 0.054 %" in results["claims"]["transport.t_li_conditioning"]["reason"]


def test_samples_and_cells_are_all_there():
    study = load_study(files("lamion") / "studies" / "lse_hfc" / "study.toml")
    samples = {subject.name for subject in study.subjects.values() if subject.kind == "sample"}
    assert samples >= {
        "CuTCPP",
        "LMF",
        "LSE-HFC",
        "LSE-HFC@HVL",
        "PEO/SN/LiTFSI",
        "PEO/LiTFSI",
        "PSL/LMF",
        "PL/LMF",
    }
    assert len([subject for subject in study.subjects.values() if subject.kind == "cell"]) == 5


def test_the_report_stands_alone(reproduced):
    page = (reproduced / "report.html").read_text()
    assert ">Properties</h2>" not in page, "every step belongs to a chapter"
    assert page.index("What does not stand") < page.index('id="chapter-1"') < page.index('id="samples"')
    assert "http://" not in page.replace("http://www.w3.org", "")
    assert 'src="/' not in page
    assert page.count("data:image/svg+xml") >= len(list((reproduced / "figures").glob("*.svg")))
    assert "synthetic" in page


def test_the_report_weighs_little_enough_to_be_sent(reproduced):
    assert (reproduced / "report.html").stat().st_size < 8e6


def test_the_report_opens_with_the_comparisons(reproduced):
    page = (reproduced / "report.html").read_text()
    drawn = re.findall(r'class="range ([\w-]+)" data-claims="([^"]+)"', page)
    assert {verdict for verdict, _ in drawn} >= {"agrees", "disagrees", "undecided", "resolvable", "not-resolvable"}
    assert len([names for _, names in drawn if names.startswith("lfp.rate_55c_0.1C|")]) == 1, "one unknown, one range"


def test_the_results_are_as_their_schema_says(results):
    jsonschema = pytest.importorskip("jsonschema", reason="jsonschema is not installed")
    jsonschema.Draft202012Validator(results_schema.schema()).validate(results)


def test_the_electrolyte_is_described_with_what_is_printed_and_what_is_synthetic(reproduced):
    graph = json.loads((reproduced / "electrolytes.jsonld").read_text())["@graph"]
    said = {one["name"]: {(p["@type"][0], p["provenance"]["value"]) for p in one["hasProperty"]} for one in graph}
    for kind in ("IonicConductivity", "IonTransportNumber", "ActivationEnergy"):
        assert {(kind, "printed"), (kind, "synthetic")} <= said["LSE-HFC"]
    assert not any(kind == "measured" for every in said.values() for _, kind in every), "no raw data were published"


def test_figures_come_with_their_data(reproduced):
    names = {path.stem for path in (reproduced / "figures").glob("*.svg")}
    assert names == {path.stem for path in (reproduced / "figures").glob("*.csv")}
    assert names == {path.stem for path in (reproduced / "figures").glob("*.json")}


def test_provenance_says_what_it_was_made_from(reproduced):
    provenance = json.loads((reproduced / "provenance.json").read_text())
    assert provenance["packages"]["numpy"]
    assert set(provenance["steps"]) == set(json.loads((reproduced / "results.json").read_text())["steps"])
    assert provenance["began"] < provenance["ended"] or provenance["began"] == provenance["ended"]


RESTS_ON_SIGMA = {
    "transport.sigma_lse_25c", "transport.sigma_ratio", "transport.t_li_25c", "transport.t_li_55c",
    "transport.eq5_resistance", "transport.eis_range", "transport.t_li_conditioning",
    "sim.field_lse", "sim.field_contrast", "sim.spread_grows", "sim.steady_60s_lse", "sim.steady_60s_contrast",
    "symmetric.overpotential_lse", "symmetric.overpotential_contrast", "symmetric.linear", "symmetric.voltage_budget",
    "symmetric.limiting_current",
    "lfp.capacity_55c", "lfp.rate_55c_0.1C", "lfp.rate_55c_0.2C", "lfp.rate_55c_0.4C", "lfp.rate_55c_0.6C",
    "lfp.rate_55c_0.8C", "lfp.rate_55c_1C", "lfp.capacity_1c_25c", "lfp.capacity_1c_contrast", "lfp.plateau",
    "cells.electrolyte_controls",
}  # fmt: skip
"""Claims that are judged by the conductivity of LSE-HFC, the contrast's among them, which the paper prints as a ratio.

By hand: films, symmetric cells and the LFP cells have that electrolyte. The NCM622 cells have the one with the layer,
whose conductivity is another printed number; recipe, structure, mechanics, spectra, energies and fading have none.
"""
FIGURES_OF_SIGMA = {
    "comparison.properties", "control.contrast", "control.lfp55", "depleted.contrast", "depleted.contrast-2M",
    "fit.lfp55", "laminate.structure", "plate-3", "plate-4", "plate-5", "rates.lfp25", "rates.lfp55",
    "sigma.contrast-55C", "sigma.lse", "sigma.lse-55C", "sim.field-contrast", "sim.field-lse", "sim.spread",
    "symmetric.budget", "symmetric.contrast", "symmetric.line", "symmetric.lse", "symmetric.staircase",
    "transference.25", "transference.55",
}  # fmt: skip
"""Steps and plates whose figures show what follows from it."""


def test_another_conductivity_changes_what_rests_on_it_and_nothing_else(reproduced, results, monkeypatch):
    from dataclasses import replace

    from lamion.report import run as report_run

    load = report_run.load_study

    def changed(*words, **options):
        study = load(*words, **options)
        claim = study.claims["transport.sigma_lse_25c"]
        other = replace(claim, printed="4.00e-4", value=4.00e-4)
        return replace(study, claims={**study.claims, claim.id: other})

    monkeypatch.setattr(report_run, "load_study", changed)
    again = report_run.run(None, out=reproduced.parent / "changed", quick=True, workers=2)
    found = json.loads((again.folder / "results.json").read_text())
    assert {name for name, claim in found["claims"].items() if claim != results["claims"][name]} == RESTS_ON_SIGMA
    tables = {path.name: path.read_bytes() for path in (reproduced / "figures").glob("*.csv")}
    others = {path.name: path.read_bytes() for path in (again.folder / "figures").glob("*.csv")}
    assert set(tables) == set(others)
    moved = [name for name in tables if tables[name] != others[name]]
    owners = sorted(found["steps"], key=len, reverse=True)
    own = {next((step for step in owners if name.startswith(f"{step}.")), name.removesuffix(".csv")) for name in moved}
    assert own == FIGURES_OF_SIGMA
