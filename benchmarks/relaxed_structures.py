"""Relax again the structures that the built-in study ships: studies/lse_hfc/structures.json.

    python benchmarks/relaxed_structures.py [STEP ...]

Without steps all of them. It takes some minutes; a structure that is there and stands its check is kept as it is only
where other steps are named.
"""

from __future__ import annotations

import argparse
from importlib.resources import as_file, files

from lamion import atomic
from lamion.models.atomistic.energies.shipped_structures import ShippedStructures, structures_json
from lamion.study.study_file import load_study
from lamion.tasks.declaring import Context

_EMPTY = b'{"structures": {}}'


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("steps", nargs="*")
    wanted = parser.parse_args().steps
    with as_file(files("lamion") / "studies" / "lse_hfc") as folder:
        study, path = load_study(folder / "study.toml", trust=True), folder / "structures.json"
    structures = ShippedStructures(path.name, path.read_bytes() if wanted else _EMPTY)
    for step in study.steps.values():
        if "structures" in step.options and (not wanted or step.id in wanted):
            options = {name: item for name, item in step.written().items() if name not in ("structures", "stored")}
            before = len(structures.afresh)
            step.task.answer(options, Context(store=structures))
            print(step.id, len(structures.afresh) - before, "relaxed", flush=True)
    kept = {} if not wanted else structures.known
    atomic.write(path, structures_json({**kept, **structures.afresh}))


if __name__ == "__main__":
    main()
