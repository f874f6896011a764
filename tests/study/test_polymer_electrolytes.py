"""A second study, from raw files: 31 spectra with the conductivities that their authors report of them.

Held against the published table (doi:10.1038/s41524-022-00853-0): the area is not stated, and is fitted to the reports
of the others for each file. Every disagreement has its reason: an arc that the operator reads otherwise than the fit,
an arc that does not close, or a report that belongs to another spectrum.
"""

import csv
import json

import numpy as np
import pytest

from lamion.formats import read
from lamion.report.run import run

HEAD = """[study]
title = "Polymers with acceptor and lithium salt"
reference = "doi:10.1038/s41524-022-00853-0"
claims = "claims.toml"
seed = 1
"""
SAMPLE = """
[[sample]]
name = "{name}"
thickness = "{thickness} um"
area = {{ step = "reported", result = "area_without.{name}" }}

[[step]]
id = "sigma.{name}"
task = "analyze conductivity"
sample = "{name}"
files = ["{path}"]
settles = {{ "reported.{name}" = "conductivity" }}
"""
READING = """
[[reading]]
claim = "reported.{name}"
means = "Re Z where -Im Z is least"
step = "sigma.{name}"
result = "conductivity_by_eye"
source = "how the authors read their spectra is not told"
"""
CLAIM = """
[[claim]]
id = "reported.{name}"
sample = "{name}"
quantity = "ionic conductivity"
printed = "{printed}"
value = {printed}
unit = "S/cm"
route = "derive"
where = "table"
"""
ALIKE = """
[[claim]]
id = "reported.alike"
sample = "-"
quantity = "values that several samples share"
printed = "each sample has its own"
unit = "statement"
route = "finding"
"""


OPEN = ("exp160", "exp170_eis_pmps_chloranil_litfsi_6", "exp170_eis_pmps_chloranil_litfsi_7",
        "exp179_eis_pmps_chloranil_litfsi_6", "exp179_eis_pmps_chloranil_litfsi_7")  # fmt: skip
"""Spectra whose arc is open at their lowest frequency: nothing can be read by eye."""


def _table(folder):
    with (folder / "reported.csv").open() as file:
        return [
            {"name": row["file"].removesuffix(".txt"), "thickness": row["thickness / um"],
             "printed": f"{float(row['conductivity / S/cm']):.3g}", "path": folder / "spectra" / row["file"]}
            for row in csv.DictReader(file)
        ]  # fmt: skip


def _series(folder, home):
    """Write each reported series as a file of its own, and a step for it."""
    with (folder / "temperature_series.csv").open() as file:
        rows = list(csv.DictReader(file))
    for number, name in enumerate(dict.fromkeys(row["series"] for row in rows), start=1):
        lines = [f"{row['temperature / degC']},{row['conductivity / S/cm']}" for row in rows if row["series"] == name]
        text = "\n".join(["Temperature / degC,Conductivity / S/cm", *lines])
        (home / f"series{number}.csv").write_text(text + "\n")
        yield f'\n[[step]]\nid = "series.{number}"\ntask = "analyze arrhenius"\nfiles = ["series{number}.csv"]\n'


@pytest.fixture(scope="module")
def done(real_data, tmp_path_factory):
    folder, home = real_data / "polymer_electrolytes", tmp_path_factory.mktemp("polymers")
    rows = _table(folder)
    area = f"""
[[step]]
id = "reported"
task = "audit conductivity"
files = {json.dumps([str(row["path"]) for row in rows])}
settles = {{ "reported.alike" = "verdict" }}

[step.thickness]
{"".join(f'{row["name"]} = "{row["thickness"]} um"' + chr(10) for row in rows)}
[step.reported]
{"".join(f'{row["name"]} = {{ claim = "reported.{row["name"]}" }}' + chr(10) for row in rows)}"""
    other = [f'\n[[step]]\nid = "dsc"\ntask = "analyze dsc"\nramp = 4\nfile = "{next((folder / "dsc").iterdir())}"\n']
    other += [
        f'\n[[step]]\nid = "xrd.{number}"\ntask = "analyze xrd"\nfile = "{path}"\n'
        for number, path in enumerate(sorted((folder / "xrd").iterdir()), start=1)
    ]
    read_by_eye = [row for row in rows if not any(name in row["name"] for name in OPEN)]
    text = [HEAD, area, *(SAMPLE.format(**row) for row in rows), *(READING.format(**row) for row in read_by_eye)]
    (home / "study.toml").write_text("".join([*text, *_series(folder, home), *other]))
    (home / "claims.toml").write_text("".join([*(CLAIM.format(**row) for row in rows), ALIKE]))
    found = run(home, quick=True)
    return {row["name"]: row for row in rows}, found


def _plain(row):
    """Return Re Z where -Im Z is least between arc and spike, if it is below 15 % of Re Z there: by hand, no fit."""
    spectrum = read(row["path"]).spectrum()
    z = spectrum.impedance[np.argsort(-spectrum.frequency)]
    height = -z.imag
    valleys = [
        k
        for k in range(2, len(z) - 2)
        if height[k] == height[k - 2 : k + 3].min()
        and min(height[:k].max(), height[k:].max()) > height[k] + 0.01 * abs(z[k])
    ]
    return z[valleys[0]].real if valleys and height[valleys[0]] < 0.15 * z[valleys[0]].real else None


def test_every_step_has_its_answer(done):
    rows, found = done
    outcome = found.results.outcome
    assert set(outcome.failed) == {"dsc"}
    assert "No peak stands out of the noise" in str(outcome.failed["dsc"])
    assert {verdict.verdict for verdict in found.claims.values()} >= {"agrees", "disagrees", "undecided", "shown"}
    assert found["series.1"]["activation_energy"].value > 0


def test_where_the_plain_reading_agrees_with_the_report_so_does_the_fit(done):
    """Within 15 %, wherever the arc closes and the reading by hand is within 15 % of the report."""
    rows, found = done
    area = found["reported"]["area"].value
    tried = 0
    for name, row in rows.items():
        resistance, printed = _plain(row), float(row["printed"])
        if resistance is None or abs(float(row["thickness"]) * 1e-4 / (resistance * area) / printed - 1) > 0.15:
            continue
        tried += 1
        assert found.claims[f"reported.{name}"].computed.value == pytest.approx(printed, rel=0.15), name
    assert tried == 11


def test_an_arc_that_does_not_close_gives_a_bound(done):
    rows, found = done
    open_ = [name for name in rows if found[f"sigma.{name}"]["conductivity"].interval is not None]
    assert len(open_) == 7
    for name in open_:
        bound, printed = found[f"sigma.{name}"]["conductivity"].value, float(rows[name]["printed"])
        assert found.claims[f"reported.{name}"].verdict == ("undecided" if printed < bound else "disagrees")


def test_every_disagreement_is_explained(done):
    """By an open arc whose bound the report exceeds, or as a value that stands for another sample as well.

    Whatever an operator could have read otherwise is left undecided, since how the spectra were read is not told.
    """
    rows, found = done
    alike = found.claims["reported.alike"].reason
    apart = [name for name in rows if found.claims[f"reported.{name}"].verdict == "disagrees"]
    assert len(apart) == 6, apart
    for name in apart:
        assert "does not close" in found.claims[f"reported.{name}"].reason or name in alike
        assert found.claims[f"reported.{name}"].reach is not None


def test_reports_that_several_samples_share_are_a_finding(done):
    _, found = done
    alike = found.claims["reported.alike"]
    assert alike.verdict == "shown"
    assert "6.46e-8 S/cm (HA_exp170_eis_pmps_chloranil_litfsi_5, HA_exp179_eis_pmps_chloranil_litfsi_5)" in alike.reason
    assert "6.19 (HA_exp170_eis_pmps_chloranil_litfsi_7, HA_exp179_eis_pmps_chloranil_litfsi_7)" in alike.reason
    assert found["reported"]["area"].value == pytest.approx(0.7865, rel=0.05)
