"""One declaration of each property, which every task's options and the field's own classes agree with."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import lamion
from lamion.quantities import InputError, Quantity, units
from lamion.quantities.properties import PROPERTIES, ROOM_TEMPERATURE
from lamion.substances import Arrhenius, Electrolyte, published_electrolyte
from lamion.tasks import catalogue

SPELLED = {
    "cathode": "lfp",
    "loading": "4 mg/cm2",
    "capacity": "157.8 mAh/g",
    "voltage": "3.39 V",
    "electrolyte_thickness": "9 um",
    "lithium_thickness": "25 um",
}
RECIPE = {"eo_li": "18", "eo_sn": "4", "framework": "0.497"}
OF_ONE_KIND = ("conductivity", "temperature", "density", "capacity", "voltage", "diffusivity", "current")
"""Properties whose dimension nothing else has that a task asks for."""


def _options():
    for name in catalogue.names():
        task = catalogue.find(name)
        for option, parameter in {**task.parameters, **task.spelled}.items():
            if parameter.kind == "quantity":
                yield pytest.param(option, parameter.option, id=f"{name} {option}")


@pytest.mark.parametrize(("name", "option"), list(_options()))
def test_every_option_of_a_property_is_the_one_declaration(name, option):
    """Its unit and its range; what a task may tighten is zero, which not every length can be."""
    declared = PROPERTIES.get(option.of or name)
    if declared is None:
        one = len(option.units) == 1 and "uncertainty" not in name
        alone = [key for key in OF_ONE_KIND if one and units.same_dimension(option.units[0], PROPERTIES[key].unit)]
        assert not alone, f"say of={alone[0]!r}"
        return
    assert option.units == (declared.unit,)
    assert option.minimum in (declared.low, 0.0)
    assert option.maximum == declared.high
    assert option.example


def test_every_property_is_an_options_or_a_fields():
    from dataclasses import fields

    used = {option.of or name for name, option in (case.values for case in _options())}
    assert set(PROPERTIES) <= used | {field.name for field in fields(Electrolyte)}


@pytest.mark.parametrize("name", PROPERTIES)
def test_a_property_takes_its_own_example_and_refuses_what_lies_outside(name):
    declared = PROPERTIES[name]
    found = declared.checked(declared.example)
    assert declared.low <= found.si <= declared.high
    unit = units.si_unit(declared.unit)
    with pytest.raises(InputError, match="Check its sign and its unit"):
        declared.checked(Quantity(declared.high * 1.001, None, unit))
    with pytest.raises(InputError, match="Check its sign and its unit"):
        declared.checked(Quantity(declared.low - abs(declared.low) * 0.001 - 1e-30, None, unit))


def _film(**more):
    return lamion.simulate.transport(thickness="9 um", current="0.4 mA/cm2", time="60 s", **more)


def test_an_electrolyte_says_what_the_film_needs_at_its_temperature():
    sigma = Arrhenius(Quantity("5.62e-4 S/cm"), ROOM_TEMPERATURE, Quantity("0.25 eV"))
    electrolyte = Electrolyte(sigma, transference="0.78", concentration="1 mol/L")
    by_hand = {"transference": "0.78", "concentration": "1 mol/L", "temperature": "55 degC"}
    hot = _film(conductivity=sigma.at(Quantity("55 degC")), **by_hand)
    told = _film(electrolyte=electrolyte, temperature="55 degC")
    assert told["voltage"] == hot["voltage"]
    over = _film(electrolyte=electrolyte, temperature="55 degC", transference="0.5")
    assert over["voltage"].si > told["voltage"].si
    with pytest.raises(InputError, match="conductivity depends on temperature"):
        _film(electrolyte=electrolyte)


def test_a_table_is_an_electrolyte_too():
    table = {"conductivity": "5.62e-4 S/cm", "transference": "0.78", "concentration": "1 mol/L"}
    assert _film(electrolyte=table)["voltage"] == _film(**table)["voltage"]
    with pytest.raises(InputError, match="no 'sigma'"):
        _film(electrolyte={"sigma": "1 S/m"})


def test_from_a_recipe_to_an_energy_density_without_typing_a_number_twice():
    recipe = lamion.recipe(**RECIPE)
    assert recipe.electrolyte.density == recipe["density.membrane"]
    cell = lamion.simulate.energy(electrolyte=recipe, **SPELLED)
    again = lamion.simulate.energy(electrolyte_density=recipe["density.membrane"], **SPELLED)
    assert cell["gravimetric_energy"] == again["gravimetric_energy"]


def test_what_the_electrolyte_does_not_say_is_asked_for():
    with pytest.raises(InputError, match="The electrolyte does not say its density"):
        lamion.simulate.energy(electrolyte=Electrolyte("1 S/m"), **SPELLED)


def _toml(**options):
    return "".join(f'{name} = "{value}"\n' for name, value in options.items())


def test_a_step_of_a_study_is_an_electrolyte_to_the_next(tmp_path):
    (tmp_path / "study.toml").write_text(
        '[study]\ntitle = "mine"\n[[sample]]\nname = "film"\n'
        f'[[step]]\nid = "recipe"\ntask = "recipe"\nsample = "film"\n{_toml(**RECIPE)}'
        f'[[step]]\nid = "cell"\ntask = "simulate energy"\nsample = "film"\n{_toml(**SPELLED)}'
        'electrolyte = { step = "recipe" }\n'
    )
    run = lamion.run(tmp_path)
    cell = lamion.simulate.energy(electrolyte=lamion.recipe(**RECIPE), **SPELLED)
    assert run["cell"]["gravimetric_energy"].si == pytest.approx(cell["gravimetric_energy"].si, rel=1e-12)


def test_the_sample_of_a_study_is_an_electrolyte_to_its_steps(tmp_path):
    said = {"conductivity": "5.62e-4 S/cm", "transference": "0.78", "concentration": "1 mol/L", "density": "1.3 g/cm3"}
    table = ", ".join(f'{name} = "{value}"' for name, value in said.items())
    (tmp_path / "study.toml").write_text(
        f'[study]\ntitle = "mine"\n[[sample]]\nname = "film"\nthickness = "9 um"\nelectrolyte = {{ {table} }}\n'
        '[[step]]\nid = "film"\ntask = "simulate transport"\nsample = "film"\n'
        'current = "0.4 mA/cm2"\ntime = "60 s"\n'
        f'[[step]]\nid = "cell"\ntask = "simulate energy"\nsample = "film"\n{_toml(**SPELLED)}'
    )
    run = lamion.run(tmp_path)
    assert run["film"]["voltage"].si == pytest.approx(_film(electrolyte=said)["voltage"].si, rel=1e-12)
    cell = lamion.simulate.energy(electrolyte=said, **SPELLED)
    assert run["cell"]["gravimetric_energy"].si == pytest.approx(cell["gravimetric_energy"].si, rel=1e-12)


LAW = {"coefficients": [1e-4, 4e-4], "unit": "S/cm", "low": "0.1 mol/L", "high": "2 mol/L", "temperature": "60 degC"}
PEO = {"thickness": "50 um", "concentration": "1 mol/L", "current": "0.2 mA/cm2", "time": "1 h"}


def test_an_electrolyte_with_laws_of_concentration_is_the_film_of_these_laws():
    named = lamion.simulate.transport(law="litfsi-peo", **PEO)
    told = lamion.simulate.transport(electrolyte=published_electrolyte("litfsi-peo"), **PEO)
    assert told.results == named.results
    over = lamion.simulate.transport(electrolyte=published_electrolyte("litfsi-peo"), transference="0.5", **PEO)
    assert over["concentration_drop"].si < named["concentration_drop"].si


def test_a_model_that_takes_numbers_has_the_laws_value_at_the_salts_concentration():
    table = {"conductivity": LAW, "transference": "0.3", "diffusivity": "1e-8 cm2/s"}
    cell = {"rct": "10 ohm cm2", "current": "0.1 mA/cm2", "thickness": "50 um", "temperature": "60 degC"}
    told = lamion.simulate.symmetric(electrolyte=table | {"concentration": "1 mol/L"}, **cell)
    beside = lamion.simulate.symmetric(electrolyte=table, concentration="1 mol/L", **cell)
    by_hand = table | {"conductivity": "5e-4 S/cm", "concentration": "1 mol/L"}
    assert told["ohmic"] == beside["ohmic"] == lamion.simulate.symmetric(**by_hand, **cell)["ohmic"]


@pytest.mark.parametrize(
    ("more", "message"),
    [
        ({"concentration": "3 mol/L"}, "was measured from 0.1 mol/L to 2 mol/L"),
        ({"temperature": "25 degC"}, "was measured at 60 degC, not at 298.15 K"),
    ],
)
def test_a_law_is_refused_where_it_was_not_measured(more, message):
    table = {"conductivity": LAW, "transference": "0.3", "diffusivity": "1e-8 cm2/s"}
    with pytest.raises(InputError, match=message):
        lamion.simulate.transport(electrolyte=table, **PEO | more)


def test_salt_that_leaves_the_laws_range_is_said():
    """The plating side falls below 0.1 mol/L long before the salt is used up there."""
    table = {"conductivity": LAW, "transference": "0.3", "diffusivity": "1e-8 cm2/s"}
    film = PEO | {"concentration": "0.2 mol/L", "current": "0.07 mA/cm2", "time": "10 h", "temperature": "60 degC"}
    found = lamion.simulate.transport(electrolyte=table, **film)
    assert any("extrapolated" in warning for warning in found.warnings)


MADE_UP = '''
"""A made-up number."""
from typing import Annotated
from lamion.quantities import Answer, Quantity
from lamion.tasks.declaring import Result, task
from lamion.tasks.options.electrolyte import of_electrolyte

@task(results={"value": Result("1", "of it", headline=True)}, evidence="model", example="")
def NAME(viscosity: Annotated[Quantity, of_electrolyte("viscosity")]) -> Answer:
    """Compute it."""
    return Answer({"value": Quantity(FACTOR * viscosity.si, None, "1")})
'''
USE = """
import sys, lamion
from lamion.quantities import InputError
run = lamion.run(sys.argv[1], trust=True)
print(*(f"{run[name]['value'].value:g}" for name in ("one", "two", "three")))
try:
    lamion.run(sys.argv[2], trust=True)
except InputError as error:
    print(error)
"""


def test_a_new_property_that_three_models_use_touches_two_files_beside_them(tmp_path):
    """In a copy of lamion: a line where properties are declared, a line in the electrolyte, nothing else."""
    shutil.copytree(Path(lamion.__file__).parent, tmp_path / "src" / "lamion", ignore=shutil.ignore_patterns("*.pyc"))
    lines = {
        "quantities/properties.py": '    "viscosity": Property("mPa s", 1e-6, 1e9, "viscosity", "eta", "5 mPa s"),\n',
        "substances/electrolyte.py": '    viscosity: Given = said("of the liquid")\n',
    }
    for (file, line), after in zip(lines.items(), ('    "density": ', "    density: "), strict=True):
        path = tmp_path / "src" / "lamion" / file
        before = path.read_text().splitlines(keepends=True)
        (at,) = [n for n, text in enumerate(before) if text.startswith(after)]
        path.write_text("".join([*before[:at], line, *before[at:]]))
    for name, viscosity in (("good", "5 mPa s"), ("bad", "5 mPa")):
        study = tmp_path / name
        (study / "steps").mkdir(parents=True)
        steps = [f'[[step]]\nid = "{one}"\ntask = "own {one}"\nsample = "film"\n' for one in ("one", "two", "three")]
        film = f'[[sample]]\nname = "film"\nelectrolyte = {{ viscosity = "{viscosity}" }}\n'
        (study / "study.toml").write_text(f'[study]\ntitle = "mine"\nsteps = "steps"\n{film}{"".join(steps)}')
        for factor, one in enumerate(("one", "two", "three"), 1):
            code = MADE_UP.replace("NAME", one).replace("FACTOR", str(factor))
            (study / "steps" / f"{one}.py").write_text(code.lstrip())
    found = subprocess.run(
        [sys.executable, "-c", USE, str(tmp_path / "good"), str(tmp_path / "bad")],
        env=os.environ | {"PYTHONPATH": str(tmp_path / "src"), "XDG_STATE_HOME": str(tmp_path / "state")},
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert found.stdout.splitlines()[:1] == ["0.005 0.01 0.015"], found.stderr
    assert "electrolyte's viscosity" in found.stdout.splitlines()[-1]
