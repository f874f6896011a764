"""Answers kept beside a study are found by the hash of their inputs, and by nothing else."""

import json
from dataclasses import replace

import pytest

from lamion.formats import RawFile
from lamion.quantities import Answer, FigureData, InputError, Quantity
from lamion.store import Shipped, Store, shipped_entry, shipped_key
from lamion.tasks.simulate.adsorption import adsorption, stored_answer

OPTIONS = {"host": "paddlewheel", "adsorbate": "co"}


def _file(options=OPTIONS, change=lambda content: content):
    answer = Answer({"binding_energy": Quantity(-9.9, None, "eV")}, notes={"method": "a test's"})
    entry = shipped_entry(answer, "make it", {"engine": "1.0"})
    content = change({"answers": {shipped_key("adsorption", options): entry}})
    return RawFile("energies.json", json.dumps(content).encode())


def test_a_quick_run_shows_what_is_kept_and_says_so():
    found = adsorption(**OPTIONS, stored=_file(), quick=True)
    assert found.results["binding_energy"].value == -9.9
    assert "make it" in found.notes["stored"]


def test_other_inputs_are_not_answered_by_it():
    assert stored_answer(_file(), {**OPTIONS, "multiplicity": 1}) is None
    assert stored_answer(_file(), OPTIONS) is not None
    assert shipped_key("redox", OPTIONS) != shipped_key("adsorption", OPTIONS)
    assert shipped_key("adsorption", OPTIONS, 2) != shipped_key("adsorption", OPTIONS)


def test_a_damaged_file_is_an_error():
    def damage(content):
        next(iter(content["answers"].values()))["answer"]["results"]["binding_energy"]["value"] = -1.0
        return content

    with pytest.raises(InputError, match="does not match its own hash"):
        stored_answer(_file(change=damage), OPTIONS)
    with pytest.raises(InputError, match="cannot be read"):
        stored_answer(RawFile("a.json", b"[]"), OPTIONS)


def test_an_answer_comes_back_whole(tmp_path):
    """Results that have no value too, which a shipped answer once lost."""
    answer = Answer(
        {"voltage": Quantity(0.3, 0.01, "V", "a test", (0.2, 0.35))},
        {"Time / s": [0.0, 1.0, None]},
        {"verdict": "holds"},
        ("Odd.",),
        {"profile": FigureData("profile", "A profile", {"x": [1.0]})},
        {"depletion_time": "s"},
    )
    folder = Store(tmp_path / "kept")
    folder.put("a" * 64, answer)
    assert folder.get("a" * 64) == answer
    content = {"answers": {"key": shipped_entry(answer, "make it", {"engine": "1.0"})}}
    shipped = Store(Shipped("answers.json", json.dumps(content).encode()))
    found = shipped.get("key")
    assert found.unreached == {"depletion_time": "s"}
    assert replace(found, notes=answer.notes) == answer
    with pytest.raises(InputError, match="only read"):
        shipped.put("key", answer)


def test_density_functional_theory_is_never_run_within_a_study():
    with pytest.raises(InputError, match="takes hours"):
        adsorption(**OPTIONS, calculator="pbe-d3", stored=_file())


def test_the_packaged_file_has_every_energy_of_the_study():
    from importlib.resources import as_file, files

    from lamion.study.study_file import load_study

    with as_file(files("lamion") / "studies" / "lse_hfc") as folder:
        study = load_study(folder / "study.toml")
        raw = RawFile("energies.json", (folder / "energies.json").read_bytes())
    steps = [step for step in study.steps.values() if step.task.name == "simulate adsorption"]
    assert len(steps) >= 15
    for step in steps:
        options = {name: value for name, value in step.written().items() if name not in ("stored", "structures")}
        assert stored_answer(raw, options) is not None, step.id
