"""The results folder as a crate, and its electrolyte in BattINFO's terms: what is said there is so."""

import hashlib
import json
from datetime import date

import pytest

from lamion.quantities import Quantity
from lamion.report.electrolyte_terms import CONTEXT, TERMS
from lamion.report.electrolytes import _in_unit, doi_of

VALUES = ("@id", "@type", "hasNumericalValue", "name", "description", "value")


@pytest.fixture(scope="module")
def crate(folder):
    return folder.json("ro-crate-metadata.json")


@pytest.fixture(scope="module")
def entities(crate):
    return {entity["@id"]: entity for entity in crate["@graph"]}


def _references(value):
    if isinstance(value, dict):
        if set(value) == {"@id"}:
            yield value["@id"]
        else:
            for item in value.values():
                yield from _references(item)
    elif isinstance(value, list):
        for item in value:
            yield from _references(item)


def test_it_is_a_crate_of_its_folder(crate, entities):
    assert crate["@context"][0] == "https://w3id.org/ro/crate/1.1/context"
    assert len(entities) == len(crate["@graph"]), "each thing is described once"
    assert entities["ro-crate-metadata.json"]["about"] == {"@id": "./"}
    root = entities["./"]
    assert root["@type"] == "Dataset"
    assert date.fromisoformat(root["datePublished"])
    assert root["license"] == {"@id": "https://creativecommons.org/licenses/by/4.0/"}
    assert root["citation"] == {"@id": "https://doi.org/10.1234/test.5"}


def test_what_is_referred_to_is_described(crate, entities):
    elsewhere = {"https://w3id.org/ro/crate/1.1", "https://creativecommons.org/licenses/by/4.0/"}
    assert set(_references(crate["@graph"])) - set(entities) == elsewhere


def test_every_file_of_the_folder_is_in_it_with_its_hash(folder, entities):
    found = {path.relative_to(folder.path).as_posix() for path in folder.path.rglob("*") if path.is_file()}
    parts = {part["@id"] for part in entities["./"]["hasPart"]}
    assert found - {"ro-crate-metadata.json"} == {part for part in parts if not part.startswith("ni:")}
    for name in found - {"ro-crate-metadata.json", "provenance.json"}:
        content = (folder.path / name).read_bytes()
        assert entities[name]["sha256"] == hashlib.sha256(content).hexdigest()
        assert entities[name]["contentSize"] == str(len(content))


def test_a_step_is_an_action_with_what_it_took_and_gave(entities):
    action = entities["#step-line"]
    taken = [entities[one["@id"]] for one in action["object"]]
    assert {one["name"] for one in taken if one["@type"] == "File"} == {"line.csv"}
    assert action["instrument"] == {"@id": "#lamion"}
    assert {"@id": "results.json#/steps/line"} in action["result"]
    assert {one["@id"] for one in action["result"]} & {"figures/line.arrhenius.svg"}
    assert {"@id": "results.json#/steps/line"} in [*_pairs(entities["#step-sum"]["object"])]


def _pairs(linked):
    return linked if isinstance(linked, list) else [linked]


def test_a_failed_step_failed_there_too(entities):
    assert entities["#step-broken"]["actionStatus"].endswith("FailedActionStatus")
    assert entities["#step-broken"]["error"]
    assert entities["#step-made"]["actionStatus"].endswith("CompletedActionStatus")


def test_a_study_that_states_neither_license_nor_paper_gets_none_invented(bare):
    root = next(one for one in bare.json("ro-crate-metadata.json")["@graph"] if one["@id"] == "./")
    assert root["license"] == "The study states no license."
    assert "citation" not in root
    assert not (bare.path / "electrolytes.jsonld").exists()


def test_the_electrolyte_holds_the_number_with_its_unit_its_deviation_and_where_it_comes_from(folder):
    results = folder.json("results.json")["steps"]["line"]["results"]
    (film,) = folder.json("electrolytes.jsonld")["@graph"]
    assert (film["@type"], film["name"]) == ("Electrolyte", "film")
    by_class = {(one["@type"][0], one["provenance"]["value"]): one for one in film["hasProperty"]}
    assert set(by_class) == {
        ("IonicConductivity", "measured"),
        ("ActivationEnergy", "measured"),
        ("ActivationEnergy", "printed"),
    }
    sigma, energy = by_class["IonicConductivity", "measured"], by_class["ActivationEnergy", "measured"]
    assert sigma["hasNumericalPart"]["hasNumericalValue"] == pytest.approx(100 * results["conductivity"]["value"])
    assert sigma["hasMeasurementUnit"] == "SiemensPerMetre"
    assert sigma["hasMeasurementParameter"]["hasNumericalPart"]["hasNumericalValue"] == 298.15
    assert energy["hasNumericalPart"]["hasNumericalValue"] == pytest.approx(
        96485.33 * results["activation_energy"]["value"], rel=1e-6
    )
    assert "MeasuredProperty" in energy["@type"]
    deviation = energy["hasMetrologicalUncertainty"]["hasNumericalPart"]["hasNumericalValue"]
    assert deviation == pytest.approx(96485.33 * results["activation_energy"]["uncertainty"], rel=1e-6)
    printed = by_class["ActivationEnergy", "printed"]
    assert printed["@type"] == ["ActivationEnergy"], "what is printed is said neither measured nor modelled"


def test_each_word_of_the_description_is_in_its_own_context(folder):
    document = folder.json("electrolytes.jsonld")
    assert document["@context"] == CONTEXT
    used = set(_words(document["@graph"]))
    assert used <= set(CONTEXT) | {word for word in VALUES if word.startswith("@")}
    assert {term.name for term in TERMS} | {term.unit_name for term in TERMS} <= set(CONTEXT)


def _words(value):
    if isinstance(value, list):
        for item in value:
            yield from _words(item)
    elif isinstance(value, dict):
        for key, item in value.items():
            yield key
            if key in ("@type", "hasMeasurementUnit"):
                yield from [item] if isinstance(item, str) else item
            elif not isinstance(item, str):
                yield from _words(item)


def test_json_ld_reads_every_word_as_an_address(folder):
    jsonld = pytest.importorskip("pyld.jsonld", reason="PyLD is not installed")
    document = folder.json("electrolytes.jsonld")
    lines = jsonld.to_rdf(document, {"format": "application/n-quads", "base": "https://example.org/"}).splitlines()
    assert any("electrochemistry_d7f8cab9_b035_4ecd_be63_292672572526" in line for line in lines)
    assert any("EMMO_662c64e7_fc72_49b3_a161_f50fd42deafa" in line for line in lines)
    assert len(jsonld.expand(document, {"base": "https://example.org/"})) == len(document["@graph"])


def test_the_same_results_describe_themselves_alike(folder):
    again = json.dumps(folder.json("electrolytes.jsonld"), indent=1, ensure_ascii=False) + "\n"
    assert again == folder.text("electrolytes.jsonld")


@pytest.mark.parametrize(
    ("reference", "address"),
    [
        ("Guo et al., doi:10.1002/advs.202404307", "https://doi.org/10.1002/advs.202404307"),
        ("see https://doi.org/10.1021/acs.5c01 (2025).", "https://doi.org/10.1021/acs.5c01"),
        ("Smith 1999, pp. 10.5", ""),
        ("", ""),
    ],
)
def test_a_paper_is_named_by_its_doi_or_not_at_all(reference, address):
    assert doi_of(reference) == address


def test_an_energy_of_an_ion_becomes_that_of_a_mole():
    found = _in_unit(Quantity(1.0, 0.1, "eV"), TERMS[2])
    assert (found.value, found.std) == pytest.approx((96485.33, 9648.533), rel=1e-6)
