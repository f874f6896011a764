"""A command in a process of its own, with what it used: processor time and memory are bounded, not the clock."""

import os
import subprocess
import sys
import tempfile
from dataclasses import dataclass

import pytest

POSIX = pytest.mark.skipif(os.name == "nt", reason="needs limits of resources")
CPU_SECONDS, MEGABYTES = 5.0, 500.0


@dataclass
class Ended:
    status: int
    out: str
    err: str
    cpu: float
    megabytes: float


_LAUNCHER = """
import os, resource, subprocess, sys
limit = int(sys.argv[2])
process = subprocess.Popen(
    [os.fsencode(word) for word in sys.argv[3:]],
    preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_CPU, (limit, limit)),
)
_, status, used = os.wait4(process.pid, 0)
report = f"{os.waitstatus_to_exitcode(status)} {used.ru_utime + used.ru_stime} {used.ru_maxrss / 1024}"
os.write(int(sys.argv[1]), report.encode())
"""
"""A small process between: the system counts what its parent held before it began as a process's own."""


def lamion(*words, cwd, cpu=CPU_SECONDS):
    """Run the command line; a process that passes the limit of CPU time is killed."""
    environment = {**os.environ, "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err, tempfile.TemporaryFile() as report:
        subprocess.run(
            [
                *(sys.executable, "-c", _LAUNCHER, str(report.fileno()), str(int(3 * cpu))),
                *(sys.executable, "-m", "lamion", *map(os.fsencode, words)),
            ],
            stdin=subprocess.DEVNULL, stdout=out, stderr=err, cwd=cwd, env=environment,
            pass_fds=[report.fileno()], check=True,
        )  # fmt: skip
        texts = []
        for file in (out, err, report):
            file.seek(0)
            texts.append(file.read().decode("utf-8", "backslashreplace"))
    status, used, megabytes = texts.pop().split()
    return Ended(int(status), *texts, float(used), float(megabytes))
