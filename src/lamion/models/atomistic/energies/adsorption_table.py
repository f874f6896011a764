"""The default table of adsorption: what -1.67 eV for PEO and -1.21 eV for succinonitrile could mean."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from lamion.models.atomistic.energies.adsorption import Search, binding_energy
from lamion.models.atomistic.energies.hosts import host
from lamion.models.atomistic.structure.molecules import ETHERS, species
from lamion.progress import Progress, silent
from lamion.quantities import Answer, FigureData, InputError, Quantity
from lamion.quantities.reading_bars import ReadingGroup, reading_bars
from lamion.store import Store


@dataclass(frozen=True)
class AdsorptionCase:
    """One line of the table.

    Parameters
    ----------
    label : str
        What it varies.
    host, adsorbate : str
        Names.
    search : Search
        Engine, contacts, effort.
    multiplicity : int or None
        Of one host, instead of its own.
    """

    label: str
    host: str
    adsorbate: str
    search: Search = field(default_factory=Search)
    multiplicity: int | None = None


CASES = (
    AdsorptionCase("one EO oxygen", "paddlewheel", "dme"),
    AdsorptionCase("one EO oxygen, closed shell", "paddlewheel", "dme", multiplicity=1),
    AdsorptionCase("one EO oxygen, GFN1", "paddlewheel", "dme", Search("gfn1")),
    AdsorptionCase("one EO oxygen, benzoate host", "benzoate", "dme"),
    AdsorptionCase("one EO oxygen, porphyrin site", "porphyrin", "dme"),
    AdsorptionCase("two EO, one contact", "paddlewheel", "glyme"),
    AdsorptionCase("three EO, one contact", "paddlewheel", "diglyme"),
    AdsorptionCase("three EO on the benzoate host", "benzoate", "diglyme", Search(kept=1)),
    AdsorptionCase("three EO lying on the porphyrin", "porphyrin", "diglyme", Search(kept=2)),
    AdsorptionCase("two EO between two sites", "paddlewheel", "glyme", Search(contacts=2, kept=2)),
    AdsorptionCase("five EO between three sites", "paddlewheel", "tetraglyme", Search(contacts=3, kept=1)),
    AdsorptionCase("one nitrile", "paddlewheel", "sn"),
    AdsorptionCase("one nitrile, closed shell", "paddlewheel", "sn", multiplicity=1),
    AdsorptionCase("one nitrile, GFN1", "paddlewheel", "sn", Search("gfn1")),
    AdsorptionCase("one nitrile, benzoate host", "benzoate", "sn"),
    AdsorptionCase("one nitrile, porphyrin site", "porphyrin", "sn"),
    AdsorptionCase("one SN bridging two layers", "paddlewheel", "sn", Search(contacts=2, kept=2)),
)
"""The readings that the built-in study also computes."""


def adsorption_table(
    readings: Sequence[AdsorptionCase] = CASES, *, store: Store | None = None, progress: Progress = silent
) -> Answer:
    """Compute a table of readings.

    Parameters
    ----------
    readings : sequence of AdsorptionCase
        Its lines.
    store : Store, optional
        Keeps every relaxed structure: a table that was cut off goes on.
    progress : Progress
        Told before each line.

    Returns
    -------
    Answer
        ``NAME.binding_energy`` by adsorbate for the first line of each; every line as series. A line whose search
        failed has no number, and the reason stands in the warnings.

    Examples
    --------
    >>> answer = adsorption_table([AdsorptionCase("carbon monoxide", "paddlewheel", "co", Search(kept=1))])
    >>> -0.31 < answer.results["co.binding_energy"].value < -0.24
    True
    """
    values: list[float | None] = []
    results: dict[str, Quantity] = {}
    warnings = []
    for done, line in enumerate(readings):
        progress(done, len(readings), line.label)
        try:
            place = host(line.host, multiplicity=line.multiplicity)
            found = binding_energy(place, species(line.adsorbate), line.search, store=store)
        except InputError as error:
            values.append(None)
            warnings.append(f"{line.label}: {error}")
            continue
        warnings += [f"{line.label}: {text}" for text in found.warnings]
        energy = found.results["binding_energy"]
        values.append(energy.value)
        results.setdefault(f"{line.adsorbate}.binding_energy", energy)
    progress(len(readings), len(readings), "")
    return Answer(
        results,
        {
            "Reading": [line.label for line in readings],
            "Host": [line.host for line in readings],
            "Adsorbate": [line.adsorbate for line in readings],
            "Engine": [line.search.calculator for line in readings],
            "Contacts / 1": [float(line.search.contacts) for line in readings],
            "Binding energy / eV": values,
        },
        warnings=tuple(warnings),
        figures={"readings": _figure(readings, values)} if results else {},
        method="Energy of the complex less those of its relaxed hosts and molecule, one by one for each reading.",
    )


def _figure(readings: Sequence[AdsorptionCase], values: Sequence[float | None]) -> FigureData:
    """Draw what was found by the kind of molecule: chains of EO, and each other one."""
    groups: dict[str, dict[str, float]] = {}
    for line, value in zip(readings, values, strict=True):
        if value is not None:
            name = "PEO" if line.adsorbate in ETHERS else species(line.adsorbate).meaning
            groups.setdefault(name, {})[line.label] = value
    drawn = [ReadingGroup(name, found) for name, found in groups.items()]
    return reading_bars("Adsorption energies", "binding energy", "eV", drawn)
