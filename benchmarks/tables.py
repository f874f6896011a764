"""Reading a table of a million rows and three columns: lamion.read beside pandas and polars.

Each reads in a process of its own, import included; CPU seconds of the process and its peak memory above the bare
interpreter, and both over those of pandas. Polars, which lamion does not need, is used where it is installed: name
another interpreter that has it with --polars.

    python benchmarks/tables.py [--rows 1000000] [--polars /path/to/python]
"""

from __future__ import annotations

import argparse
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

READERS = {
    "bare interpreter": "pass",
    "numpy's import": "import numpy",
    "lamion": "import lamion; lamion.read(path).records[0].voltage",
    "pandas": "import pandas; {name: c.to_numpy() for name, c in pandas.read_csv(path).items()}",
    "numpy.loadtxt": "import numpy; numpy.loadtxt(path, delimiter=',', skiprows=1)",
    "polars": "import polars; {c.name: c.to_numpy() for c in polars.read_csv(path).iter_columns()}",
}
MEASURED = """
import re, resource, sys
path = sys.argv[1]
{body}
used = resource.getrusage(resource.RUSAGE_SELF)
try:  # the peak since this program began; the other counts from the one that started it
    peak = int(re.search(r"VmHWM:\\s*(\\d+)", open("/proc/self/status").read())[1])
except OSError:
    peak = used.ru_maxrss
print(used.ru_utime + used.ru_stime, peak / 1024)
"""


def write(path: Path, rows: int) -> None:
    """Write a transient as a cycler's program would."""
    random = np.random.default_rng(1)
    voltage, current = 3.0 + random.random(rows), 1e-3 * random.standard_normal(rows)
    with path.open("w") as file:
        file.write("Test Time / s,Voltage / V,Current / A\n")
        file.writelines(
            f"{0.5 * k:.1f},{v:.6f},{i:.6e}\n" for k, (v, i) in enumerate(zip(voltage, current, strict=True))
        )


def measured(python: str, body: str, path: Path, repeats: int) -> tuple[float, float]:
    """Return the least CPU seconds and MiB of some runs; NaN where the reader is not there."""
    found = []
    for _ in range(repeats):
        command = [python, "-c", MEASURED.format(body=body), str(path)]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode:
            return float("nan"), float("nan")
        found.append(tuple(map(float, done.stdout.split())))
    cpu, memory = np.min(found, axis=0)
    return float(cpu), float(memory)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--polars", default=sys.executable)
    arguments = parser.parse_args()
    with TemporaryDirectory() as folder:
        for rows in (70, arguments.rows):
            path = Path(folder, f"{rows}.csv")
            write(path, rows)
            pythons = {"polars": arguments.polars}
            found = {
                name: measured(pythons.get(name, sys.executable), body, path, arguments.repeats)
                for name, body in READERS.items()
            }
            bare, pandas = found["bare interpreter"][1], found["pandas"]
            print(f"{rows} rows, 3 columns, {path.stat().st_size / 2**20:.1f} MiB")
            for name, (cpu, memory) in found.items():
                above = memory - bare
                ratios = f"{cpu / pandas[0]:5.2f} x   {above / (pandas[1] - bare):5.2f} x"
                print(f"  {name:<17} {cpu:6.2f} s CPU  {above:6.0f} MiB above bare   over pandas {ratios}")


if __name__ == "__main__":
    main()
