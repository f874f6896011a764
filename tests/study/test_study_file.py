"""A study file with a mistake gets a sentence that helps."""

from pathlib import Path

import pytest
from tests.study.conftest import CLAIMS, STUDY

from lamion.quantities import InputError
from lamion.study.claims import NOT_ONE_SAMPLE
from lamion.study.plan import plan
from lamion.study.study_file import load_study

MISTAKES = {
    "broken TOML": ('title = "Two films"', 'title = "Two films', "is not valid TOML: Illegal character"),
    "no title": ('title = "Two films"', "", "has no title. Begin it with [study]"),
    "no samples": ("[[sample]]", "[[cell]]", "holds no samples. A study is about at least one."),
    "unknown table": ("[study]", "[extra]\n[study]", "'extra' is not known here. It may be misspelt."),
    "unknown option": ('means = "twice that"', 'meaning = "x"', "'meaning' is not known here."),
    "missing option": ('formula = "factor * sigma"', "", "step 'third': 'formula' is missing."),
    "unknown kind": ('task = "recipe"', 'task = "receipt"', "'receipt'"),
    "unknown sample": ('task = "recipe"\nsample = "A"', 'task = "recipe"\nsample = "B"', "there is no sample 'B'"),
    "unknown claim settled": ('"twice" = "v', '"thrice" = "v', "no claim 'thrice'. Did you mean 'twice'?"),
    "no claims file": (
        'claims = "claims.toml"\n',
        "",
        "there is no claim 'ratio'. The study has no claims, as [study] names no file of them. Write claims = ",
    ),
    "a step twice": ('id = "third"', 'id = "other"', "the step 'other' stands twice"),
    "a name twice": ('name = "cell"', 'name = "A"', "the name 'A' stands twice"),
    "a bad seed": ("seed = 3", "seed = -3", "the seed -3 is not a whole number of zero or more"),
    "unknown step": ('step = "other"', 'step = "another"', "refers to the step 'another', which does not exist"),
    "a circle": ('{ sigma = { claim = "sigma" }', '{ sigma = { step = "third", result = "value" }', "a circle"),
    "unknown claim": ('ratio = { claim = "ratio" }', 'ratio = { claim = "rate" }', "not exist. Did you mean 'ratio'?"),
    "unknown result": ('result = "value"', 'result = "worth"', "does not give. It gives: value."),
    "wrong unit": ('loading = "4.0 ± 0.3 mg/cm2"', 'loading = "4 mg"', "is a mass, not an area loading"),
    "no unit": ('current = "0.68 mA/cm2"', "current = 0.68", "has no unit. A current density is needed."),
    "negative": ('current = "0.68 mA/cm2"', 'current = "-0.68 mA/cm2"', "not larger than zero"),
    "unknown substance": ('material = "lfp"', 'material = "lfq"', "There is no substance called 'lfq'"),
    "an empty chapter": ("[study]", '[chapters]\n"Films" = ["film.*"]\n[study]', "no step fits 'film.*' of 'Films'"),
    "a chapter of one text": ("[study]", '[chapters]\n"Films" = "other"\n[study]', "is not a table of lists"),
    "bananas": ('current = "0.68 mA/cm2"', 'current = "9 bananas"', "'bananas' is not a unit lamion knows"),
}  # fmt: skip


@pytest.mark.parametrize("name", MISTAKES)
def test_a_mistake_is_explained(bench, name):
    right, wrong, said = MISTAKES[name]
    assert right in STUDY
    bench.write(STUDY.replace(right, wrong, 1))
    with pytest.raises(InputError) as caught:
        bench.run()
    assert said in str(caught.value)


CLAIM_MISTAKES = {
    "not the printed value": ("value = 6.3", "value = 6.4", "the value 6.4 is not the printed '6.3'"),
    "unknown route": ('route = "derive"', 'route = "guess"', "the route 'guess' is not known"),
    "an id twice": ('id = "twice"', 'id = "ratio"', "holds the claim 'ratio' twice"),
    "no number": ('printed = "6.3"', 'printed = "about 6"', "needs a number and its printed digits"),
    "unknown unit": ('unit = "mA/cm2"', 'unit = "bananas"', "'bananas' is not a unit lamion knows"),
    "unknown field": (
        'quantity = "ratio"',
        'quantity = "ratio"\ncolour = "red"',
        "'colour' is not a field of a claim",
    ),
    "a limit of nothing": (
        'quantity = "ratio"',
        'quantity = "ratio"\nlimit = 0',
        "the limit is not a number above zero",
    ),
    "unknown sample": (
        'id = "ratio"\nsample = "A"',
        'id = "ratio"\nsample = "cel"',
        "claims.toml, claim 'ratio': there is no sample 'cel'. Did you mean 'cell'? Known are: A, cell;",
    ),
    "missing field": ('quantity = "ratio"\n', "", "'quantity' is missing or is not a text"),
}


@pytest.mark.parametrize("name", CLAIM_MISTAKES)
def test_a_mistake_in_the_claims_is_explained(bench, name):
    right, wrong, said = CLAIM_MISTAKES[name]
    assert right in CLAIMS
    bench.write(STUDY, CLAIMS.replace(right, wrong, 1))
    with pytest.raises(InputError) as caught:
        bench.load()
    assert said in str(caught.value)


@pytest.mark.parametrize("word", [*NOT_ONE_SAMPLE, "cell"])
def test_a_claim_may_be_about_no_single_sample(bench, word):
    bench.write(STUDY, CLAIMS.replace('sample = "A"', f'sample = "{word}"'))
    assert {claim.sample for claim in bench.load().claims.values()} == {word}


def test_the_words_for_no_single_sample_are_documented():
    text = (Path(__file__).parents[2] / "docs" / "reference" / "study.md").read_text(encoding="utf-8")
    assert [word for word in NOT_ONE_SAMPLE if f'`"{word}"`' not in text] == []


def test_a_number_made_from_the_printed_one_cannot_settle_it(bench):
    bench.write(STUDY.replace('sigma = { claim = "sigma" }', 'sigma = { claim = "twice" }'))
    with pytest.raises(InputError, match="Such a check could never disagree"):
        plan(bench.load())


def test_so_too_where_the_printed_number_comes_through_the_sample(bench):
    text = STUDY.replace('loading = "4.0 ± 0.3 mg/cm2"', 'loading = { claim = "current" }')
    text = text.replace('settles = { "current" = "verdict" }', 'settles = { "current" = "specific_capacity" }')
    bench.write(text)
    with pytest.raises(InputError, match="own printed value"):
        plan(bench.load())


def test_a_claim_of_one_sample_is_not_settled_by_a_step_on_another(bench):
    """A conductivity of B says nothing of A, whatever its value."""
    second = '[[sample]]\nname = "B"\n\n[[step]]\nid = "made"'
    text = STUDY.replace('means = "twice that"', 'means = "twice that"\nsample = "B"')
    bench.write(text.replace('[[step]]\nid = "made"', second))
    with pytest.raises(InputError, match="step 'third': it is about B, and the claim 'twice' about A"):
        bench.load()


TEMPERATURE = """
[[step]]
id = "law"
task = "analyze arrhenius"
sample = "A"
files = ["line.csv"]
at = AT
settles = { "hot" = "conductivity" }

[[step]]
id = "warmth"
task = "audit formula"
formula = "1 * t"
values = { t = "80 degC" }
unit = "K"
means = "a temperature"
"""
HOT = """
[[claim]]
id = "hot"
sample = "A"
quantity = "conductivity"
printed = "1e-3"
value = 1e-3
unit = "S/cm"
route = "recover"
conditions = { temperature_C = 80, method = "impedance" }

[[claim]]
id = "oven"
sample = "A"
quantity = "temperature"
printed = "25"
value = 25
unit = "degC"
route = "input"
"""


@pytest.mark.parametrize(
    "at",
    ['"25 degC"', '"298.15 K"', '"80.6 degC"', '{ claim = "oven" }', '{ sample = "A", property = "oven" }'],
)
def test_a_claim_at_one_temperature_is_not_settled_by_a_step_at_another(bench, at):
    text = STUDY.replace('thickness = "9.0', 'oven = "25 degC"\nthickness = "9.0')
    bench.write(text + TEMPERATURE.replace("AT", at), CLAIMS + HOT)
    with pytest.raises(InputError, match=r"Step 'law' is at (25|80.6) degC \('at'\), and the claim 'hot' at 80 degC"):
        plan(bench.load())


@pytest.mark.parametrize("at", ['"80.4 degC"', '"353.15 K"', '{ step = "warmth", result = "value" }'])
def test_a_claim_at_its_own_temperature_is_settled(bench, at):
    bench.write(STUDY + TEMPERATURE.replace("AT", at), CLAIMS + HOT)
    assert "law" in plan(bench.load()).order


def test_a_step_takes_its_temperature_from_its_sample(bench):
    text = TEMPERATURE.replace("arrhenius", "conductivity").replace("at = AT\n", "")
    for said, refused in (("temperature = '25 degC'", True), ("temperature = '80 degC'", False), ("", False)):
        bench.write(STUDY.replace('thickness = "9.0', said + '\nthickness = "9.0') + text, CLAIMS + HOT)
        if refused:
            with pytest.raises(InputError, match="Step 'law' is at 25 degC"):
                plan(bench.load())
        else:
            assert "law" in plan(bench.load()).order


READING = """
[[reading]]
claim = "twice"
means = "half of it"
step = "other"
result = "value"
source = "often done"
"""
TOGETHER = """
[[comparison]]
name = "both"
claims = ["twice", "current"]
"""


def test_readings_and_comparisons_are_read(bench):
    bench.write(STUDY + READING + TOGETHER)
    study = bench.load()
    assert study.readings[0].means == "half of it"
    assert study.comparisons[0].claims == ("twice", "current")


@pytest.mark.parametrize(
    ("right", "wrong", "said"),
    [
        ('claim = "twice"', 'claim = "sigma"', "no step settles this claim"),
        ('step = "other"\nresult = "value"\ns', 'step = "others"\nresult = "value"\ns', "there is no step 'others'"),
        ('result = "value"\ns', 'result = "worth"\ns', "gives no 'worth'"),
        ('source = "often done"', "", "'source' is missing"),
        ('["twice", "current"]', '["twice", "curent"]', "no claim 'curent'. Did you mean 'current'?"),
        ('["twice", "current"]', '"twice"', "'claims' is not as it should be"),
        ('["twice", "current"]', '["twice", "twice"]', "stands in two comparisons"),
        ('name = "both"', 'name = "both"\nstep = "other"', "needs 'step', 'fitted' and 'independent'"),
    ],
)
def test_a_mistake_in_the_judgement_is_explained(bench, right, wrong, said):
    assert right in READING + TOGETHER
    bench.write(STUDY + (READING + TOGETHER).replace(right, wrong))
    with pytest.raises(InputError) as caught:
        bench.load()
    assert said in str(caught.value)


def test_a_reading_made_from_the_printed_number_is_refused(bench):
    bench.write(STUDY.replace('ratio = { claim = "ratio" }', 'ratio = { claim = "twice" }') + READING)
    with pytest.raises(InputError, match="Such a check could never disagree"):
        plan(bench.load())


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda p: p, "There is no study"),
        (lambda p: (p.mkdir(), p)[1], "There is no study.toml in"),
        (lambda p: (p.write_bytes(b"\xff\xfe\x00\x01"), p)[1], "is not a UTF-8 text"),
        (lambda p: (p.write_text(""), p)[1], "has no title"),
    ],
)
def test_a_file_that_is_no_study(tmp_path, make, said):
    with pytest.raises(InputError) as caught:
        load_study(make(tmp_path / "study.toml"))
    assert said in str(caught.value)
