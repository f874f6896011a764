"""The documentation's section on recipes: the keys that the code knows, and an example that is mixed as it stands."""

import re
import tomllib
from pathlib import Path

import pytest

from lamion.substances import Substance, library
from lamion.substances.formulation import RECIPE_KEYS, formulation_from_table


@pytest.fixture(scope="module")
def section():
    text = (Path(__file__).parents[2] / "docs" / "reference" / "study.md").read_text(encoding="utf-8")
    return re.search(r"^### A recipe\n(.*?)^### ", text, flags=re.DOTALL | re.MULTILINE)[1]


def test_every_key_is_documented(section):
    assert tuple(re.findall(r"^\| `(\w+)` \|", section, flags=re.MULTILINE)) == RECIPE_KEYS


def test_the_example_is_mixed_as_it_stands(section):
    tables = tomllib.loads("\n".join(re.findall(r"^    (.*)", section, flags=re.MULTILINE)))
    recipe = tables["sample"][0]["recipe"]
    own = {key: Substance.from_table({"key": key, **table}) for key, table in tables["substance"].items()}
    mixed = formulation_from_table(recipe, {**library(), **own})
    fractions = dict(zip(mixed.keys, mixed.mass_fractions([i.amount.si for i in mixed.ingredients]), strict=True))
    assert (fractions["framework"], fractions["mysalt"]) == pytest.approx((0.497, 0.01))
    assert set(recipe) == {*RECIPE_KEYS} - {"parts"}
