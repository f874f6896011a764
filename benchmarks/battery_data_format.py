"""Whether what lamion writes as Battery Data Format passes the validator of that format's own package, batterydf.

Every file of a folder that lamion reads as a cycler's record, or as another table with time, voltage and current, is
written as CSV and as Parquet; the validator runs in a virtual environment of its own::

    python benchmarks/battery_data_format.py FOLDER             # where that environment is there
    python benchmarks/battery_data_format.py FOLDER --peers     # make it first, with pip

Spectra have no place there: the validator asks for time, voltage and current. It passes columns that the format does
not know, and only warns of a time that runs back.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from pathlib import Path

import lamion
from lamion.formats.loading import files_within
from lamion.quantities import InputError

PACKAGES = ("batterydf==0.1.0",)
NEEDED = ("time", "voltage", "current")
VALIDATOR = """
import contextlib, io, json, sys, warnings
import bdf
found = {}
for path in sys.argv[1:]:
    with warnings.catch_warnings(record=True) as said, contextlib.redirect_stdout(io.StringIO()):
        warnings.simplefilter("always")
        try:
            found[path] = {"ok": True, "extras": bdf.validate(path)["extras"]}
        except Exception as error:
            found[path] = {"ok": False, "extras": [f"{type(error).__name__}: {error}"]}
    found[path]["said"] = [str(one.message) for one in said]
print(json.dumps(found))
"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path, help="of instruments' files")
    parser.add_argument("--peers", action="store_true", help="make the validator's environment with pip")
    parser.add_argument("--environments", type=Path, default=Path(tempfile.gettempdir()) / "lamion_peers")
    options = parser.parse_args()
    python = options.environments / "batterydf" / "bin" / "python"
    if options.peers and not python.exists():
        subprocess.run([sys.executable, "-m", "venv", str(python.parent.parent)], check=True)
        subprocess.run([str(python), "-m", "pip", "install", "-q", *PACKAGES], check=True)
    with tempfile.TemporaryDirectory() as place:
        written = _write(options.folder, Path(place))
        command = [str(python), "-c", VALIDATOR, *map(str, written)]
        done = subprocess.run(command, capture_output=True, text=True, check=True)
    found = json.loads(done.stdout.splitlines()[-1])
    for path, one in found.items():
        verdict = "passes" if one["ok"] else "FAILS"
        print(f"{Path(path).name:<75} {verdict}  {', '.join(one['extras'])}  {' '.join(one['said'])[:100]}".rstrip())
    print(f"{sum(one['ok'] for one in found.values())} of {len(found)} pass")


def _write(folder: Path, place: Path) -> list[Path]:
    written = []
    for path in files_within(folder):
        try:
            content = lamion.read(path)
        except InputError as error:
            print(f"{path.name}: not read. {error.happened}")
            continue
        if all(getattr(record, name, None) is not None for record in content.records for name in NEEDED):
            for ending in ("csv", "parquet"):
                written.append(place / f"{path.name.replace('.', '_')}.bdf.{ending}")
                lamion.write(content, written[-1])
    return written


if __name__ == "__main__":
    main()
