"""A film of 135 x 100 um between lithium electrodes, 100 x 100 cells, 60 s at 1C: lamion beside other programs.

PEO/SN/LiTFSI, 8.92e-5 S/cm, 2 mol/L, t+ 0.35, Nernst and Einstein; 29 outputs, early ones close together. The error is
the largest at any output and place against the exact series. CPU seconds on one thread; each program runs in a virtual
environment of its own::

    python benchmarks/transport.py                 # lamion, and peers whose environments are there
    python benchmarks/transport.py --peers         # make the environments first, with pip
    python benchmarks/transport.py --environments DIR --only same best kinetics growth
"""

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

_THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")
os.environ.update(dict.fromkeys(_THREADS, "1"))

import numpy as np  # noqa: E402

sys.path.insert(0, str(Path(__file__).parent))
import transport_peers as case  # noqa: E402

PEERS = {
    "FiPy": ["fipy==4.0.3", "scipy"],
    "NGSolve": ["ngsolve", "numpy"],
    "scikit-fem": ["scikit-fem==12.0.2", "numpy", "scipy"],
}
SAME = [("FiPy", "coupled"), ("NGSolve", "coupled"), ("scikit-fem", "coupled")]
BEST = [
    *(("FiPy", "best", steps) for steps in (1, 4, 16)),
    *(("scikit-fem", "best", steps) for steps in (1, 2, 4)),
    ("scikit-fem", "best-quadratic", 1),
]
TOLERANCES = (1e-4, 1e-5)
GROWTH = (100, 200, 400, 1000)


def main() -> None:
    options = _options()
    if options.worker:
        _grow(*options.worker)
        return
    environments = Path(options.environments)
    if options.peers:
        _make(environments)
    parts = {"same": _same, "best": _best, "kinetics": _kinetics, "growth": lambda _: _growth()}
    for name in options.only:
        parts[name](environments)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--peers", action="store_true", help="make the peers' environments with pip")
    parser.add_argument("--environments", default=str(Path(tempfile.gettempdir()) / "lamion_peers"))
    parser.add_argument("--only", nargs="+", default=["same", "best", "kinetics", "growth"], metavar="PART")
    parser.add_argument("--worker", nargs=2, help=argparse.SUPPRESS)
    return parser.parse_args()


def _same(environments: Path) -> None:
    print("same algorithm, same even mesh: c and potential coupled, Newton's method, 29 steps of backward Euler")
    _header()
    seconds, found = _lamion("coupled", _euler())
    _row("lamion", seconds, _error(found, "coupled"), found.solves)
    direct, found = _without_modes(lambda: _lamion("coupled", _euler()))
    _row("lamion, its sparse factorisation", direct, _error(found, "coupled"), found.solves)
    for peer, method in SAME:
        _peer_row(environments, peer, method, 1, seconds)


def _best(environments: Path) -> None:
    from lamion.numerics.time_steps import Stepping

    print("each program's best: concentration alone, then a potential at each output; one mesh finer at the electrodes")
    _header()
    fastest = None
    for tolerance in TOLERANCES:
        seconds, found = _lamion(None, Stepping(tolerance=tolerance), "best")
        fastest = fastest or seconds
        _row(f"lamion, tolerance {tolerance:g}", seconds, _error(found, "best"), found.solves)
    for peer, method, steps in BEST:
        _peer_row(environments, peer, method, steps, fastest)


def _kinetics(environments: Path) -> None:
    from lamion.models.transport.electrodes import from_resistance

    print(f"charge transfer of {1e4 * case.RESISTANCE:g} ohm cm2 at each electrode, {case.VOLTAGE:g} V held; coupled")
    _header("A/m2 at 60 s")
    held = {"kinetics": from_resistance(case.RESISTANCE, case.TEMPERATURE), "control": "voltage", "value": case.VOLTAGE}
    seconds, found = _lamion("coupled", _euler(), **held)
    _row("lamion", seconds, found.terminals[-1].current, found.solves)
    direct, found = _without_modes(lambda: _lamion("coupled", _euler(), **held))
    _row("lamion, its sparse factorisation", direct, found.terminals[-1].current, found.solves)
    _peer_row(environments, "NGSolve", "kinetics", 1, seconds, "end")


def _growth() -> None:
    """Print what lamion costs from 1e4 to 1e6 cells, each run in a process of its own."""
    print("lamion from 1e4 to 1e6 cells: CPU seconds and peak memory")
    print(f"{'cells':>9} {'decoupled, s':>13} {'MiB':>6} {'coupled, s':>12} {'MiB':>6}")
    for side in GROWTH:
        cells = []
        for path in ("decoupled", "coupled"):
            command = [sys.executable, __file__, "--worker", path, str(side)]
            done = subprocess.run(command, check=True, capture_output=True, text=True)
            cells.append(json.loads(done.stdout.splitlines()[-1]))
        (a, b), (c, d) = ((item["seconds"], item["memory"]) for item in cells)
        print(f"{side**2:9d} {a:13.2f} {b:6.0f} {c:12.2f} {d:6.0f}", flush=True)


def _grow(path: str, side: str) -> None:
    """Run ten even outputs on side x side cells and print a line of JSON."""
    from lamion.numerics.time_steps import Stepping

    stepping = Stepping(tolerance=1e-4) if path == "decoupled" else _euler()
    seconds, _ = _lamion(path, stepping, cells=int(side), times=np.linspace(12.0, 60.0, 5))
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({"seconds": seconds, "memory": memory}))


def _lamion(path, stepping, method="coupled", *, cells=case.CELLS, times=case.OUTPUTS, control="current", **given):
    from lamion.models.transport.binary_electrolyte import dilute
    from lamion.models.transport.electrodes import REVERSIBLE
    from lamion.models.transport.medium import uniform
    from lamion.models.transport.protocol import step
    from lamion.models.transport.simulation import simulate
    from lamion.models.transport.uniform_film import UniformFilm
    from lamion.numerics.tensor_grid import TensorGrid, even_edges

    film = UniformFilm(case.LENGTH, case.SIGMA, case.TRANSFERENCE, case.INITIAL, case.TEMPERATURE)
    along = case.edges(method) if cells == case.CELLS else even_edges(case.LENGTH, cells)
    medium = uniform(TensorGrid((along, even_edges(case.WIDTH, cells))), dilute(film))
    begin = time.process_time()
    found = simulate(
        medium,
        step(given.get("value", case.CURRENT), 60.0, control=control),
        case.INITIAL,
        times=list(times),
        path=path,
        stepping=stepping,
        kinetics=given.get("kinetics", REVERSIBLE),
    )
    return time.process_time() - begin, found


def _euler():
    from lamion.numerics.time_steps import BACKWARD_EULER, Stepping

    return Stepping(fixed=60.0, scheme=BACKWARD_EULER)


def _without_modes(run):
    """Run with the factorisation that films use which are not layered."""
    from lamion.models.transport import coupled

    kept, coupled._MANY = coupled._MANY, sys.maxsize
    try:
        return run()
    finally:
        coupled._MANY = kept


def _error(found, method: str) -> float:
    exact = [case.exact(case.centres(method), t) for t in case.OUTPUTS]
    return max(float(np.abs(c - e[:, np.newaxis]).max()) for c, e in zip(found.concentration, exact, strict=True))


def _header(last: str = "error, mol/m3") -> None:
    print(f"{'program':38} {'CPU s':>8} {'solves':>7} {last:>14} {'over lamion':>12}")


def _row(name: str, seconds: float, last: float, solves: int, ratio: float | None = None) -> None:
    print(f"{name:38} {seconds:8.2f} {solves:7d} {last:14.4g} {f'{ratio:.1f}' if ratio else '':>12}", flush=True)


def _peer_row(environments: Path, peer: str, method: str, steps: int, lamion: float, last: str = "error") -> None:
    python = environments / peer / "bin" / "python"
    if not python.exists():
        return
    script = Path(__file__).with_name("transport_peers.py")
    command = [str(python), "-P", str(script), peer, method, str(steps)]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    found = json.loads(done.stdout.splitlines()[-1])
    name = f"{peer}, {method}, {steps} steps per output" if method.startswith("best") else f"{peer}, {method}"
    _row(name, found["seconds"], found[last], found["solves"], found["seconds"] / lamion)


def _make(environments: Path) -> None:
    for peer, packages in PEERS.items():
        folder = environments / peer
        if not (folder / "bin" / "python").exists():
            subprocess.run([sys.executable, "-m", "venv", str(folder)], check=True)
            subprocess.run([str(folder / "bin" / "pip"), "install", "-q", *packages], check=True)


if __name__ == "__main__":
    main()
