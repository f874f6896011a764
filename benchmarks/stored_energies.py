"""Compute again the adsorption energies that the built-in study keeps: studies/lse_hfc/energies.json.

    python benchmarks/stored_energies.py [--cache DIR] [--dft]

Without --dft the entries of density-functional theory, which take hours, are left as they are.
"""

from __future__ import annotations

import argparse
import json
from importlib.metadata import version
from importlib.resources import as_file, files
from pathlib import Path
from typing import Any

from lamion import atomic
from lamion.models.atomistic.energies.adsorption import Search, binding_energy
from lamion.models.atomistic.energies.adsorption_dft import binding_energy_dft
from lamion.models.atomistic.energies.dft import DFT_CALCULATORS
from lamion.models.atomistic.energies.hosts import host
from lamion.models.atomistic.structure.molecules import species
from lamion.store import Store, shipped_entry, shipped_key
from lamion.study.study_file import load_study
from lamion.tasks.simulate.adsorption import METHOD

COMMAND = "python benchmarks/stored_energies.py"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cache", type=Path, default=Path(".lamion") / "relaxed")
    parser.add_argument("--dft", action="store_true")
    arguments = parser.parse_args()
    store = Store(arguments.cache)
    with as_file(files("lamion") / "studies" / "lse_hfc") as folder:
        study = load_study(folder / "study.toml")
        path = folder / "energies.json"
    old = json.loads(path.read_text())["answers"] if path.exists() else {}
    new = {}
    for step in study.steps.values():
        if step.task.name != "simulate adsorption":
            continue
        options = {name: value for name, value in step.written().items() if name not in ("stored", "structures")}
        key, calculator = shipped_key("adsorption", options, METHOD), options.get("calculator", "gfn2")
        slow = calculator in DFT_CALCULATORS
        if slow and not arguments.dft:
            if key in old:
                new[key] = old[key]
            continue
        compute = binding_energy_dft if slow else binding_energy
        contacts, starts = options.get("contacts", 1), options.get("starts", 4)
        place = host(options["host"], multiplicity=options.get("multiplicity"))
        answer = compute(place, species(options["adsorbate"]), Search(calculator, contacts, kept=starts), store=store)
        engines = ("ase", "tblite", "pyscf", "dftd3") if slow else ("ase", "tblite")
        command = f"{COMMAND} --dft" if slow else COMMAND
        new[key] = shipped_entry(answer, command, {name: version(name) for name in engines})
        print(step.id, answer.results["binding_energy"], flush=True)
        _write(path, {**old, **new})
    _write(path, new)


def _write(path: Path, answers: dict[str, Any]) -> None:
    text = json.dumps({"answers": dict(sorted(answers.items()))}, indent=1, ensure_ascii=False)
    atomic.write(path, text + "\n")


if __name__ == "__main__":
    main()
