"""The energy with which a molecule sits on a cut-out of a sheet."""

from __future__ import annotations

from lamion.formats.xyz import read_raw_molecule
from lamion.models.atomistic.energies.adsorption import Search, adsorption_answer
from lamion.models.atomistic.energies.dft import DFT_CALCULATORS
from lamion.models.atomistic.energies.hosts import Host, host, own_host
from lamion.models.atomistic.structure.molecules import Species, own_species, species
from lamion.quantities import Answer, InputError
from lamion.study.inputs import Inputs
from lamion.study.kinds import Option, StepKind
from lamion.study.stored_answers import stored_answer


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
    kept = stored_answer(inputs.file("stored"), "adsorption", asked) if inputs.quick or slow else None
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
