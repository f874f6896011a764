"""What options are, apart from any one task: old words, bounds, lists, printed numbers."""

import pytest

from lamion.cli.main import main
from lamion.quantities import InputError
from lamion.tasks import catalogue

OLD = {
    ("analyze drt", "lambda"): "regularisation",
    ("analyze arrhenius", "break"): "break_temperature",
    ("analyze arrhenius", "reference"): "reference_temperature",
    ("analyze leakage", "cell"): "electrodes",
    ("simulate energy", "np_ratio"): "n_over_p",
    ("simulate cell", "ocp"): "potential",
    ("simulate cell", "active_material"): "cathode",
    ("simulate symmetric", "convention"): "rct_convention",
}


@pytest.mark.parametrize(("task", "old"), OLD)
def test_an_old_word_is_refused_with_the_new_one(task, old, capsys):
    new = OLD[task, old]
    with pytest.raises(InputError, match=f"'{old}' is called '{new}' now"):
        catalogue.find(task).folded({old: "1"})
    assert main([*task.split(), f"--{old.replace('_', '-')}", "1"]) == 2
    assert f"is called `--{new.replace('_', '-')}` now" in capsys.readouterr().err


def test_an_old_verb_works_and_says_its_new_name(tmp_path, capsys):
    from lamion.synthetic.examples import example

    (tmp_path / "image.npy").write_bytes(example("image.npy"))
    assert main(["simulate", "tortuosity", str(tmp_path / "image.npy"), "--axis", "z"]) == 0
    assert "`simulate tortuosity` is called `analyze tortuosity` now" in capsys.readouterr().err
