"""Engines of the user's own: what they are told, and where one is installed, what it answers."""

import shutil

import numpy as np
import pytest

pytest.importorskip("tblite")

from ase import Atoms

from lamion.models.atomistic.energies.calculators import ENGINES, engine
from lamion.models.atomistic.energies.outside_engines import (
    check_converged,
    choose_pseudopotentials,
    identity,
    prepare,
    settings_of,
)
from lamion.models.atomistic.energies.relaxation import RelaxationSettings, relax
from lamion.models.atomistic.structure.molecules import species
from lamion.quantities import InputError
from lamion.substances.molecule import Molecule

OXYGEN = Molecule("oxygen", ("O", "O"), np.array([[0.0, 0, 0], [0, 0, 1.21]]), 0, 3)


_MISSING = {
    "gpaw": "No module named 'gpaw'",
    "espresso": "espresso",
    "cp2k": "no command 'cp2k.psmp -s'",
    "vasp": "ASE_VASP_COMMAND|VASP_PP_PATH|command",
}


def test_engines_that_are_not_there_say_so(monkeypatch):
    monkeypatch.setenv("PATH", "")
    water = species("h2o").conformers[0]
    for name in ("gpaw", "espresso", "cp2k", "vasp"):
        with pytest.raises(InputError, match=rf"{name} cannot be started: .*({_MISSING[name]})"):
            relax(water, RelaxationSettings(name))


def test_outside_engines_are_told_charge_and_spin():
    ion = Molecule("oxygen", OXYGEN.symbols, OXYGEN.positions, -1, 2)
    assert settings_of("gpaw", ion)["charge"] == -1
    assert settings_of("espresso", ion)["input_data"]["system"]["tot_magnetization"] == 1
    assert (settings_of("cp2k", ion)["uks"], settings_of("cp2k", ion)["multiplicity"]) == (True, 2)
    assert settings_of("vasp", OXYGEN)["nupdown"] == 2
    assert all("D" in engine(name).method or name == "gpaw" for name in ENGINES)
    with pytest.raises(InputError, match="NELECT"):
        settings_of("vasp", ion)


def test_isolated_molecules_get_a_box_and_crystals_keep_theirs():
    copper = Molecule("copper", ("Cu", "Cu", "H"), np.array([[0.0, 0, 0], [0, 0, 2.6], [3, 0, 0]]), 1, 3)
    alone = Atoms(copper.symbols, copper.positions)
    prepare("cp2k", alone, copper)
    assert alone.get_initial_magnetic_moments().tolist() == [1.0, 1.0, 0.0]
    assert np.allclose(np.diag(alone.cell), 13.0)
    assert np.allclose(alone.get_distance(0, 1), 2.6)
    crystal = Atoms(copper.symbols, copper.positions, cell=np.eye(3) * 9, pbc=True)
    prepare("cp2k", crystal, copper)
    assert np.allclose(np.diag(crystal.cell), 9.0)
    assert not alone.pbc.any()
    boxed = Atoms(copper.symbols, copper.positions)
    prepare("vasp", boxed, copper)
    assert boxed.pbc.all()
    assert np.allclose(np.diag(boxed.cell), 16.0)
    assert "WAVELET" in settings_of("cp2k", copper)["inp"]
    assert "POISSON" not in settings_of("cp2k", copper, True)["inp"]
    assert "assume_isolated" in settings_of("espresso", copper)["input_data"]["system"]
    assert "assume_isolated" not in settings_of("espresso", copper, True)["input_data"]["system"]


@pytest.mark.parametrize(
    ("symbols", "said"), [(["Zn"], "0 pseudopotentials of Zn"), (["O"], "2 pseudopotentials of O: O.a.UPF, o_b.upf")]
)
def test_pseudopotentials_that_are_missing_or_not_alone_are_refused(symbols, said):
    with pytest.raises(InputError, match=said):
        choose_pseudopotentials(symbols, ["Cu.pbe.UPF", "O.a.UPF", "o_b.upf", "Os.c.UPF"], "pseudo")


def test_kept_energies_know_the_pseudopotentials(tmp_path, monkeypatch):
    from ase.config import cfg

    keys = []
    for content in ("one", "two"):
        (tmp_path / "O.UPF").write_text(content)
        monkeypatch.setattr(cfg.parser, "get", lambda *_, **__: str(tmp_path))
        keys.append(identity("espresso", OXYGEN, False)["pseudopotentials"]["O"])
    assert keys[0] != keys[1]


def test_a_loose_scf_is_refused(tmp_path):
    (tmp_path / "cp2k.out").write_text(" *** SCF run NOT converged ***\n")
    with pytest.raises(RuntimeError, match="did not converge"):
        check_converged("cp2k", None, tmp_path)


@pytest.mark.slow
@pytest.mark.parametrize("name", ["cp2k", "espresso", "gpaw"])
def test_an_engine_that_is_installed_binds_the_water_dimer(name, water_dimer):
    """PBE-D3(BJ) -0.24 eV near the complete basis; PBE alone -0.22 eV."""
    if name == "cp2k" and shutil.which("cp2k.psmp") is None:
        pytest.skip("CP2K is not installed")
    whole, *parts = water_dimer
    settings = RelaxationSettings(name, steps=0)
    try:
        bound = relax(whole, settings).energy
    except InputError as error:
        if "cannot be started" in error.happened:
            pytest.skip(f"{name} is not installed")
        raise
    assert bound - sum(relax(part, settings).energy for part in parts) == pytest.approx(-0.24, abs=0.06)
