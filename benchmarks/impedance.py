"""Circuit fits of 100 synthetic spectra: lamion beside impedance.py and pyimpspec, CPU seconds on one thread.

The spectra are R0-p(R1,CPE1)-p(R2,CPE2)-CPE3 at 60 frequencies from 1e5 to 0.1 Hz with 1 % noise in each part; the
peers get one generic guess for all of them, lamion none. Each peer runs in a virtual environment of its own::

    python benchmarks/impedance.py                 # lamion, and peers whose environments are there
    python benchmarks/impedance.py --peers         # make the environments first, with pip
    python benchmarks/impedance.py --environments DIR --seeds 0 1 2
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
import warnings
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))  # the synthetic spectra stand beside the tests

_THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")
os.environ.update(dict.fromkeys(_THREADS, "1"))

import numpy as np  # noqa: E402

COUNT = 100
GUESS = [10.0, 60.0, 1e-6, 0.85, 60.0, 1e-4, 0.85, 3e-3, 0.85]
PEERS = {
    "impedance.py": ["impedance==1.7.1", "pandas"],
    "pyimpspec": ["pyimpspec==5.1.3"],
}
METHODS = {"impedance.py": ["default", "modulus"], "pyimpspec": ["modulus", "boukamp"]}
REPEATS = 5


def main() -> None:
    options = _options()
    if options.worker:
        _work(*options.worker)
        return
    environments = Path(options.environments)
    if options.peers:
        _make(environments)
    print(f"{'fit':34} {'spectra/CPU s':>14} {'failed':>8} {'wrong':>7} {'median error':>13}")
    for seed in options.seeds:
        print(f"seed {seed}")
        _compare(seed, environments)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--peers", action="store_true", help="make the peers' environments with pip")
    parser.add_argument("--environments", default=str(Path(tempfile.gettempdir()) / "lamion_peers"))
    parser.add_argument("--seeds", type=int, nargs="+", default=[0])
    parser.add_argument("--worker", nargs=3, help=argparse.SUPPRESS)
    return parser.parse_args()


def _compare(seed: int, environments: Path) -> None:
    from tests.engines.circuit_spectrum import two_arc_spectra

    data = two_arc_spectra(COUNT, seed)
    for name, start in (("lamion, no guess", None), ("lamion, from the truth", data.truth)):
        seconds, values, converged = _lamion(data.frequency, data.impedance, start)
        _report(name, seconds, np.where(converged[:, None], values, np.nan), data.truth)
    for peer, methods in METHODS.items():
        python = environments / peer / "bin" / "python"
        for method in methods if python.exists() else []:
            _report(f"{peer}, {method}", *_peer(python, peer, method, data), data.truth)


def _lamion(frequency, impedance, start):
    from tests.engines.circuit_spectrum import CIRCUIT

    from lamion.techniques.impedance.circuit import Circuit
    from lamion.techniques.impedance.fit import fit_circuit
    from lamion.techniques.impedance.spectra import gather

    seconds = []
    for _ in range(REPEATS):
        begin = time.process_time()
        fits = fit_circuit(Circuit.read(CIRCUIT), gather(frequency, impedance), start=start)
        deviations = fits.deviations
        seconds.append(time.process_time() - begin)
    assert deviations.shape == fits.values.shape
    return float(np.median(seconds)), fits.values, fits.converged


def _report(name: str, seconds: float, values, truth) -> None:
    """Print the rate, what failed, what converged but is off by more than 25 % somewhere, and the median error."""
    error = np.abs(values / truth - 1)
    failed = np.isnan(error).any(axis=1)
    wrong = (error[~failed].max(axis=1) > 0.25).sum()
    median = np.median(error[~failed]) if not failed.all() else np.nan
    print(f"{name:34} {len(truth) / seconds:14.1f} {failed.sum():8d} {wrong:7d} {100 * median:12.2f} %", flush=True)


def _peer(python: Path, peer: str, method: str, data) -> tuple[float, np.ndarray]:
    with tempfile.TemporaryDirectory() as folder:
        given = Path(folder) / "spectra.npz"
        np.savez(given, frequency=data.frequency, impedance=data.impedance)
        command = [str(python), "-P", __file__, "--worker", peer, method, str(given)]
        done = subprocess.run(command, check=True, capture_output=True, text=True)
    found = json.loads(done.stdout.splitlines()[-1])
    values = np.array(found["values"], dtype=float)
    return found["seconds"], _in_order(values)


def _in_order(values: np.ndarray) -> np.ndarray:
    """Put the faster arc first, as the truth has it: peers leave the arcs as they come."""
    with np.errstate(invalid="ignore", over="ignore", divide="ignore"):
        fast, slow = ((values[:, i] * values[:, i + 1]) ** (1 / values[:, i + 2]) for i in (1, 4))
    swapped = values[:, [0, 4, 5, 6, 1, 2, 3, 7, 8]]
    return np.where((fast > slow)[:, None], swapped, values)


def _work(peer: str, method: str, file: str) -> None:
    """Run inside the peer's environment: fit all spectra and print a line of JSON."""
    data = np.load(file)
    fit = {"impedance.py": _impedance_py, "pyimpspec": _pyimpspec}[peer](method)
    values = []
    begin = time.process_time()
    for impedance in data["impedance"]:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            try:
                values.append([float(v) for v in fit(data["frequency"], impedance)])
            except Exception:  # noqa: BLE001  a peer may fail in any way; that is what is counted
                values.append([float("nan")] * len(GUESS))
    print(json.dumps({"seconds": time.process_time() - begin, "values": values}))


def _impedance_py(method: str):
    from impedance.models.circuits import CustomCircuit

    def fit(frequency, impedance):
        circuit = CustomCircuit("R0-p(R1,CPE1)-p(R2,CPE2)-CPE3", initial_guess=GUESS)
        return circuit.fit(frequency, impedance, weight_by_modulus=method == "modulus").parameters_

    return fit


def _pyimpspec(method: str):
    from pyimpspec import DataSet, fit_circuit, parse_cdc

    r0, r1, q1, n1, r2, q2, n2, q3, n3 = GUESS
    code = f"R{{R={r0}}}(R{{R={r1}}}Q{{Y={q1},n={n1}}})(R{{R={r2}}}Q{{Y={q2},n={n2}}})Q{{Y={q3},n={n3}}}"

    def fit(frequency, impedance):
        data = DataSet(frequencies=frequency, impedances=impedance)
        result = fit_circuit(parse_cdc(code), data, method="least_squares", weight=method, num_procs=1)
        return [v for element in result.circuit.get_elements() for v in element.get_values().values()]

    return fit


def _make(environments: Path) -> None:
    for peer, packages in PEERS.items():
        folder = environments / peer
        if not (folder / "bin" / "python").exists():
            subprocess.run([sys.executable, "-m", "venv", str(folder)], check=True)
            subprocess.run([str(folder / "bin" / "pip"), "install", "-q", *packages], check=True)


if __name__ == "__main__":
    main()
