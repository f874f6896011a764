"""200 spectra of two overlapping bands: lamion beside lmfit called by hand and spectrochempy.

CPU seconds of fitting alone on one thread, in a process each; how often the stated interval of the smaller band's share
of the area holds the truth, in per cent; and how far off that share is at the median. lmfit and spectrochempy run in
virtual environments of their own::

    python benchmarks/peaks.py              # lamion, and peers whose environments are there
    python benchmarks/peaks.py --peers      # make the environments first, with pip

All begin at the known positions. By hand means: two pseudo-Voigt bands and a line, one common mixing, and the share's
deviation from lmfit's covariance. spectrochempy's Optimize states no uncertainty.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

os.environ.update(dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1"))

COUNT = 200
CASES = ((0.7, 10.0), (0.7, 200.0), (1.5, 30.0), (3.0, 10.0), (3.0, 200.0))
SHARE = 0.3

LAMION = """
from lamion.techniques.peaks.fit import fit_peaks
from lamion.techniques.peaks.intervals import share_interval
from lamion.techniques.peaks.peaks import at_positions
bands = at_positions([740.0, 740.0 + separation * 5.0])
def one(x, y):
    share = share_interval(fit_peaks(x, y, bands), bands[1].name)
    return share.value, *share.interval
"""
LMFIT = """
import numpy as np
from lmfit.models import LinearModel, PseudoVoigtModel
model = PseudoVoigtModel(prefix="a_") + PseudoVoigtModel(prefix="b_") + LinearModel()
def one(x, y):
    start = model.make_params(a_center=740.0, b_center=740.0 + separation * 5.0, a_sigma=2.5, b_sigma=2.5,
                              a_amplitude=70.0, b_amplitude=30.0, slope=0.0, intercept=0.0)
    start["a_fraction"].set(value=0.5, min=0.0, max=1.0)
    start["b_fraction"].set(expr="a_fraction")
    for band in "ab":
        start[f"{band}_amplitude"].set(min=0.0)
    fit = model.fit(y, start, x=x)
    a, b = fit.params["a_amplitude"], fit.params["b_amplitude"]
    share = b.value / (a.value + b.value)
    if a.stderr is None or b.stderr is None:
        return share, None, None
    slope = np.array([-b.value, a.value]) / (a.value + b.value) ** 2
    names = fit.var_names
    places = [names.index("a_amplitude"), names.index("b_amplitude")]
    deviation = float(np.sqrt(max(slope @ fit.covar[np.ix_(places, places)] @ slope, 0.0)))
    return share, share - deviation, share + deviation
"""
SPECTROCHEMPY = """
import numpy as np
import spectrochempy as scp
band = '''
MODEL: NAME
shape: asymmetricvoigtmodel
    $ ampl: 10.0, 0.0, none
    $ pos: POSITION, 730.0, 790.0
    > ratio: mixing
    * asym: 0.0, 0, 1
    $ width: 5.0, 1.0, 30.0
'''
places = {"first": 740.0, "second": 740.0 + separation * 5.0}
script = "COMMON:\\n    $ mixing: 0.5, 0.0, 1.0\\n"
for name, at in places.items():
    script += band.replace("NAME", name).replace("POSITION", str(at))
def one(x, y):
    data = scp.NDDataset(y[None], coordset=[scp.Coord([0.0], title="spectrum"), scp.Coord(x, title="shift")])
    fit = scp.Optimize(log_level="ERROR")
    fit.script = script
    fit.autobase = True
    fit.fit(data)
    first, second = (abs(float(np.trapezoid(part, x))) for part in np.asarray(fit.components.data)[1:3])
    return second / (first + second), None, None
"""
RUN = """
import json, sys, time
import numpy as np
data = np.load(sys.argv[1])
separation = float(sys.argv[2])
{code}
one(data["x"], data["y"][0])
begun, found = time.process_time(), []
for y in data["y"]:
    try:
        found.append(one(data["x"], y))
    except Exception:
        found.append((None, None, None))
print(json.dumps([time.process_time() - begun, found]))
"""
PEERS = {"lmfit by hand": (LMFIT, ("lmfit==1.3.4",)), "spectrochempy": (SPECTROCHEMPY, ("spectrochempy",))}


def spectra(folder: Path, separation: float, to_noise: float) -> Path:
    """Write the spectra of one case."""
    import numpy as np

    from lamion.synthetic.spectra import Line, Truth

    x = np.arange(715.0, 740.0 + separation * 5.0 + 25.0, 0.5)
    lines = [Line(740.0, 5.0, 100 * (1 - SHARE)), Line(740.0 + separation * 5.0, 5.0, 100 * SHARE)]
    truth = Truth(lines, [0.5, 0.4], noise=float(Truth(lines).signal(x).max()) / to_noise)
    path = folder / f"{separation:g}_{to_noise:g}.npz"
    np.savez(path, x=x, y=np.stack([truth.measured(x, [2026, seed]) for seed in range(COUNT)]))
    return path


def timed(python: str, code: str, path: Path, separation: float) -> tuple[float, float | None, float]:
    """Return CPU seconds, the share of intervals that hold the truth, and the median error."""
    command = [python, "-c", RUN.format(code=code), str(path), str(separation)]
    said = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    seconds, found = json.loads(said.splitlines()[-1])
    intervals = [(low, high) for _, low, high in found if low is not None]
    inside = sum(low <= SHARE <= high for low, high in intervals)
    errors = sorted(abs(value - SHARE) for value, _, _ in found if value is not None)
    return seconds, 100 * inside / COUNT if intervals else None, errors[len(errors) // 2]


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--peers", action="store_true", help="make the peers' environments")
    parser.add_argument("--environments", type=Path, default=Path(tempfile.gettempdir()) / "lamion-peers")
    given = parser.parse_args()
    programs = {"lamion": (sys.executable, LAMION)}
    for name, (code, packages) in PEERS.items():
        place = given.environments / name.replace(" ", "-")
        if given.peers and not place.exists():
            subprocess.run([sys.executable, "-m", "venv", str(place)], check=True)
            subprocess.run([str(place / "bin" / "pip"), "install", "-q", *packages], check=True)
        if place.exists():
            programs[name] = (str(place / "bin" / "python"), code)
        else:
            print(f"{name}: no environment; --peers makes one")
    print(f"{COUNT} spectra; CPU s | ratio to lmfit by hand | share covered, % | median error of the share")
    with tempfile.TemporaryDirectory() as folder:
        for separation, to_noise in CASES:
            path = spectra(Path(folder), separation, to_noise)
            print(f"separation {separation:g} widths, signal to noise {to_noise:g}")
            table = {name: timed(python, code, path, separation) for name, (python, code) in programs.items()}
            reference = table.get("lmfit by hand", (None,))[0]
            for name, (seconds, covered, error) in table.items():
                ratio = f"{seconds / reference:.2f}" if reference else "-"
                said = "none stated" if covered is None else f"{covered:.0f}"
                print(f"  {name:16s} {seconds:7.2f} {ratio:>6s} {said:>12s} {error:8.3f}")


if __name__ == "__main__":
    main()
