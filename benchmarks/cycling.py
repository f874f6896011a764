"""A Neware .ndax of 700,000 points read and analysed: lamion beside fastnda, NewareNDA, cellpy 2 and PyProBE.

Each reads in a process of its own, on one thread: CPU seconds of the reading alone (the least of some runs), those of
the process with all imports, and its peak memory; ratios are over fastnda alone, which lamion reads with. PyProBE takes
no .ndax: the same points as Neware's CSV are a second table. The last one is lamion on ten million rows. Each peer
runs in a virtual environment of its own::

    python benchmarks/cycling.py FILE.ndax              # lamion, and peers whose environments are there
    python benchmarks/cycling.py FILE.ndax --peers      # make the environments first, with pip
    python benchmarks/cycling.py --rows 10000000        # only the long table; needs pyarrow

cellpy 2 needs Python 3.13: it is looked for on the path as `python3.13`.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

_THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "POLARS_MAX_THREADS")
os.environ.update(dict.fromkeys(_THREADS, "1"))

import numpy as np  # noqa: E402


@dataclass(frozen=True)
class Peer:
    """A program's environment, and how it reads: what comes before is not counted as reading."""

    packages: tuple[str, ...]
    before: str
    reading: str
    python: str = sys.executable


PEERS = {
    "NewareNDA": Peer(("NewareNDA==2026.6.11",), "import NewareNDA", "rows = len(NewareNDA.read(path))"),
    "cellpy": Peer(
        ("cellpy>=2,<3",),
        "import cellpy",
        "rows = len(cellpy.get(path, instrument='neware_nda', mass=1.0, nominal_capacity=1.0).data.raw)",
        "python3.13",
    ),
    "PyProBE": Peer(
        ("PyProBE-Data",),
        "import os, polars, pyprobe\nout = os.path.join(os.path.dirname(path), 'peer.parquet')",
        "rows = polars.read_parquet(pyprobe.process_cycler_data('neware', path, out, overwrite_existing=True)).height",
    ),
}
FASTNDA = Peer((), "import fastnda, fastnda.ndax, logging\nlogging.disable()", "rows = len(fastnda.read(path))")
READ = Peer(
    (),
    "import fastnda.ndax\nfrom lamion.formats.reading import FORMATS, read\n[*map(FORMATS.load, FORMATS.built_in)]",
    "rows = len(read(path).records[0])",
)
ANALYSE = Peer((), "import lamion", "rows = lamion.analyze.cycling(path).notes['cycles']")
MEASURED = """
import contextlib, io, json, re, resource, sys, time, warnings
warnings.simplefilter("ignore")
path = sys.argv[1]
with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
    {before}
    begin = time.process_time()
    {reading}
    seconds = time.process_time() - begin
peak = int(re.search(r"VmHWM:\\s*(\\d+)", open("/proc/self/status").read())[1]) / 1024
print(json.dumps([seconds, time.process_time(), peak, rows]))
"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("file", nargs="?", help="a Neware .ndax, such as BTS85-36-6-5-110-20240424.ndax of fastnda")
    parser.add_argument("--peers", action="store_true", help="make the peers' environments with pip")
    parser.add_argument("--environments", default=str(Path(tempfile.gettempdir()) / "lamion_peers"))
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--rows", type=int, default=10_000_000, help="of the long table; 0: without it")
    options = parser.parse_args()
    environments = Path(options.environments)
    if options.peers:
        _make(environments)
    if options.file:
        _one_file(Path(options.file), environments, options.repeats)
    if options.rows:
        _long(options.rows)


def _one_file(file: Path, environments: Path, repeats: int) -> None:
    print(f"{file.name}, {file.stat().st_size / 2**20:.1f} MiB")
    alone = _row("fastnda alone", sys.executable, FASTNDA, file, repeats, None)
    _row("lamion, reading", sys.executable, READ, file, repeats, alone)
    _row("lamion, analyze cycling", sys.executable, ANALYSE, file, repeats, alone)
    for name, peer in PEERS.items():
        _row(name, environments / name / "bin" / "python", peer, file, repeats, alone)
    with tempfile.TemporaryDirectory() as folder:
        table = Path(folder, "record.csv")
        _write_neware(file, table)
        print(f"the same points as Neware's CSV, {table.stat().st_size / 2**20:.1f} MiB")
        own = _row("lamion, reading", sys.executable, READ, table, repeats, None)
        _row("PyProBE", environments / "PyProBE" / "bin" / "python", PEERS["PyProBE"], table, repeats, own)


def _row(name: str, python: str | Path, peer: Peer, file: Path, repeats: int, over: float | None) -> float:
    """Print how a program reads a file, or why it does not; return the CPU seconds of the reading."""
    if not Path(python).exists():
        print(f"  {name:<26} not run: no environment {Path(python).parent.parent}; make it with --peers")
        return float("nan")
    code = MEASURED.format(**{part: getattr(peer, part).replace("\n", "\n    ") for part in ("before", "reading")})
    found = []
    for _ in range(repeats):
        # A copy in a folder of its own: a peer may write beside it.
        with tempfile.TemporaryDirectory() as folder:
            copied = Path(folder, file.name)
            copied.write_bytes(file.read_bytes())
            done = subprocess.run(
                [str(python), "-c", code, str(copied)], capture_output=True, text=True, check=False, cwd=folder
            )
        if done.returncode:
            print(f"  {name:<26} cannot: {_why(done.stderr)}")
            return float("nan")
        found.append(json.loads(done.stdout.splitlines()[-1]))
    seconds, whole, peak, rows = np.min(found, axis=0)
    counted = "cycles" if peer is ANALYSE else "rows"
    ratio = "" if over is None else f"  {seconds / over:5.2f} x"
    print(
        f"  {name:<26} {seconds:6.2f} s CPU, {whole:6.2f} s with imports, {peak:6.0f} MiB, {rows:.0f} {counted}{ratio}"
    )
    return float(seconds)


def _why(said: str) -> str:
    """Return the last line of a traceback that says something."""
    lines = [line.strip() for line in said.splitlines() if "rror" in line]
    return (lines or ["no reason given"])[-1][:200]


def _write_neware(file: Path, table: Path) -> None:
    """Write the points as Neware's program does."""
    import lamion

    record = lamion.read(file).records[0]
    rows = len(record)
    date = np.datetime64("2024-04-24T00:00:00.000") + (1e3 * record.time).astype("timedelta64[ms]")
    passed = np.diff(record.charge, prepend=0.0) / 3600
    charged, discharged = np.cumsum(np.maximum(passed, 0)), np.cumsum(np.maximum(-passed, 0))
    titles = (
        "DataPoint,Date,Total Time,Cycle Index,Step Index,Step Type,Current(A),Voltage(V),Chg. Cap.(Ah),DChg. Cap.(Ah)"
    )
    with table.open("w") as out:
        out.write(f"{titles}\n")
        for k in range(rows):
            day, _, clock = str(date[k]).partition("T")
            seconds = float(record.time[k])
            total = f"{int(seconds // 3600):02d}:{int(seconds % 3600 // 60):02d}:{seconds % 60:06.3f}"
            out.write(
                f"{k + 1},{day}  {clock},{total},{record.cycle[k]:.0f},{record.step[k]:.0f},CC,{record.current[k]:.7g},"
                f"{record.voltage[k]:.5f},{charged[k]:.9f},{discharged[k]:.9f}\n"
            )


def _long(rows: int) -> None:
    """Print the peak memory of lamion's verbs on a long table, as text and as Parquet."""
    with tempfile.TemporaryDirectory() as folder:
        for path in _write_long(Path(folder), rows):
            print(f"{rows} rows of 5 columns as {path.suffix[1:]}, {path.stat().st_size / 2**20:.0f} MiB")
            for words in (["read"], ["analyze", "cycling"]):
                code = MEASURED.format(
                    before="from lamion.cli.main import main", reading=f"assert main([*{words!r}, path]) == 0; rows = 0"
                )
                done = subprocess.run(
                    [sys.executable, "-c", code, str(path)], capture_output=True, text=True, check=False
                )
                if done.returncode:
                    print(f"  lamion {' '.join(words):<20} cannot: {_why(done.stderr)}")
                    continue
                _, whole, peak, _ = json.loads(done.stdout)
                print(f"  lamion {' '.join(words):<20} {whole:6.1f} s CPU, {peak:6.0f} MiB at its peak")


def _write_long(folder: Path, rows: int) -> list[Path]:
    """Write half-cycles of 5000 points at 1 mA between 3 and 4 V, each with a rest before it."""
    import pyarrow
    import pyarrow.csv
    import pyarrow.parquet

    half, place = np.divmod(np.arange(rows), 5000)
    sign = np.where(half % 2, -1.0, 1.0)
    noise = 1e-4 * np.random.default_rng(0).standard_normal(rows)
    table = pyarrow.table(
        {
            "Test Time / s": np.arange(rows, dtype=float),
            "Voltage / V": np.round(3.5 + sign * (place / 5000 - 0.5) + noise, 6),
            "Current / A": np.where(place < 50, 0.0, 1e-3 * sign),
            "Cycle Count / 1": half // 2 + 1.0,
            "Step Count / 1": half + 1.0,
        }
    )
    paths = [folder / "cell.bdf.csv", folder / "cell.bdf.parquet"]
    pyarrow.csv.write_csv(table, paths[0])
    pyarrow.parquet.write_table(table, paths[1])
    return paths


def _make(environments: Path) -> None:
    for name, peer in PEERS.items():
        folder = environments / name
        python = folder / "bin" / "python"
        try:
            if not python.exists():
                subprocess.run([peer.python, "-m", "venv", str(folder)], check=True)
                subprocess.run([str(python), "-m", "pip", "install", "-q", *peer.packages], check=True)
        except (OSError, subprocess.CalledProcessError) as error:
            print(f"{name} cannot be installed: {error}")


if __name__ == "__main__":
    main()
