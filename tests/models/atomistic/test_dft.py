"""Single points of PBE-D3 with PySCF: a water dimer, its store, and what is refused."""

import pytest

pytest.importorskip("pyscf")
pytest.importorskip("dftd3")
pytest.importorskip("tblite")

from lamion.models.atomistic.energies.adsorption import Search
from lamion.models.atomistic.energies.adsorption_dft import binding, binding_energy_dft
from lamion.models.atomistic.energies.dft import DftSettings, single_point
from lamion.models.atomistic.energies.hosts import host
from lamion.models.atomistic.structure.molecules import species
from lamion.quantities import InputError
from lamion.store import Store


class Counting(Store):
    read = 0

    def get(self, key):
        found = super().get(key)
        self.read += found is not None
        return found


def test_the_water_dimer_with_counterpoise(water_dimer, tmp_path):
    """def2-QZVP, near the complete basis, gives -0.233 eV after 0.015 of superposition; def2-SVP has ten times that."""
    found = binding(*water_dimer, store=Store(tmp_path))
    assert found.corrected == pytest.approx(-0.233, abs=0.02)
    assert found.superposition == pytest.approx(0.15, abs=0.01)
    assert found.dispersion == pytest.approx(-0.018, abs=0.001)
    again = Counting(tmp_path)
    assert binding(*water_dimer, store=again) == found
    assert again.read == 7


def test_an_unconverged_scf_is_an_error(water_dimer):
    with pytest.raises(InputError, match="SCF of one did not converge in 1 cycles"):
        single_point(water_dimer[1], DftSettings(cycles=1))


@pytest.mark.parametrize("settings", [DftSettings(functional="pbx"), DftSettings(basis="def3-svp")])
def test_unknown_functionals_and_bases_are_refused(water_dimer, settings):
    with pytest.raises(InputError, match="cannot be computed"):
        single_point(water_dimer[1], settings)


@pytest.mark.parametrize(("name", "contacts"), [("paddlewheel", 2), ("sheet", 1)])
def test_several_contacts_and_the_whole_sheet_are_refused(name, contacts):
    with pytest.raises(InputError, match="one contact at a cut-out"):
        binding_energy_dft(host(name), species("sn"), Search(contacts=contacts))
