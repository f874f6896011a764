"""The front door: instant, lazy, the same words as everywhere, and a stub that is not stale."""

import importlib.util
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

import lamion
from lamion.quantities import Answer, InputError
from lamion.records import ImpedanceSpectrum
from lamion.synthetic.examples import example

ROOT = Path(__file__).parent.parent


@pytest.fixture
def here(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for name in ("blocking_cell.csv", "lithium_cell.csv", "polarisation.csv"):
        (tmp_path / name).write_bytes(example(name))
    return tmp_path


def test_importing_it_loads_nothing_heavy():
    code = "import lamion, sys; print(sorted({'numpy', 'scipy', 'pandas', 'matplotlib', 'pint'} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_it_shows_what_it_offers():
    assert {"read", "recipe", "run", "plot", "analyze", "simulate", "design", "Quantity", "Electrolyte"} <= set(
        dir(lamion)
    )
    assert "conductivity" in dir(lamion.analyze)
    assert repr(lamion.analyze).startswith("lamion.analyze: adhesion, arrhenius, ")
    with pytest.raises(AttributeError, match="Did you mean 'conductivity'"):
        _ = lamion.analyze.conductivty
    with pytest.raises(AttributeError, match="no attribute 'analyse'"):
        _ = lamion.analyse


def _generator():
    spec = importlib.util.spec_from_file_location("generate", ROOT / "docs" / "generate.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("what", ["page", "formats_page", "stub"])
def test_what_is_generated_is_not_stale(what):
    """Mended by: python docs/generate.py."""
    generate = _generator()
    path = {"page": generate.PAGE, "formats_page": generate.FORMATS_PAGE, "stub": generate.STUB}[what]
    assert path.read_text(encoding="utf-8") == getattr(generate, what)()


def test_the_stub_has_every_door():
    text = (ROOT / "src" / "lamion" / "__init__.pyi").read_text()
    for name in dir(lamion):
        assert name in text, name


def _conductivity(given):
    return lamion.analyze.conductivity(given, thickness="9 um", area="2 cm2")["conductivity"]


def test_it_takes_names_records_arrays_and_frames(here):
    pandas = pytest.importorskip("pandas")
    content = lamion.read("blocking_cell.csv")
    spectrum = content.records[0]
    table = {name: np.array(column) for name, column in spectrum.columns().items()}
    expected = _conductivity("blocking_cell.csv").value
    bare = ImpedanceSpectrum(spectrum.frequency, spectrum.impedance)
    for given in (
        "blocking_cell.csv",
        here / "blocking_cell.csv",
        content,
        spectrum,
        bare,
        table,
        pandas.DataFrame(table),
    ):
        assert _conductivity(given).value == pytest.approx(expected, rel=1e-12)


def test_it_takes_texts_numbers_and_quantities(here):
    for thickness in ("9 um", lamion.Quantity("9 um"), lamion.Quantity(9e-6, None, "m")):
        answer = lamion.analyze.conductivity("blocking_cell.csv", thickness=thickness, area="2 cm2")
        assert answer["conductivity"].value == pytest.approx(_conductivity("blocking_cell.csv").value)
    with pytest.raises(InputError, match="has no unit"):
        lamion.analyze.conductivity("blocking_cell.csv", thickness=9e-6, area="2 cm2")
    with pytest.raises(InputError, match="Did you mean 'thickness'"):
        lamion.analyze.conductivity("blocking_cell.csv", thicknes="9 um", area="2 cm2")
    with pytest.raises(InputError, match="needs 'area'"):
        lamion.analyze.conductivity("blocking_cell.csv", thickness="9 um")


def test_an_answer_feeds_the_next_task(here):
    film = lamion.recipe(eo_li=18, eo_sn=4, framework=0.497)
    energy = lamion.simulate.energy(
        cathode="lfp",
        loading="4 mg/cm2",
        capacity="157.8 mAh/g",
        voltage="3.39 V",
        electrolyte_thickness="9 um",
        electrolyte_density=film["density.membrane"],
        lithium_thickness="25 um",
    )
    assert 250 < float(energy["gravimetric_energy"]) < 350


def test_points_can_be_left_out_by_their_numbers(here):
    whole = lamion.read("lithium_cell.csv").records[0]
    answer = lamion.analyze.impedance("lithium_cell.csv", circuit="R0-p(R1,CPE1)-CPE2", leave_out="1,4-6")
    drawn = answer.figures["nyquist"].data["spectra"][0]
    kept = np.setdiff1d(np.arange(len(whole)), [0, 3, 4, 5])
    assert sorted(drawn["frequency"]) == sorted(whole.frequency[kept].tolist())
    with pytest.raises(InputError, match="point 62 cannot be left out"):
        lamion.analyze.kk("lithium_cell.csv", leave_out="62")
    with pytest.raises(InputError, match="cannot be read"):
        lamion.analyze.kk("lithium_cell.csv", leave_out="3-1")


def test_raw_data_are_drawn_with_minus_im_upwards(here):
    (axes,) = lamion.plot("lithium_cell.csv").axes
    spectrum = lamion.read("lithium_cell.csv").records[0]
    x, y = axes.lines[0].get_data()
    assert axes.get_ylabel().startswith("−Im Z")
    assert np.allclose(x, spectrum.impedance.real, rtol=1e-12)
    assert np.allclose(y, -spectrum.impedance.imag, rtol=1e-12)
    assert len(lamion.plot("polarisation.csv").axes) == 2
    with pytest.raises(InputError, match="several kinds"):
        lamion.plot("polarisation.csv", "lithium_cell.csv")


def test_a_study_runs_from_python(here, capsys):
    from lamion.cli.main import main

    assert main(["new", "film"]) == 0
    run = lamion.run("film", workers=1)
    assert isinstance(run["composition"], Answer)
    assert run.report.exists()
    assert "film.sigma_60c" in run.claims
    assert run.claims["film.sigma_60c"].verdict == "not computed"
    frame = run.claims.to_frame()
    assert frame.loc["film.sigma_60c", "verdict"] == "not computed"
    with pytest.raises(KeyError, match="There is no step 'compositon'"):
        _ = run["compositon"]
    assert list(lamion.run("film", step="composition")) == ["composition"]


GUARDLESS = """
import lamion
run = lamion.run({folder!r}, workers=2)
print(len(list(run)))
"""

THREAD = """
import threading, lamion
found = []
thread = threading.Thread(target=lambda: found.append(lamion.run({folder!r}, workers=2)))
thread.start(); thread.join()
print(len(list(found[0])))
"""

LOOP = """
import asyncio, lamion
async def cell():
    return lamion.run({folder!r}, workers=2)
print(len(list(asyncio.run(cell()))))
"""


@pytest.mark.parametrize("script", [GUARDLESS, THREAD, LOOP], ids=["no guard", "a thread", "a notebook's loop"])
def test_a_run_ends_well_wherever_it_is_called(here, script):
    from lamion.cli.main import main

    assert main(["new", "film"]) == 0
    path = here / "script.py"
    path.write_text(script.format(folder=str(here / "film")))
    done = subprocess.run([sys.executable, str(path)], capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() == "2"
