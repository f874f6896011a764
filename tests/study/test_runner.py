"""Steps run once, resume, and are recomputed only when what they rest on changes."""

import json

import pytest
from tests.study.conftest import CLAIMS, STUDY

from lamion.progress import silent
from lamion.quantities import InputError
from lamion.report.results_folder import check_replaceable, write_results
from lamion.study import runner
from lamion.study.results import results_json, results_of


def test_the_second_run_computes_nothing_and_gives_the_same_bytes(bench):
    first, second = bench.run(), bench.run()
    assert first.computed == {"made", "other", "third", "one-c"}
    assert second.computed == set()
    assert results_json(results_of(first)) == results_json(results_of(second))


@pytest.mark.parametrize(
    ("study", "claims", "recomputed"),
    [
        (("4.0 ± 0.3 mg/cm2", "4.1 ± 0.3 mg/cm2"), None, {"one-c"}),
        (("litfsi = 18", "litfsi = 20"), None, {"made"}),
        (("9.0 ± 0.3 um", "10 ± 0.3 um"), None, set()),
        (('title = "Two films"', 'title = "Three films"'), None, set()),
        (None, ("6.3", "6.4"), {"other", "third"}),
        (None, ("1.8e-4", "1.7e-4"), set()),
        (("factor = 2", "factor = 3"), None, {"third"}),
    ],
)
def test_changing_one_number_recomputes_what_depends_on_it(bench, study, claims, recomputed):
    bench.run()
    bench.write(STUDY.replace(*study) if study else STUDY, CLAIMS.replace(*claims) if claims else CLAIMS)
    assert bench.run().computed == recomputed


def test_changing_a_stored_fact_recomputes_what_uses_it(bench, monkeypatch):
    from lamion.study import references
    from lamion.substances import Substance

    bench.run()
    original = references.known_substance

    def denser(name):
        table = original(name).to_table()
        for fact in table["facts"]:
            if name == "peo" and fact["property"] == "density":
                fact["value"] *= 1.01
        return Substance.from_table(table)

    monkeypatch.setattr(references, "known_substance", denser)
    assert bench.run().computed == {"made"}


def test_another_version_of_python_recomputes_everything(bench, monkeypatch):
    bench.run()
    monkeypatch.setattr("sys.version_info", (9, 9, 9))
    assert len(bench.run().computed) == 4


def test_answers_made_while_lamion_is_edited_are_not_kept(bench, monkeypatch):
    monkeypatch.setattr("lamion.code_keys.Code.changed", lambda self: True)
    bench.run()
    monkeypatch.undo()
    assert len(bench.run().computed) == 4


def test_one_step_runs_with_what_it_depends_on(bench):
    outcome = bench.run(only="third")
    assert list(outcome.answers) == ["other", "third"]
    assert results_of(outcome).verdicts["current"].reason == "The step 'one-c' was not asked for."
    assert results_of(outcome).verdicts["twice"].verdict == "agrees"
    assert bench.run().computed == {"made", "one-c"}
    with pytest.raises(InputError, match="no step 'thrid'"):
        bench.run(only="thrid")


def explained(bench, **options):
    return {name: str(step) for name, step in runner.explain(bench.load(), bench.store, **options).items()}


def test_a_dry_run_says_what_would_be_computed_and_why(bench, monkeypatch):
    assert explained(bench) == {
        "made": "would be computed: it is new",
        "other": "would be computed: it is new",
        "one-c": "would be computed: it is new",
        "third": "would be computed: it depends on the step 'other'",
    }
    outcome = bench.run()
    assert set(explained(bench).values()) == {"kept"}
    bench.write(STUDY.replace("litfsi = 18", "litfsi = 20"), CLAIMS.replace("6.3", "6.4"))
    assert explained(bench) == {
        "made": "would be computed: its inputs changed: 'recipe'",
        "other": "would be computed: its inputs changed: 'values'",
        "one-c": "kept",
        "third": "would be computed: it depends on the step 'other'",
    }
    assert explained(bench, only="one-c") == {"one-c": "kept"}
    bench.write(STUDY)
    (bench.store.folder / f"{outcome.keys['made']}.json").unlink()
    assert explained(bench)["made"] == "would be computed: its kept answer is gone or damaged"
    monkeypatch.setattr("lamion.distributions._version", lambda name: "99")
    assert "versions: " in explained(bench)["made"]
    assert " numpy " in explained(bench)["made"]
    assert "-> 99" in explained(bench)["made"]


def test_an_interrupted_run_goes_on_where_it_was(bench, monkeypatch):
    finished = []

    def interrupted_at_the_third(step, kind, inputs, original=runner.attempt):
        if len(finished) == 2:
            raise KeyboardInterrupt
        finished.append(step)
        return original(step, kind, inputs)

    monkeypatch.setattr(runner, "attempt", interrupted_at_the_third)
    with pytest.raises(KeyboardInterrupt):
        bench.run()
    monkeypatch.undo()
    assert bench.run().computed == {"made", "other", "third", "one-c"} - set(finished)


@pytest.mark.parametrize("damage", [b"", b"{", b'{"sha256": "0", "answer": {}}', b"\xff\x00", b"[]"])
def test_a_damaged_entry_of_the_store_is_computed_again(bench, damage):
    before = bench.run()
    (bench.store.folder / f"{before.keys['made']}.json").write_bytes(damage)
    after = bench.run()
    assert after.computed == {"made"}
    assert results_json(results_of(after)) == results_json(results_of(before))


def test_a_flipped_digit_in_the_store_is_found(bench):
    entry = bench.store.folder / f"{bench.run().keys['other']}.json"
    entry.write_text(entry.read_text().replace("8.8", "8.9", 1))
    assert "other" in bench.run().computed


def test_progress_is_told(bench):
    told = []
    bench.run(progress=lambda done, total, what: told.append((done, total)))
    assert told[-1] == (4, 4)
    assert [done for done, _ in told] == sorted(done for done, _ in told)


def test_results_hold_no_time_and_nine_digits(bench, tmp_path):
    text = results_json(results_of(bench.run()))
    assert str(tmp_path) not in text
    numbers = []
    json.loads(text, parse_float=numbers.append)
    assert numbers
    assert all(len(n.split("e")[0].replace(".", "").replace("-", "").lstrip("0")) <= 9 for n in numbers)


def test_the_results_folder_is_swapped_as_a_whole(bench, tmp_path, monkeypatch):
    out = tmp_path / "out"
    outcome = bench.run()
    write_results(outcome, out, silent)
    before = {path.name: path.read_bytes() for path in out.iterdir() if path.is_file()}

    def broken(*_):
        raise RuntimeError

    monkeypatch.setattr("lamion.report.results_folder.report_html", broken)
    with pytest.raises(RuntimeError):
        write_results(outcome, out, silent)
    assert {path.name: path.read_bytes() for path in out.iterdir() if path.is_file()} == before
    assert not [path for path in tmp_path.iterdir() if path.name.startswith(".out")]


def test_a_folder_with_other_files_is_not_replaced(bench, tmp_path):
    out = tmp_path / "out"
    write_results(bench.run(), out, silent)
    check_replaceable(out)
    (out / "figures" / "thesis.docx").write_text("years of work")
    with pytest.raises(InputError, match=r"holds 'figures/thesis.docx', which lamion did not write"):
        check_replaceable(out)


def test_workers_give_the_same_bytes(bench, tmp_path):
    """Two interpreters of lamion's own, against everything in one process."""
    from lamion.cli.main import main

    assert main(["new", str(tmp_path / "film")]) == 0
    study = tmp_path / "film" / "study.toml"
    second = study.read_text()
    second += """
[[step]]
id = "again"
task = "analyze conductivity"
sample = "film"
files = ["data/synthetic_film_60C_cell1.csv"]
temperature = "60 degC"
"""
    study.write_text(second)
    texts = []
    for workers in ("1", "2"):
        out = tmp_path / workers / "out"
        assert main(["run", str(study), "--out", str(out), "--workers", workers]) == 0
        texts.append((out / "results.json").read_bytes())
    assert texts[0] == texts[1]
