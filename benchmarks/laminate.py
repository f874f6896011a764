"""Resolved laminates and voxel images: lamion's CPU seconds, beside TauFactor's on the same image and one thread.

The image is brick and mortar: bricks of 28 x 28 x 4 voxels, 4 voxels apart, every other layer shifted by half a
period. TauFactor runs in a virtual environment of its own, with PyTorch's CPU build::

    python benchmarks/laminate.py                  # lamion, and TauFactor if its environment is there
    python benchmarks/laminate.py --peers          # make the environment first, with pip
    python benchmarks/laminate.py --environments DIR --sizes 64 128 256
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

LARGEST_FOR_PEER = 128
PACKAGES = ["torch==2.13.0+cpu", "taufactor==1.2.1"]


def main() -> None:
    options = _options()
    if options.worker:
        _taufactor(int(options.worker))
        return
    python = Path(options.environments) / "taufactor" / "bin" / "python"
    if options.peers and not python.exists():
        subprocess.run([sys.executable, "-m", "venv", str(python.parents[1])], check=True)
        subprocess.run([str(python), "-m", "pip", "install", "-q", *PACKAGES], check=True)
    _sheets()
    print(f"\n{'image':14} {'program':22} {'CPU s':>8} {'tau':>12} {'error':>9} {'iterations':>10}")
    for size in options.sizes:
        _images(size, python)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--peers", action="store_true", help="make TauFactor's environment with pip")
    parser.add_argument("--environments", default=str(Path(tempfile.gettempdir()) / "lamion_peers"))
    parser.add_argument("--sizes", type=int, nargs="+", default=[64, 128, 256])
    parser.add_argument("--worker", help=argparse.SUPPRESS)
    return parser.parse_args()


def _sheets() -> None:
    from lamion.models.laminate.bricks import Bricks
    from lamion.models.laminate.resolved import resolve

    resolve(Bricks(1e-6, 4.5e-9, 4.5e-9, 4.5e-9), 0.1)
    print(f"{'laminate':34} {'CPU s':>8} {'ratio':>12} {'error':>9} {'cells':>8}")
    for sheet in (0.0, 0.1):
        begin = time.process_time()
        found = resolve(Bricks(3e-6, 4.5e-9, 4.5e-9, 4.5e-9), sheet)
        seconds = time.process_time() - begin
        name = f"3 um x 4.5 nm, sheets {sheet:g}"
        print(f"{name:34} {seconds:8.3f} {found.value:12.6g} {found.error / found.value:9.1e} {found.cells:8d}")


def bricks(size: int, width: int = 28, gap: int = 4, thickness: int = 4, gallery: int = 4) -> np.ndarray:
    """The image: 1 where the fluid is."""
    z, y, x = np.ogrid[:size, :size, :size]
    period = width + gap
    shift = (z // (thickness + gallery)) % 2 * (period // 2)
    solid = (z % (thickness + gallery) < thickness) & ((y + shift) % period < width) & ((x + shift) % period < width)
    return (~solid).astype(np.uint8)


def _images(size: int, python: Path) -> None:
    from lamion.models.laminate.voxels import between_voxel_faces, conductivities_of

    exact = between_voxel_faces(conductivities_of(bricks(size), {1: 1.0}), tolerance=1e-11).tortuosity_factor
    image = bricks(size)
    for tolerance in (1e-3, 1e-5):
        begin = time.process_time()
        found = between_voxel_faces(conductivities_of(image, {1: 1.0}), tolerance=tolerance)
        seconds = time.process_time() - begin
        _report(size, f"lamion, {tolerance:g}", seconds, found.tortuosity_factor, exact, found.iterations)
    print(f"{'':14} {'peak memory':22} {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20:8.2f} GiB")
    if python.exists() and size <= LARGEST_FOR_PEER:
        done = subprocess.run(
            [str(python), "-P", __file__, "--worker", str(size)], check=True, capture_output=True, text=True
        )
        for row in json.loads(done.stdout.splitlines()[-1]):
            _report(size, f"TauFactor, {row['criterion']:g}", row["seconds"], row["tau"], exact, row["iterations"])


def _report(size: int, program: str, seconds: float, tau: float, exact: float, iterations: int) -> None:
    error = abs(tau / exact - 1)
    print(f"{size:5d}^3        {program:22} {seconds:8.2f} {tau:12.7f} {error:9.1e} {iterations:10d}", flush=True)


def _taufactor(size: int) -> None:
    """Run inside TauFactor's environment: its default criterion, and a stricter one."""
    import taufactor
    import torch

    torch.set_num_threads(1)
    image = bricks(size)
    rows = []
    for criterion in (1e-2, 1e-3):
        begin = time.process_time()
        solver = taufactor.Solver(image, device=torch.device("cpu"))
        solver.solve(verbose=False, conv_crit=criterion, iter_limit=100_000)
        seconds = time.process_time() - begin
        tau = float(np.asarray(solver.tau).ravel()[0])
        rows.append({"criterion": criterion, "seconds": seconds, "tau": tau, "iterations": int(solver.iter)})
    print(json.dumps(rows))


if __name__ == "__main__":
    main()
