"""What the columns of files are, said in every task: the same words on the command line, in a study and in Python."""

import json
import shlex

import pytest

import lamion
from lamion.cli.adapter import parser_of
from lamion.cli.main import main
from lamion.cli.parser import parse
from lamion.quantities import InputError
from lamion.synthetic.examples import EXAMPLES, example
from lamion.tasks import catalogue

SPECTRUM = "f=1,re=2,im=3"
SAID = {
    "blocking_cell.csv": SPECTRUM,
    **{f"film_{k}.csv": SPECTRUM for k in range(1, 5)},
    "lithium_cell.csv": SPECTRUM,
    "lithium_cell_after.csv": SPECTRUM,
    "polarisation.csv": "time=1,voltage=2,current=3",
    "relaxation.csv": "t=1 s,u=2 V",
    "conductivities.csv": "temperature=1 degC,conductivity=2 S/cm",
    "concentration_cells.csv": "concentration=1 mol/L,voltage=2 mV",
    "steady_currents.csv": "voltage=1,current=2",
    "plating.csv": "time=1 s,voltage=2 V,current=3 A",
    "reservoir.csv": "time=1 s,voltage=2 V,current=3 A",
    "sweep.csv": "time=1 s,voltage=2 V,current=3 A",
    "indentation.csv": "time=1 s,depth=2 nm,load=3 mN",
    "tensile.csv": "strain=1 %,stress=2 MPa",
    "cycles.csv": "time=1 s,voltage=2 V,current=3 A,cycle=4",
    "staged_cycle.csv": "time=1,voltage=2,current=3,cycle=4",
    "rates.csv": "time=1,voltage=2,current=3,cycle=4",
    "titration.csv": "time=1,voltage=2,current=3,step=4",
    "interruptions.csv": "time=1,voltage=2,current=3,step=4",
    "c1s.csv": "energy=1 eV,counts=2",
    "raman.csv": "shift=1 1/cm,counts=2",
    "polystyrene.csv": "shift=1 1/cm,counts=2",
    "infrared.csv": "wavenumber=1 1/cm,absorbance=2",
    "resonance.csv": "shift=1 ppm,real=2",
    "decay.csv": "time=1 s,real=2,imaginary=3",
    "recovery.csv": "recovery=1 s,intensity=2",
    "surface.csv": "x=1 um,y=2 um,height=3 nm",
    "sheets.csv": "x=1 um,y=2 um,height=3 nm",
    "adhesion.csv": "x=1 um,y=2 um,adhesion=3 nN",
    "xrd.csv": "two_theta=1 deg,counts=2",
    "isotherm.csv": "relativepressure=1,loading=2 mmol/g",
    "dsc.csv": "time=1 s,temperature=2 degC,specificheatflow=3 W/g",
    "tga.csv": "time=1 s,temperature=2 degC,mass=3 mg",
    "tga_5.csv": "time=1 s,temperature=2 degC,mass=3 mg",
    "tga_20.csv": "time=1 s,temperature=2 degC,mass=3 mg",
}
"""What the columns of the examples are."""
TRANSFERENCE = "--dc polarisation.csv --before lithium_cell.csv --after lithium_cell_after.csv"
TASKS = {name: catalogue.find(name) for name in catalogue.built_in()}
COMMANDS = {
    name: task.example for name, task in TASKS.items() if "columns" in task.parameters and ".csv" in task.example
} | {"analyze transference": TRANSFERENCE}


@pytest.fixture
def foreign(tmp_path, monkeypatch):
    """The examples below titles that name nothing."""
    for name in SAID:
        rows = [line for line in example(name).decode().splitlines() if not line.startswith("#")]
        rows[0] = ",".join(f"spalte {place}" for place in range(len(rows[0].split(","))))
        (tmp_path / name).write_text("\n".join(rows) + "\n")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def given(name):
    task = TASKS[name]
    options = vars(parse(parser_of(task), shlex.split(COMMANDS[name])))
    return {key: item for key, item in options.items() if key in task.parameters}


def files_in(command):
    return [word for word in shlex.split(command) if word in EXAMPLES]


@pytest.mark.parametrize("name", COMMANDS)
def test_every_task_on_tables_reads_what_is_said(name, foreign, tmp_path_factory, monkeypatch):
    """The numbers are those of the same columns below their titles."""
    columns = ";".join(dict.fromkeys(SAID[file] for file in files_in(COMMANDS[name])))
    found = TASKS[name](**given(name), columns=columns).results
    folder = tmp_path_factory.mktemp("titled")
    for file in SAID:
        (folder / file).write_bytes(example(file))
    monkeypatch.chdir(folder)
    titled = TASKS[name](**given(name)).results
    assert found.keys() == titled.keys()
    assert {key: item.value for key, item in found.items()} == pytest.approx(
        {key: item.value for key, item in titled.items()}, rel=1e-9, nan_ok=True
    )


def test_no_task_on_tables_is_without():
    """Every task whose files are records of tables has the option; those on images have none."""
    with_files = {name for name in catalogue.built_in() if TASKS[name].records}
    assert {name for name in with_files if "columns" not in TASKS[name].parameters} == {
        "analyze tortuosity",
        "analyze thickness",
    }


def test_the_three_doors(foreign, capsys):
    python = lamion.analyze.diffusion("relaxation.csv", thickness="100 um", columns="time=1,voltage=2")
    command = ["analyze", "diffusion", "relaxation.csv", "--thickness", "100 um", "--columns", "time=1,voltage=2"]
    assert main([*command, "--json"]) == 0
    shown = json.loads(capsys.readouterr().out)
    (foreign / "study.toml").write_text(
        '[study]\ntitle = "one"\n[[sample]]\nname = "film"\n[[step]]\nid = "salt"\ntask = "analyze diffusion"\n'
        'file = "relaxation.csv"\nthickness = "100 um"\ncolumns = "time=1,voltage=2"\n'
    )
    assert main(["run", "study.toml", "--workers", "1"]) == 0
    step = json.loads((foreign / "results" / "results.json").read_text())["steps"]["salt"]
    value = pytest.approx(python.results["diffusivity"].value, rel=1e-6)
    assert shown["results"]["diffusivity"]["value"] == value
    assert step["results"]["diffusivity"]["value"] == value


@pytest.mark.parametrize(
    ("columns", "said"),
    [
        ("time=1", "it does not say which column is the voltage. Each column is a key (time, voltage)"),
        ("f=1,re=2,im=3", "'f=1' is not a column"),
        ("time=1,voltage=2;f=1", "The columns 'f=1' cannot be used"),
        ("", "'' is not a column"),
    ],
)
def test_what_cannot_be_used_is_refused(foreign, columns, said):
    with pytest.raises(InputError) as caught:
        lamion.analyze.diffusion("relaxation.csv", thickness="100 um", columns=columns)
    assert said in str(caught.value)


def test_a_transient_without_its_voltage_where_the_bias_is_given(foreign):
    files = {"dc": "polarisation.csv", "before": "lithium_cell.csv", "after": "lithium_cell_after.csv"}
    found = lamion.analyze.transference(**files, bias="10 mV", columns=f"time=1,current=3;{SPECTRUM}")
    assert found.results["current_fraction"].value == pytest.approx(0.40, rel=0.03)
    with pytest.raises(InputError, match="bias"):
        lamion.analyze.transference(**files, columns=f"time=1,current=3;{SPECTRUM}")


def test_columns_of_no_file():
    numbers = {"bias": "10 mV", "i0": "0.1 mA", "is": "0.05 mA", "r0": "40 ohm", "rs": "50 ohm"}
    with pytest.raises(InputError, match="columns are said, and no file is given"):
        lamion.analyze.transference(**numbers, columns=SPECTRUM)


def test_a_batch_goes_on_with_the_columns(foreign, capsys):
    (foreign / "broken.csv").write_text("a,b,c\n1,x,2\n")
    files = ["lithium_cell.csv", "lithium_cell_after.csv", "broken.csv"]
    assert main(["analyze", "impedance", *files, "--circuit", "R0-p(R1,CPE1)", "--columns", SPECTRUM]) == 1
    assert "broken.csv" in capsys.readouterr().err


def test_a_drawn_pattern_by_its_columns(foreign):
    rows = "".join(f"note {100 + k % 7} {10 + k / 10}\n" for k in range(60))
    (foreign / "pattern.txt").write_text(rows)
    with pytest.raises(InputError):
        lamion.simulate.diffraction(stacking="slip", measured="pattern.txt")
    answer = lamion.simulate.diffraction(stacking="slip", measured="pattern.txt", columns="angle=3,counts=2")
    assert answer.results
