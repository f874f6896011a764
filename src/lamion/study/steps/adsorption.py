"""The energy with which a molecule sits on a cut-out of a sheet."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from lamion.formats import RawFile
from lamion.formats.xyz import read_raw_molecule
from lamion.models.atomistic.energies.adsorption import Search, adsorption_answer
from lamion.models.atomistic.energies.dft import DFT_CALCULATORS
from lamion.models.atomistic.energies.hosts import Host, host, own_host
from lamion.models.atomistic.structure.molecules import Species, own_species, species
from lamion.quantities import Answer, InputError
from lamion.store import Shipped, Store, shipped_key
from lamion.study.inputs import Inputs
from lamion.study.kinds import Option, StepKind


def run(inputs: Inputs) -> Answer:
    """Search the best complex, or take the kept answer where the run is quick or the engine takes hours.

    Parameters
    ----------
    inputs : Inputs
        ``host``: a name, or ``host_file`` in XYZ with the number of the atom that is the ``site``; ``adsorbate``: a
        name, or ``adsorbate_file`` in XYZ with the number of its ``donor``; ``calculator``, ``contacts``,
        ``multiplicity`` of the host, how many ``starts`` are relaxed, and the file of answers that were ``stored``.
    """
    options = inputs.options
    calculator = options.get("calculator", "gfn2")
    slow = calculator in DFT_CALCULATORS
    shapes = {name: inputs.files[name][0].sha256 for name in ("host_file", "adsorbate_file") if name in inputs.files}
    asked = {**options, **shapes}
    shipped = inputs.file("stored") if inputs.quick or slow else None
    kept = None if shipped is None else stored_answer(shipped, asked)
    if kept is not None:
        return kept
    if slow:
        raise InputError(
            f"No stored answer of {calculator} has these inputs.",
            "Density-functional theory takes hours and is not run within a study.",
            "Leave the step away; `lamion simulate adsorption` computes the number by itself.",
        )
    search = Search(calculator, options.get("contacts", 1), kept=options.get("starts", 4))
    return adsorption_answer(_host(inputs), _adsorbate(inputs), search)


def stored_answer(shipped: RawFile, options: Mapping[str, Any]) -> Answer | None:
    """Return the answer that a study ships for some options; None where it has none.

    Parameters
    ----------
    shipped : RawFile
        The file of answers.
    options : Mapping
        Resolved, files by their hashes.
    """
    return Store(Shipped(shipped.name, shipped.content)).get(shipped_key("adsorption", options, METHOD))


def _host(inputs: Inputs) -> Host:
    options, own = inputs.options, inputs.file("host_file")
    if (own is None) == ("host" not in options) or (own is None) == ("site" in options):
        raise InputError("A host is a name, or a host_file with its site.", "", "Give one of the two.")
    if own is None:
        return host(options["host"], multiplicity=options.get("multiplicity"))
    return own_host(read_raw_molecule(own), options["site"] - 1, multiplicity=options.get("multiplicity"))


def _adsorbate(inputs: Inputs) -> Species:
    options, own = inputs.options, inputs.file("adsorbate_file")
    if (own is None) == ("adsorbate" not in options) or (own is None) == ("donor" in options):
        raise InputError(
            "An adsorbate is a name alone, or an adsorbate_file with its donor.", "", "Give one of the two."
        )
    if own is None:
        return species(options["adsorbate"])
    return own_species(read_raw_molecule(own), [options["donor"] - 1])


METHOD = 1
"""Raise it when the search comes to another energy from the same options: shipped answers are then not taken."""

KIND = StepKind(
    run,
    evidence="predicted",
    options={
        "host": Option("text", required=False),
        "host_file": Option("file", required=False),
        "site": Option("integer", required=False, at_least=1),
        "adsorbate": Option("text", required=False),
        "adsorbate_file": Option("file", required=False),
        "donor": Option("integer", required=False, at_least=1),
        "calculator": Option("text", required=False),
        "contacts": Option("integer", required=False, at_least=1, at_most=3),
        "multiplicity": Option("integer", required=False, at_least=1),
        "starts": Option("integer", required=False, at_least=1, at_most=50),
        "stored": Option("file", required=False),
    },
    quick=True,
    heavy=True,
)
