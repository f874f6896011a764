"""The page in a real browser: how soon the first spectrum stands, how fast a fit follows, how fast one goes through.

Run it with: python benchmarks/page.py (Debian's chromium, the extra `page` and playwright). Each launch is a process of
its own, the browser stays; the plain page is Starlette with the same drawing library and plots of the same columns, and
reads the same file without lamion.
"""

from __future__ import annotations

import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import textwrap
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from playwright.sync_api import sync_playwright

from lamion.formats.csv_table import spectrum_text
from lamion.page.app import STATIC
from lamion.records import ImpedanceSpectrum
from lamion.techniques.impedance.circuit import Circuit

LAUNCHES = 7
FITS = 9
SPECTRA = 100
LAMION = [sys.executable, "-m", "lamion", "page", "--no-open"]
CIRCUIT = "R0-p(R1,CPE1)-p(R2,CPE2)"
_DRAWN = "#bode .scatterlayer path.point"
_LOOK = f"""
const look = () => {{
  if (document.querySelector("{_DRAWN}")) window.drawnAt = (performance.timeOrigin + performance.now()) / 1000;
  else requestAnimationFrame(look);
}};
look();
"""
"""Notes the first frame with points: the driver looks for them every half second alone."""

_PLAIN = """
    import csv, socket, sys
    import uvicorn
    from starlette.applications import Starlette
    from starlette.responses import HTMLResponse, JSONResponse, Response
    from starlette.routing import Mount, Route
    from starlette.staticfiles import StaticFiles

    static, path = sys.argv[1:]
    PAGE = '''<!doctype html><meta charset="utf-8"><script src="/static/plotly-basic.min.js" defer></script>
    <script type="module" src="/plain.js"></script>
    <div id="plane" style="width:500px;height:560px;float:left"></div>
    <div id="bode" style="width:500px;height:560px;float:left"></div>'''
    SCRIPT = '''
    const rows = await (await fetch("/data")).json();
    const [f, re, im] = [0, 1, 2].map((k) => rows.map((row) => row[k]));
    const style = {mode: "lines+markers", type: "scatter"};
    const abs = re.map((x, k) => Math.hypot(x, im[k])), phase = re.map((x, k) => -Math.atan2(im[k], x) * 180 / Math.PI);
    await Plotly.newPlot("plane", [{...style, x: re, y: im.map((y) => -y)}], {yaxis: {scaleanchor: "x"}});
    await Plotly.newPlot("bode", [{...style, x: f, y: abs}, {...style, x: f, y: phase, yaxis: "y2"}],
      {xaxis: {type: "log"}, yaxis: {type: "log", domain: [0.55, 1]}, yaxis2: {domain: [0, 0.45]}});
    '''

    def data(request):
        with open(path) as file:
            rows = [row for row in csv.reader(file) if not row[0].startswith("#")][1:]
        return JSONResponse([[float(cell) for cell in row] for row in rows])

    app = Starlette(routes=[
        Route("/", lambda request: HTMLResponse(PAGE)),
        Route("/plain.js", lambda request: Response(SCRIPT, media_type="text/javascript")),
        Route("/data", data), Mount("/static", StaticFiles(directory=static)),
    ])
    listening = socket.socket(proto=socket.IPPROTO_TCP)
    listening.bind(("127.0.0.1", 0))
    listening.listen()
    print(f"http://127.0.0.1:{listening.getsockname()[1]}/", flush=True)
    uvicorn.Server(uvicorn.Config(app, log_level="error", access_log=False)).run(sockets=[listening])
"""


def spectrum(seed: int) -> str:
    """Make 100 points of two arcs with 0.3 % noise."""
    f = np.geomspace(1e6, 0.1, 100)
    rng = np.random.default_rng(seed)
    z = Circuit.read(CIRCUIT).impedance([5.0, 40.0 + seed % 7, 1e-7, 0.9, 80.0 + seed, 2e-4, 0.85], f)
    z = z * (1 + 0.003 * (rng.standard_normal(100) + 1j * rng.standard_normal(100)))
    return spectrum_text(ImpedanceSpectrum(f, z))


def drawn_after(browser: Any, command: list[str], cwd: Path) -> float:
    """Return the seconds from launch to the first drawn spectrum."""
    page = browser.new_page(viewport={"width": 1440, "height": 900})
    page.add_init_script(_LOOK)
    page.goto("about:blank")
    began = time.time()
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=cwd, env=_installed()) as server:
        try:
            assert server.stdout is not None
            page.goto(server.stdout.readline().strip(), wait_until="commit")
            page.wait_for_selector(_DRAWN, state="attached")
            return float(page.evaluate("window.drawnAt")) - began
        finally:
            server.terminate()
            page.close()


def _installed() -> dict[str, str]:
    """Return the environment in which bytecode is kept, as that of installed packages is."""
    return {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}


def told(name: str, seconds: list[float], limit: str) -> None:
    low, middle, high = min(seconds), statistics.median(seconds), max(seconds)
    print(f"{name:<58} {middle:7.3f} s  ({low:.3f} to {high:.3f})  {limit}")


def launches(browser: Any, folder: Path) -> None:
    lamion = [*LAMION, "000.csv"]
    plain = [sys.executable, "-c", textwrap.dedent(_PLAIN), str(STATIC), str(folder / "000.csv")]
    pairs = [(drawn_after(browser, plain, folder), drawn_after(browser, lamion, folder)) for _ in range(LAUNCHES + 1)]
    del pairs[0]  # which wrote the bytecode that every later launch finds
    told("launch to first spectrum, plain Starlette page", [a for a, _ in pairs], "")
    told("launch to first spectrum, lamion page", [b for _, b in pairs], "")
    ratio = statistics.median(b for _, b in pairs) / statistics.median(a for a, _ in pairs)
    print(f"{'ratio of the medians':<58} {ratio:7.2f}                       at most 1.5")


def timed(act: Callable[[], None]) -> float:
    began = time.perf_counter()
    act()
    return time.perf_counter() - began


def fits(page: Any) -> None:
    """Time a refit with another point left out each time: until curve, and until intervals stand."""
    page.fill("#option-spectra-circuit", CIRCUIT)
    page.press("#option-spectra-circuit", "Tab")
    page.click("#spectra-form button.main")
    page.wait_for_selector("#spectra-answer .results", state="attached")
    page.wait_for_timeout(1500)
    curve, intervals = [], []
    for number in range(FITS):
        found = page.evaluate(_REFIT, number + 20)
        curve.append(found[0] / 1000)
        intervals.append(found[1] / 1000)
    told("a point left out to its fitted curve", curve, "at most 0.15")
    told("a point left out to the parameters' intervals", intervals, "at most 0.6")


_REFIT = """(number) => new Promise((resolve) => {
  const began = performance.now();
  const plane = document.getElementById("plane"), answer = document.getElementById("spectra-answer");
  const curveOf = () => JSON.stringify(plane.data.find((trace) => trace.mode === "lines").y);
  const before = curveOf();
  let curve = null, intervals = null;
  const done = () => {
    if (curve === null || intervals === null) return;
    plane.removeListener("plotly_afterplot", drawn);
    resolve([curve, intervals]);
  };
  const drawn = () => {
    if (curve === null && curveOf() !== before) { curve = performance.now() - began; done(); }
  };
  plane.on("plotly_afterplot", drawn);
  new MutationObserver((_, self) => {
    self.disconnect();
    intervals = performance.now() - began;
    done();
  }).observe(answer, { childList: true });
  plane.emit("plotly_selected", { points: [{ customdata: [number] }] });
})"""


def browse(page: Any) -> None:
    """Time each step of the arrow key through all spectra, read and drawn, once."""
    page.focus("#file-list")
    seconds = page.evaluate(_BROWSE, SPECTRA - 1)
    told(f"through {SPECTRA} spectra, each", [one / 1000 for one in seconds], "median at most 0.05")


_BROWSE = """async (count) => {
  const found = [], list = document.getElementById("file-list");
  for (let k = 0; k < count; k++) {
    const began = performance.now();
    const drawn = new Promise((done) => document.addEventListener("drawn", done, { once: true }));
    list.dispatchEvent(new KeyboardEvent("keydown", { key: "ArrowDown", bubbles: true }));
    await drawn;
    found.push(performance.now() - began);
  }
  return found;
}"""


def main() -> None:
    with tempfile.TemporaryDirectory() as place, sync_playwright() as playwright:
        folder = Path(place)
        for number in range(SPECTRA):
            (folder / f"{number:03}.csv").write_text(spectrum(number))
        with _browser(playwright) as browser:
            launches(browser, folder)
        # Who goes through spectra opened one page, not the many that were launched before.
        with _browser(playwright) as browser:
            looks(browser, folder)


def looks(browser: Any, folder: Path) -> None:
    """Time going through spectra and fitting them, on one page."""
    with subprocess.Popen([*LAMION, "."], stdout=subprocess.PIPE, text=True, cwd=folder, env=_installed()) as server:
        assert server.stdout is not None
        page = browser.new_page(viewport={"width": 1440, "height": 900})
        page.goto(server.stdout.readline().strip())
        page.wait_for_selector("body[data-ready]")
        page.wait_for_timeout(1000)
        browse(page)
        fits(page)
        server.terminate()


def _browser(playwright: Any) -> Any:
    return playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])


if __name__ == "__main__":
    main()
