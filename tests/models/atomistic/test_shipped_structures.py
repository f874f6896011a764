"""Relaxations that begin with a shipped structure: its energy is checked, and a wrong one is no beginning."""

import json
from dataclasses import replace

import numpy as np
import pytest

from lamion.models.atomistic.energies.relaxation import RelaxationSettings, relax
from lamion.models.atomistic.energies.shipped_structures import ShippedStructures, structures_json
from lamion.models.atomistic.structure.molecules import species
from lamion.quantities import InputError

pytest.importorskip("tblite")
WATER = species("h2o").conformers[0]
START = replace(WATER, positions=WATER.positions * np.array([1.06, 1.0, 1.0]))
SETTINGS = RelaxationSettings()


def _shipped():
    """Relax water and return it as a study would ship it, with what was found."""
    store = ShippedStructures("none.json", b'{"structures": {}}')
    found = relax(START, SETTINGS, store=store)
    assert (store.checked, len(store.afresh)) == (0, 1)
    assert "relaxed afresh" in store.said
    return structures_json(store.afresh), found


def test_a_shipped_structure_is_checked_and_not_relaxed_again():
    text, found = _shipped()
    store = ShippedStructures("water.json", text.encode())
    again = relax(START, SETTINGS, store=store)
    assert again.steps == 0 < found.steps
    assert again.energy == pytest.approx(found.energy, abs=1e-4)
    assert (store.checked, store.afresh) == (1, {})
    assert "came with the study and were checked by energy and gradient" in store.said


def test_another_energy_is_another_minimum_and_is_relaxed_afresh():
    text, found = _shipped()
    entries = json.loads(text)
    for one in entries["structures"].values():
        one["energy"] -= 0.01
    store = ShippedStructures("water.json", json.dumps(entries).encode())
    again = relax(START, SETTINGS, store=store)
    assert (store.checked, len(store.afresh)) == (0, 1)
    assert again.energy == found.energy


def test_a_moved_structure_goes_on_relaxing():
    text, found = _shipped()
    entries = json.loads(text)
    for one in entries["structures"].values():
        one["positions"][0][0] += 0.05
    store = ShippedStructures("water.json", json.dumps(entries).encode())
    again = relax(START, SETTINGS, store=store)
    assert again.steps > 0
    assert again.energy == pytest.approx(found.energy, abs=1e-3)


@pytest.mark.parametrize("content", [b"", b"[]", b'{"structures": {"a": {"positions": "x", "energy": 1}}}'])
def test_a_damaged_file_is_told(content):
    with pytest.raises(InputError, match="no relaxed structures that can be read"):
        ShippedStructures("water.json", content)


def test_a_study_run_afresh_names_no_structures():
    from importlib.resources import files
    from pathlib import Path

    from lamion.study.study_file import load_study

    study = load_study(Path(str(files("lamion") / "studies" / "lse_hfc")))
    named = [name for name, step in study.steps.items() if "structures" in step.options]
    assert len(named) > 10
    assert not any("structures" in step.options for step in study.afresh().steps.values())
