"""One declaration of each property, which every task's options and the field's own classes agree with."""

import pytest

import lamion
from lamion.quantities import InputError, Quantity, units
from lamion.quantities.properties import PROPERTIES, ROOM_TEMPERATURE
from lamion.substances import Arrhenius, Electrolyte
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


def test_every_temperature_that_is_assumed_is_that_of_the_room():
    found = {name: catalogue.find(name).parameters.get("temperature") for name in catalogue.built_in()}
    given = {name: one.default for name, one in found.items() if one and one.default is not None}
    said = {name: one.option.otherwise for name, one in found.items() if one and one.option.otherwise}
    assert {"simulate cell", "simulate impedance", "analyze polarisation"} <= set(given)
    assert {(default.value, default.unit) for default in given.values()} == {(25.0, "degC")}
    assert said == {"simulate transport": str(ROOM_TEMPERATURE)}
