"""CPU time of `lamion --help` over that of `import argparse`, measured in turn: the ratio must stay below 3.5."""

import os
import resource
import statistics
import subprocess
import sys

RUNS = 15


def cpu_seconds(command: list[str]) -> float:
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(command, check=True, capture_output=True, env={**os.environ, "OPENBLAS_NUM_THREADS": "1"})
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def main() -> None:
    ratios = [
        cpu_seconds([sys.executable, "-m", "lamion", "--help"]) / cpu_seconds([sys.executable, "-c", "import argparse"])
        for _ in range(RUNS + 1)
    ][1:]
    print(f"help / import argparse: median {statistics.median(ratios):.2f}, {min(ratios):.2f} to {max(ratios):.2f}")


if __name__ == "__main__":
    main()
