"""`lamion.scan` of a folder of 500 instrument files: processor time and peak memory of a process of its own.

The files are copies of those of a folder, each with a name of its own; below 60 s is the aim.

    python benchmarks/scan.py FOLDER [--files 500]
"""

from __future__ import annotations

import argparse
import itertools
import resource
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

LARGEST = 2**20
SCAN = "import sys, lamion; found = lamion.scan(sys.argv[1]); print(found['files'].value, found['refused'].value)"


def fill(folder: Path, source: Path, count: int) -> None:
    """Copy the files of a folder until there are as many as wanted."""
    files = sorted(path for path in source.rglob("*") if path.is_file() and path.stat().st_size <= LARGEST)
    for number, path in zip(range(count), itertools.cycle(files), strict=False):
        (folder / f"{number:04d}_{path.name}").write_bytes(path.read_bytes())


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--files", type=int, default=500)
    arguments = parser.parse_args()
    with TemporaryDirectory() as folder:
        fill(Path(folder), arguments.folder, arguments.files)
        done = subprocess.run([sys.executable, "-c", SCAN, folder], check=True, capture_output=True, text=True)
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    files, refused = done.stdout.split()
    print(
        f"{files} files, {refused} refused: {used.ru_utime + used.ru_stime:.1f} s CPU, {used.ru_maxrss / 1024:.0f} MiB"
    )


if __name__ == "__main__":
    main()
