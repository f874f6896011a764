"""Work on this machine opens no port; on a Dask cluster it goes by TLS, with the certificates of Dask's settings."""

import json
import os
import re
import shutil
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path

import pytest

from lamion.cli.main import main

LISTENS = "0A"
MORE = """
[[step]]
id = "again-{n}"
task = "analyze conductivity"
sample = "film"
files = ["data/synthetic_film_60C_cell{n}.csv"]
temperature = "60 degC"
"""


@pytest.fixture
def film(tmp_path):
    """Make a study of four heavy steps."""
    assert main(["new", str(tmp_path / "film")]) == 0
    study = tmp_path / "film" / "study.toml"
    study.write_text(study.read_text() + "".join(MORE.format(n=n) for n in (1, 2, 3)))
    return tmp_path / "film"


def tree(root):
    """Return a process and all below it."""
    parents = {}
    for place in Path("/proc").glob("[0-9]*"):
        try:
            parents[int(place.name)] = int((place / "stat").read_text().rpartition(")")[2].split()[1])
        except (OSError, ValueError):
            continue
    found = {root}
    while more := {pid for pid, parent in parents.items() if parent in found} - found:
        found |= more
    return found


def sockets(pid):
    """Return the sockets that a process holds open."""
    found = set()
    for handle in Path(f"/proc/{pid}/fd").glob("*"):
        try:
            found |= set(re.findall(r"socket:\[(\d+)\]", os.readlink(handle)))
        except OSError:
            continue
    return found


def listening():
    """Return the sockets of this machine that wait for somebody to connect."""
    rows = [line.split() for name in ("tcp", "tcp6") for line in Path(f"/proc/net/{name}").read_text().splitlines()[1:]]
    return {row[9] for row in rows if row[3] == LISTENS}


@pytest.mark.skipif(not Path("/proc/net/tcp").exists(), reason="reads Linux's tables of sockets")
def test_a_run_listens_nowhere(film):
    import socket

    with socket.create_server(("127.0.0.1", 0)):
        assert sockets(os.getpid()) & listening()
    command = [sys.executable, "-m", "lamion", "run", str(film), "--workers", "2"]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    most = 0
    while process.poll() is None:
        pids = tree(process.pid)
        most = max(most, len(pids))
        assert not {inode for pid in pids for inode in sockets(pid)} & listening()
        time.sleep(0.02)
    assert process.returncode == 0
    assert most >= 3, "the workers were not seen"


def certificate(folder):
    """Make a key and a certificate that vouches for itself."""
    command = [shutil.which("openssl"), "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=a"]
    subprocess.run([*command, "-keyout", "key.pem", "-out", "cert.pem"], cwd=folder, check=True, capture_output=True)
    return str(folder / "key.pem"), str(folder / "cert.pem")


def with_certificates(folder):
    """Return the environment in which Dask's own configuration names the certificates."""
    key, cert = certificate(folder)
    tls = "DASK_DISTRIBUTED__COMM__TLS__"
    found = {**os.environ, f"{tls}CA_FILE": cert, "DASK_DISTRIBUTED__COMM__REQUIRE_ENCRYPTION": "True"}
    for who in ("SCHEDULER", "WORKER", "CLIENT"):
        found |= {f"{tls}{who}__KEY": key, f"{tls}{who}__CERT": cert}
    return found


@contextmanager
def started(*words, environment, log):
    """Run a part of a cluster until the block ends."""
    with log.open("wb") as out:
        process = subprocess.Popen([sys.executable, "-m", *words], env=environment, stdout=out, stderr=out)
    try:
        yield process
    finally:
        process.terminate()
        process.wait(30)


def address_in(file, seconds=60):
    """Wait until the scheduler has written where it is."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if file.exists() and file.read_text():
            return json.loads(file.read_text())["address"]
        time.sleep(0.1)
    raise AssertionError("no scheduler")


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("openssl") is None, reason="makes certificates with openssl")
def test_a_study_runs_on_a_cluster_over_tls(film, tmp_path):
    pytest.importorskip("distributed")
    environment = with_certificates(tmp_path)
    place, log = tmp_path / "scheduler.json", tmp_path / "log"
    scheduler = ["--protocol", "tls", "--host", "127.0.0.1", "--port", "0", "--no-dashboard", "--scheduler-file"]
    worker = ["--nthreads", "1", "--no-nanny", "--no-dashboard", "--host", "127.0.0.1"]
    with started("distributed.cli.dask_scheduler", *scheduler, str(place), environment=environment, log=log):
        address = address_in(place)
        assert address.startswith("tls://")
        words = ("distributed.cli.dask_worker", address, *worker)
        with (
            started(*words, environment=environment, log=tmp_path / "one"),
            started(*words, environment=environment, log=tmp_path / "two"),
        ):
            done = run_on(address, film, tmp_path / "cluster" / "out", environment)
            stranger = run_on(address, film, tmp_path / "stranger" / "out", dict(os.environ))
    assert (done.returncode, done.stderr) == (0, "")
    assert stranger.returncode == 2
    assert "Traceback" not in stranger.stderr
    computed = [(tmp_path / name).read_text().count("tls://") for name in ("one", "two")]
    assert all(computed)
    assert main(["run", str(film), "--out", str(tmp_path / "alone" / "out"), "--workers", "1"]) == 0
    texts = [(tmp_path / place / "out" / "results.json").read_bytes() for place in ("alone", "cluster")]
    assert texts[0] == texts[1]


def run_on(address, study, out, environment):
    """Run a study on a cluster, from nothing."""
    command = [sys.executable, "-m", "lamion", "run", str(study), "--out", str(out), "--scheduler", address]
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
