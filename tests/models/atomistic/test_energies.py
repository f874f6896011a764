"""Energies against S22, gas-phase measurements and hand-computed adsorption energies; what fails says why."""

import numpy as np
import pytest

pytest.importorskip("tblite")

from lamion.models.atomistic.energies import calculators
from lamion.models.atomistic.energies.adsorption import Search, binding_energy, binding_energy_raw
from lamion.models.atomistic.energies.adsorption_table import CASES, AdsorptionCase, adsorption_table
from lamion.models.atomistic.energies.calculators import Engine
from lamion.models.atomistic.energies.coordination import EXCHANGES, MEASURED, lithium_coordination, parse_shells, shell
from lamion.models.atomistic.energies.hosts import HOSTS, host, own_host
from lamion.models.atomistic.energies.placement import starts
from lamion.models.atomistic.energies.redox import frontier, redox_levels
from lamion.models.atomistic.energies.relaxation import RelaxationSettings, relax
from lamion.models.atomistic.structure.bonding import changed_bonds
from lamion.models.atomistic.structure.molecules import SPECIES, own_species, species
from lamion.quantities import InputError
from lamion.store import Store
from lamion.substances.molecule import Molecule

KCAL = 0.0433641


def _energy(molecule):
    return relax(molecule, RelaxationSettings(steps=0)).energy


def test_the_engine_on_s22():
    """Jurecka's 22 dimers as ASE ships them: 0.78 kcal/mol mean absolute error, the largest 1.95."""
    from ase.data.s22 import create_s22_system, get_interaction_energy_s22, get_number_of_dimer_atoms, s22

    errors = []
    for name in s22:
        atoms = create_s22_system(name)
        symbols, places = atoms.get_chemical_symbols(), atoms.positions
        first = get_number_of_dimer_atoms(name)[0]
        parts = [slice(None), slice(None, first), slice(first, None)]
        whole, one, other = (_energy(Molecule(name, tuple(symbols[part]), places[part])) for part in parts)
        errors.append((whole - one - other - get_interaction_energy_s22(name)) / KCAL)
    assert np.mean(np.abs(errors)) == pytest.approx(0.78, abs=0.05)
    assert np.max(np.abs(errors)) == pytest.approx(1.95, abs=0.1)


@pytest.mark.parametrize(
    ("guest", "conformer", "multiplicity", "calculator", "expected"),
    [
        ("dme", 0, 3, "gfn2", -0.575),
        ("dme", 0, 1, "gfn2", -0.532),
        ("sn", 1, 3, "gfn2", -0.453),
        ("mecn", 0, 3, "gfn2", -0.496),
        ("h2o", 0, 3, "gfn2", -0.480),
        ("co", 0, 3, "gfn2", -0.270),
        ("nh3", 0, 3, "gfn2", -0.739),
        ("dme", 0, 3, "gfn1", -0.749),
    ],
)
def test_one_upright_contact_has_the_hand_computed_energy(guest, conformer, multiplicity, calculator, expected):
    settings = RelaxationSettings(calculator)
    place = host("paddlewheel", multiplicity=multiplicity)
    kind = species(guest)
    alone = relax(place.molecule, settings).energy
    free = min(relax(one, settings).energy for one in kind.conformers)
    upright = starts(place, kind.conformers[conformer], kind.donors[:1])[0]
    bound = relax(upright, settings, parts=(len(place.molecule), len(kind.conformers[0]))).energy
    assert bound - alone - free == pytest.approx(expected, abs=0.03)


def test_a_search_finds_no_less_than_the_upright_contact():
    found = binding_energy_raw(host("paddlewheel"), species("sn"), Search(kept=2, conformers=2))
    assert found.energy < -0.45
    assert found.tried == tuple(sorted(found.tried))
    assert found.contacts[0].distance < 2.3


def test_spin_and_charge_of_the_parts_stand_in_the_complex():
    for contacts in (1, 2):
        whole = starts(host("paddlewheel"), species("sn").conformers[1], species("sn").donors[:contacts])[0]
        assert (whole.charge, whole.multiplicity) == (0, 2 * contacts + 1)
        assert len(whole) == 18 * contacts + 10


@pytest.mark.parametrize("guest", ["dme", "sn", "h2o", "tfsi-"])
def test_starts_put_the_donor_above_the_metal(guest):
    place, kind = host("paddlewheel"), species(guest)
    for start in starts(place, kind.conformers[0], kind.donors[:1]):
        donor = start.positions[len(place.molecule) + kind.donors[0]]
        apart = donor - start.positions[place.site.atom]
        assert np.linalg.norm(apart) == pytest.approx(2.2)
        assert np.allclose(start.positions[: len(place.molecule)], place.molecule.positions)


@pytest.mark.parametrize("name", SPECIES)
def test_molecules_are_whole_and_relax_whole(name):
    for one in species(name).conformers[:2]:
        found = relax(one)
        assert changed_bonds(one, found.molecule) == ""


@pytest.mark.parametrize("name", HOSTS)
def test_hosts_are_whole(name):
    built = host(name)
    assert built.molecule.symbols[built.site.atom] == ("O" if name == "carboxylate" else "Cu")
    apart = built.molecule.positions[:, None] - built.molecule.positions[None]
    assert (np.linalg.norm(apart, axis=2) + 9 * np.eye(len(built.molecule))).min() > 1.0


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("paddlewheel", "dme", Search("hf")), "no engine 'hf'"),
        (("wheel", "dme", Search()), "no host 'wheel'"),
        (("paddlewheel", "peo", Search()), "no molecule 'peo'"),
        (("paddlewheel", "h2o", Search(contacts=2)), "1 atom"),
        (("sheet", "sn", Search(contacts=2)), "periodic host"),
        (("paddlewheel", "sn", Search(contacts=9)), "1 to 3"),
    ],
)
def test_impossible_questions_are_refused(words, said):
    with pytest.raises(InputError, match=said):
        binding_energy_raw(host(words[0]), species(words[1]), words[2])


def test_an_impossible_charge_is_refused():
    with pytest.raises(InputError, match="takes away more electrons"):
        Molecule("proton", ("H",), np.zeros((1, 3)), 2, 1)


def _engine_of(monkeypatch, calculator):
    monkeypatch.setitem(calculators.ENGINES, "strange", Engine("strange", "a test's", "none", lambda *_: calculator))


def test_a_geometry_that_falls_apart_is_an_error(monkeypatch):
    from ase.calculators.lj import LennardJones

    _engine_of(monkeypatch, LennardJones(sigma=2.5, epsilon=0.5, rc=20.0))
    hydrogen = Molecule("hydrogen", ("H", "H"), np.array([[0.0, 0, 0], [0, 0, 0.74]]))
    with pytest.raises(InputError, match="fell apart while it was relaxed: the bond H1-H2 broke"):
        relax(hydrogen, RelaxationSettings("strange"))


def test_an_unconverged_scf_is_an_error():
    from tblite.ase import TBLite

    water = species("h2o").conformers[0]
    with pytest.MonkeyPatch.context() as patch:
        _engine_of(patch, TBLite(method="GFN2-xTB", max_iterations=2, verbosity=0))
        with pytest.raises(InputError, match=r"strange failed for h2o.*multiplicity 1"):
            relax(water, RelaxationSettings("strange"))


def test_an_unfinished_relaxation_is_an_error():
    with pytest.raises(InputError, match="did not converge in 1 steps"):
        relax(species("dme").conformers[0], RelaxationSettings(force=1e-4, steps=1))


class Counting(Store):
    def __init__(self, folder, limit=10**6):
        super().__init__(folder)
        self.limit, self.written = limit, 0

    def put(self, key, answer):
        if self.written >= self.limit:
            raise KeyboardInterrupt
        self.written += 1
        super().put(key, answer)


def test_a_killed_search_goes_on_and_a_second_one_computes_nothing(tmp_path):
    question = (host("paddlewheel"), species("co"), Search(kept=1))
    with pytest.raises(KeyboardInterrupt):
        binding_energy(*question, store=Counting(tmp_path, 3))
    rest, again = Counting(tmp_path), Counting(tmp_path)
    first = binding_energy(*question, store=rest)
    second = binding_energy(*question, store=again)
    assert rest.written > 0
    assert again.written == 0
    assert first.to_store() == second.to_store() == binding_energy(*question).to_store()


def test_a_table_keeps_its_lines_when_one_fails():
    table = adsorption_table(
        [AdsorptionCase("good", "paddlewheel", "co", Search(kept=1)), AdsorptionCase("bad", "wheel", "co")]
    )
    assert table.series["Binding energy / eV"][0] == pytest.approx(-0.27, abs=0.03)
    assert table.series["Binding energy / eV"][1] is None
    assert "no host 'wheel'" in table.warnings[0]
    assert all(line.host in HOSTS and line.adsorbate in SPECIES for line in CASES)


def test_lithium_with_an_ether_shows_the_engines_bias():
    """GFN2-xTB -2.00, PBE with counterpoise -1.70, measured -1.71 eV."""
    assert shell(["dme"]).energy == pytest.approx(-2.00, abs=0.02)
    assert MEASURED["dme",].value == -1.71


def test_exchanges_compare_as_many_contacts(tmp_path):
    """A gauche SN holds lithium with both nitriles; held against one ether it would seem to win."""
    for ether, nitrile in EXCHANGES.values():
        one, other = (shell(ligands, store=Store(tmp_path)) for ligands in (ether, nitrile))
        assert len(one.distances) == len(other.distances)
        assert one.distances[0] > 1.7
    answer = lithium_coordination(shells=[("dme",), ("sn-trans",)], store=Store(tmp_path))
    cost = answer.results["exchange.first"]
    assert cost.value == pytest.approx(
        answer.results["binding.sn-trans"].value - answer.results["binding.dme"].value, abs=2e-3
    )
    gfn1 = answer.series["gfn1 / eV"]
    assert cost.std == pytest.approx(abs(cost.value - (gfn1[1] - gfn1[0])) / np.sqrt(2), abs=2e-3)


@pytest.mark.parametrize("text", ["", "dme,", "peo", "dme+peo"])
def test_shells_that_name_nothing_are_refused(text):
    with pytest.raises(InputError, match="no molecule"):
        parse_shells(text)


def test_a_reduction_potential_without_solvation_has_no_upper_bound():
    found = redox_levels(["sn"]).results["reduction.sn"]
    assert found.std is None
    assert found.interval == (pytest.approx(found.value - 0.5), None)
    assert redox_levels(["li+"]).results["reduction.li+"].interval is None


def test_a_cluster_from_a_file_is_a_host_like_the_built_in_one(tmp_path):
    built = host("porphyrin")
    own = own_host(built.molecule, built.site.atom)
    assert np.allclose(own.site.normal, built.site.normal)
    water = own_species(species("h2o").conformers[0], species("h2o").donors)
    search, store = Search(kept=1), Store(tmp_path)
    given = binding_energy_raw(own, water, search, store=store)
    assert given.energy == binding_energy_raw(built, species("h2o"), search, store=store).energy
    assert (given.contacts[0].donor, given.contacts[0].acceptor) == ("O", "Cu")


@pytest.mark.parametrize("donors", [[], [7]])
def test_atoms_that_are_not_there_bind_nothing(donors):
    with pytest.raises(InputError, match="cannot bind"):
        own_species(species("h2o").conformers[0], donors)
    with pytest.raises(InputError, match="has no atom 19"):
        own_host(host("paddlewheel").molecule, 18)


def test_a_host_in_an_excited_spin_is_warned_of(tmp_path):
    """Two copper ions of d9 have two unpaired electrons; a quintet breaks a pair."""
    question = species("co"), Search(kept=1)
    high = binding_energy(host("paddlewheel", multiplicity=5), *question, store=Store(tmp_path))
    assert "excited state" in high.warnings[-1]
    assert not binding_energy(host("paddlewheel"), *question, store=Store(tmp_path)).warnings


@pytest.mark.parametrize("multiplicity", [0, 2, -1, 999])
def test_impossible_multiplicities_are_refused(multiplicity):
    with pytest.raises(InputError, match="multiplicity"):
        host("paddlewheel", multiplicity=multiplicity)


def test_a_kept_structure_that_fell_apart_is_refused_too(tmp_path):
    """What one caller let part, another may not."""
    two = Molecule("two", ("He", "He"), np.array([[0.0, 0, 0], [0, 0, 0.6]]))
    relax(two, parts=(1, 1), store=Store(tmp_path))
    with pytest.raises(InputError, match="fell apart"):
        relax(two, store=Store(tmp_path))


@pytest.mark.parametrize(("name", "affinity"), [("SO2", 1.107), ("NO2", 2.273)])
def test_electron_affinities_are_the_measured_ones(name, affinity):
    """Measured: NIST Chemistry WebBook; IPEA1-xTB is good to some tenths of an eV."""
    from ase.build import molecule

    atoms = molecule(name)
    multiplicity = 1 + int(sum(atoms.numbers)) % 2
    found = frontier(Molecule(name, tuple(atoms.get_chemical_symbols()), atoms.positions, 0, multiplicity))
    assert found.affinity == pytest.approx(affinity, abs=0.25)


@pytest.mark.parametrize("name", HOSTS)
def test_starts_lie_along_the_sites_normal(name):
    place, kind = host(name), species("co")
    start = starts(place, kind.conformers[0], kind.donors)[0]
    donor = start.positions[len(place.molecule) + kind.donors[0]]
    assert np.allclose(donor - start.positions[place.site.atom], 2.2 * place.site.normal, atol=1e-9)
    assert np.allclose(start.positions[: len(place.molecule)], place.molecule.positions, atol=1e-9)


def test_a_turned_host_binds_as_it_did(tmp_path):
    from scipy.spatial.transform import Rotation

    lithium = Molecule("hydrate", ("O", "H", "H"), np.array([[0.0, 0, 0], [0.76, 0, -0.59], [-0.76, 0, -0.59]]))
    found = []
    for turn in (np.eye(3), Rotation.from_euler("xyz", [170.0, 30.0, 60.0], degrees=True).as_matrix()):
        turned = Molecule("hydrate", lithium.symbols, lithium.positions @ turn.T)
        found.append(
            binding_energy_raw(own_host(turned, 0), species("li+"), Search(kept=1), store=Store(tmp_path)).energy
        )
    assert found[0] == pytest.approx(-1.95, abs=0.02)
    assert found[1] == pytest.approx(found[0], abs=2e-3)


@pytest.mark.parametrize("name", SPECIES)
def test_every_species_has_its_affinity(name):
    found = redox_levels([name])
    assert np.isfinite(found.results[f"reduction.{name}"].value)


def test_a_periodic_host_has_no_affinity():
    with pytest.raises(InputError, match="is periodic"):
        redox_levels(["sheet"])
