"""Kramers-Kronig tests and relaxation times: spectra per CPU second on one thread, errors, and the power to see drift.

    python benchmarks/validity_and_relaxation.py
    python benchmarks/validity_and_relaxation.py --peers impedance=PYTHON pyimpspec=PYTHON

PYTHON is the interpreter of an environment with impedance.py 1.7.1 (numpy below 2), or with pyimpspec 5.1.3. The
spectra (60 points, 1e5 to 0.1 Hz, 1 % noise of the modulus on each part) come from the seeds below:
blocking ones R0-p(R1,CPE1)-p(R2,CPE2)-CPE3 for the tests, and ones without the last CPE for the relaxation times.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

F = np.geomspace(0.1, 1e5, 60)
S = 2j * np.pi * F
SPECTRA = 100
LAMBDA = 1e-3
GRID = np.geomspace(1e-5, 1e-1, 121)

_PEERS = {
    "impedance": """
from impedance.validation import linKK
def kk(f, z):
    tested = linKK(f, z, c=0.85, max_M=50, fit_type="complex", add_cap=True)
    return float(np.sqrt(np.mean(np.array(tested[3:]) ** 2)))
work = {"kk": (kk, blocking)}
""",
    "pyimpspec": """
from pyimpspec import DataSet
try:
    from pyimpspec.analysis.drt.tr_nnls import calculate_drt_tr_nnls as tr
except ImportError:
    from pyimpspec import calculate_drt_tr_nnls as tr
def error(f, z, value, mode):
    r = tr(DataSet(f[::-1], z[::-1]), mode=mode, lambda_value=value)
    order = np.argsort(r.time_constants)
    return np.interp(np.log(grid), np.log(r.time_constants[order]), r.gammas[order]).tolist()
work = {f"drt {m} {n}": ((lambda f, z, v=v, m=m: error(f, z, v, m)), arcs)
        for m in ("real", "imaginary") for n, v in (("fixed", 1e-3), ("automatic", -1.0))}
""",
}
_RUNNER = """
import contextlib, io, json, sys, time
import numpy as np
d = np.load(sys.argv[1]); f, blocking, arcs, grid = d["f"], d["blocking"], d["arcs"], d["grid"]
{body}
said = {{}}
for name, (call, spectra) in work.items():
    with contextlib.redirect_stdout(io.StringIO()):
        call(f, spectra[0])
        start = time.process_time()
        values = [call(f, z) for z in spectra]
        said[name] = {{"rate": len(spectra) / (time.process_time() - start), "values": values}}
print(json.dumps(said))
"""


def noisy(impedance, noise, random):
    parts = random.standard_normal((2, len(impedance)))
    return impedance + noise * np.abs(impedance) * (parts[0] + 1j * parts[1])


def truth(seed, growth=0.0):
    """R0, two arcs (the second grows during the sweep), the blocking tail, and the arcs' distribution."""
    random = np.random.default_rng(seed)
    r0, r1, r2 = 10 ** random.uniform([0, 1, 1], [2, 3, 3])
    t1, t2 = 10 ** random.uniform([-4.5, -2.5], [-3.5, -1.5])
    n1, n2, n3 = random.uniform([0.8, 0.8, 0.7], [0.95, 0.95, 0.95])
    elapsed = np.cumsum(2 / F[::-1] + 0.5)
    r = 1 + growth * (elapsed / elapsed[-1])[::-1]
    arcs = r0 + r1 / (1 + (S * t1) ** n1) + r2 * r / (1 + r * (S * t2) ** n2)
    tail = 1 / (10 ** random.uniform(-4, -3) * S**n3)
    return arcs, tail, cole_cole(r1, t1, n1) + cole_cole(r2, t2, n2)


def cole_cole(r, tau, n):
    x = n * np.log(GRID / tau)
    return r / (2 * np.pi) * np.sin((1 - n) * np.pi) / (np.cosh(x) - np.cos((1 - n) * np.pi))


def spectra():
    arcs, blocking, gammas = [], [], []
    for seed in range(SPECTRA):
        arc, tail, gamma = truth(seed)
        random = np.random.default_rng(10_000 + seed)
        arcs.append(noisy(arc, 0.01, random))
        blocking.append(noisy(arc + tail, 0.01, random))
        gammas.append(gamma)
    return np.array(arcs), np.array(blocking), np.array(gammas)


def rate(call, values):
    call(values[0])
    start = time.process_time()
    results = [call(z) for z in values]
    return len(values) / (time.process_time() - start), results


def median_error(found, gammas):
    found = np.array(found)
    return float(np.median(np.linalg.norm(found - gammas, axis=1) / np.linalg.norm(gammas, axis=1)))


def lamion(arcs, blocking, gammas):
    from lamion.techniques.impedance.drt_tikhonov import relaxation_times_raw
    from lamion.techniques.impedance.kramers_kronig import lin_kk
    from lamion.techniques.impedance.peaks import find_peaks
    from lamion.techniques.impedance.validity import validity_raw

    speed, tested = rate(lambda z: lin_kk(F, z), blocking)
    rms = np.mean([t.residual_rms for t in tested])
    print(f"lamion Lin-KK                    {speed:8.1f} spectra / CPU s, rms {100 * rms:.2f} %")
    speed, judged = rate(lambda z: validity_raw(F, z), blocking)
    print(f"lamion Lin-KK with verdict       {speed:8.1f} spectra / CPU s, {sum(v.valid for v in judged)} % valid")
    for name, value in (("fixed lambda", LAMBDA), ("automatic lambda", None)):
        speed, found = rate(lambda z, v=value: relaxation_times_raw(F, z, regularisation=v, tail="none"), arcs)
        error = median_error([np.interp(np.log(GRID), np.log(d.time_constants), d.gamma) for d in found], gammas)
        print(f"lamion DRT, {name:<20} {speed:8.1f} spectra / CPU s, median error {100 * error:.1f} %")
    speed, _ = rate(lambda z: find_peaks(relaxation_times_raw(F, z)), arcs)
    print(f"lamion DRT and peaks             {speed:8.1f} spectra / CPU s")
    speed, _ = rate(lambda z: find_peaks(relaxation_times_raw(F, z)), blocking)
    print(f"lamion DRT and peaks, blocking   {speed:8.1f} spectra / CPU s")


def power():
    from lamion.techniques.impedance.validity import validity_raw

    print("share called not valid, by growth of the slower arc during the sweep (without and with a blocking tail)")
    for noise in (0.01, 0.003, 0.001):
        for growth in (0.0, 0.1, 0.2, 0.5, 1.0, 2.0):
            random = np.random.default_rng(3)
            drawn = [truth(seed, growth)[:2] for seed in range(SPECTRA)]
            shares = [
                np.mean(
                    [not validity_raw(F, noisy(arc + with_tail * tail, noise, random)).valid for arc, tail in drawn]
                )
                for with_tail in (0, 1)
            ]
            print(f"  noise {100 * noise:.1f} %, growth {100 * growth:3.0f} %: {shares[0]:.2f} {shares[1]:.2f}")


def peer(name, python, arcs, blocking, gammas):
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder) / "spectra.npz"
        np.savez(data, f=F, blocking=blocking, arcs=arcs, grid=GRID)
        script = _RUNNER.format(body=_PEERS[name])
        done = subprocess.run([python, "-c", script, data], capture_output=True, text=True, env=os.environ, check=False)
    if done.returncode:
        print(f"{name} failed: {done.stderr.strip().splitlines()[-1]}")
        return
    for what, said in json.loads(done.stdout.strip().splitlines()[-1]).items():
        values = said["values"]
        size = (
            f"rms {100 * np.mean(values):.2f} %"
            if what == "kk"
            else f"median error {100 * median_error(values, gammas):.1f} %"
        )
        print(f"{name} {what:<24} {said['rate']:8.1f} spectra / CPU s, {size}")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--peers", nargs="*", default=[], metavar="NAME=PYTHON")
    parser.add_argument("--no-power", action="store_true", help="leave out the drifting spectra")
    arguments = parser.parse_args()
    if os.environ.get("OPENBLAS_NUM_THREADS") != "1":
        one = {**os.environ, **dict.fromkeys(("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"), "1")}
        sys.exit(subprocess.run([sys.executable, *sys.argv], env=one, check=False).returncode)
    arcs, blocking, gammas = spectra()
    lamion(arcs, blocking, gammas)
    for name, _, python in (text.partition("=") for text in arguments.peers):
        peer(name, python, arcs, blocking, gammas)
    if not arguments.no_power:
        power()


if __name__ == "__main__":
    main()
