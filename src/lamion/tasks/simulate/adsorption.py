"""Binding energy of a molecule on a cut-out of a sheet, or on your own.

The binding energy is E_b = E_sa - E_s - E_a. Without host and adsorbate the default table is computed: chain lengths,
contacts, hosts, spins and engines. Relaxed structures are kept: a run that was interrupted goes on, and a second one
takes seconds.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Annotated, Any

import numpy as np

from lamion.formats import RawFile, xyz
from lamion.models.atomistic.energies.adsorption import Search, binding_energy
from lamion.models.atomistic.energies.adsorption_dft import binding_energy_dft
from lamion.models.atomistic.energies.adsorption_table import adsorption_table
from lamion.models.atomistic.energies.dft import DFT_CALCULATORS
from lamion.models.atomistic.energies.hosts import Host, host, own_host
from lamion.models.atomistic.structure.molecules import Species, own_species, species
from lamion.quantities import Answer, InputError
from lamion.store import Shipped, Store, shipped_key
from lamion.substances.molecule import Molecule
from lamion.tasks.declaring import Context, File, Option, Result, task
from lamion.tasks.options.structures import Structures, beginning_with, saying_so

METHOD = 1
"""Raise it when the search comes to another energy from the same options: shipped answers are then not taken."""


@dataclass(frozen=True)
class Complex:
    """A host, a molecule, and how their complex is searched."""

    host: Annotated[
        str | None,
        Option("paddlewheel, benzoate, carboxylate, porphyrin, sheet or sheet-porphyrin", example="paddlewheel"),
    ] = None
    host_file: Annotated[File | None, Option("a host of your own, in XYZ")] = None
    site: Annotated[
        int | None, Option("the atom of the host's file that the molecule sits on", example="7", minimum=1)
    ] = None
    adsorbate: Annotated[
        str | None,
        Option("dme, glyme, ... tetraglyme, sn, mecn, h2o, co, nh3, li+, tfsi- or dfob-", example="sn"),
    ] = None
    adsorbate_file: Annotated[File | None, Option("a molecule of your own, in XYZ")] = None
    donor: Annotated[int | None, Option("the atom of the adsorbate's file that binds", example="1", minimum=1)] = None
    calculator: Annotated[
        str | None,
        Option("gfn2, gfn1, pbe-d3, or gpaw, espresso, cp2k, vasp where installed", example="gfn1", otherwise="gfn2"),
    ] = None
    contacts: Annotated[
        int | None, Option("how many hosts the molecule touches", otherwise="1", minimum=1, maximum=3)
    ] = None
    multiplicity: Annotated[int | None, Option("of one host", example="1", otherwise="largest spin", minimum=1)] = None
    starts: Annotated[int | None, Option("how many starts are relaxed", otherwise="4", minimum=1, maximum=50)] = None

    @property
    def engine(self) -> str:
        """What computes the energies."""
        return self.calculator or "gfn2"

    def given(self) -> dict[str, Any]:
        """Return what was said, by name; files by their hashes."""
        said = {name: item for name, item in vars(self).items() if item is not None}
        return {name: item.raw.sha256 if isinstance(item, File) else item for name, item in said.items()}

    def place(self) -> Host:
        """Return the host."""
        if self.host_file is not None:
            if self.host is not None:
                raise InputError("A host is a name or a file, not both.", "", "Give one of the two.")
            if self.site is None:
                raise InputError("A host from a file needs a site.", "", "Give the number of the atom that is sat on.")
            return own_host(xyz.read_raw_molecule(self.host_file.raw), self.site - 1, multiplicity=self.multiplicity)
        name = _known(self.host, "host")
        if self.site is not None:
            raise InputError(f"The host {name} has its own site.", "A site is for a file.", "Leave it away.")
        return host(name, multiplicity=self.multiplicity)

    def guest(self) -> Species:
        """Return the molecule."""
        if self.adsorbate_file is not None:
            if self.adsorbate is not None:
                raise InputError("An adsorbate is a name or a file, not both.", "", "Give one of the two.")
            if self.donor is None:
                raise InputError(
                    "An adsorbate from a file needs a donor.", "", "Give the number of the atom that binds."
                )
            return own_species(xyz.read_raw_molecule(self.adsorbate_file.raw), [self.donor - 1])
        name = _known(self.adsorbate, "adsorbate")
        if self.donor is not None:
            raise InputError(f"The donors of {name} are known.", "A donor is for a file.", "Leave it away.")
        return species(name)

    def search(self) -> Search:
        """Return how the complex is searched."""
        return Search(self.engine, self.contacts or 1, kept=self.starts or 4)


@task(
    results={
        "binding_energy": Result("eV", "of the molecule at its host", headline=True),
        "energy_per_contact": Result("eV", "where it touches several hosts"),
        "contact_distance*": Result("angstrom", "between the atoms that bind, at each contact"),
        "binding_energy_without_dispersion": Result("eV", "by density-functional theory"),
        "dispersion": Result("eV", "its share, by density-functional theory"),
        "superposition_error": Result("eV", "what counterpoise takes out, by density-functional theory"),
        "*.binding_energy": Result("eV", "of a molecule, in the default table", headline=True),
    },
    evidence="predicted",
    example="--host paddlewheel --adsorbate co --starts 1",
    cites=("perdew1996", "grimme2011", "boys1970", "sun2020", "cordero2008"),
    extra="atomistic",
    heavy=True,
    quick=True,
    keeps=True,
    files={"xyz": "write the complex"},
)
def adsorption(
    options: Complex,
    context: Context,
    stored: Annotated[
        File | None, Option("answers kept before, taken in a quick run and for density-functional theory")
    ] = None,
    structures: Structures = None,
) -> Answer:
    """Search the best complex, or compute the table."""
    said = options.given()
    if not {"host", "host_file", "adsorbate", "adsorbate_file"} & said.keys():
        return _table(said, context)
    if not ({"host", "host_file"} & said.keys() and {"adsorbate", "adsorbate_file"} & said.keys()):
        raise InputError("A host and an adsorbate go together.", "", "Give both, or neither for the default table.")
    slow = options.engine in DFT_CALCULATORS
    kept = None if stored is None or not (context.quick or slow) else stored_answer(stored.raw, said)
    if kept is not None:
        return _with_complex(kept)
    if slow and context.store is None:
        raise InputError(
            f"No stored answer of {options.engine} has these inputs.",
            "Density-functional theory takes hours and is not begun where nothing keeps what it has reached.",
            "`lamion simulate adsorption` computes the number by itself and keeps it.",
        )
    compute = binding_energy_dft if slow else binding_energy
    place, guest, search = options.place(), options.guest(), options.search()
    store = context.store if slow else beginning_with(structures, context.store)
    return saying_so(_with_complex(compute(place, guest, search, store=store, progress=context.progress)), store)


def stored_answer(shipped: RawFile, options: Mapping[str, Any]) -> Answer | None:
    """Return the answer that a study ships for some options, files by their hashes; None where it has none."""
    return Store(Shipped(shipped.name, shipped.content)).get(shipped_key("adsorption", options, METHOD))


def _table(said: Mapping[str, Any], context: Context) -> Answer:
    idle = [*said, *context.wanted]
    if idle:
        raise InputError(f"The default table takes no {', '.join(idle)}.", "", "Give a host and an adsorbate too.")
    return adsorption_table(store=context.store, progress=context.progress)


def _known(name: str | None, what: str) -> str:
    assert name is not None  # noqa: S101  (told before)
    if name.lower().endswith(".xyz"):
        raise InputError(f"{name} is a file, not the name of a known {what}.", "", f"Give it as {what}_file.")
    return name


def _with_complex(answer: Answer) -> Answer:
    """Add the complex as a file."""
    if "complex" not in answer.figures:
        return answer
    found = answer.figures["complex"].data["complex"]
    molecule = Molecule(
        "complex", tuple(found["symbols"]), np.array(found["positions"]), found["charge"], found["multiplicity"]
    )
    return replace(answer, files={"xyz": xyz.xyz_text(molecule).encode()})
