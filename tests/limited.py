"""A command in a process of its own, with what it used: processor time and memory are bounded, not the clock."""

import os
import resource
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


def lamion(*words, cwd, cpu=CPU_SECONDS):
    """Run the command line; a process that passes the limit of CPU time is killed."""
    environment = {**os.environ, "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        process = subprocess.Popen(
            [sys.executable, "-m", "lamion", *map(os.fsencode, words)],
            stdin=subprocess.DEVNULL, stdout=out, stderr=err, cwd=cwd, env=environment,
            preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_CPU, (int(3 * cpu), int(3 * cpu))),
        )  # fmt: skip
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        texts = []
        for file in (out, err):
            file.seek(0)
            texts.append(file.read().decode("utf-8", "backslashreplace"))
    return Ended(process.returncode, *texts, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024)
