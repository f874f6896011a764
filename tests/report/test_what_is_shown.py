"""What people see: -Im upwards, and the computed number beside the printed one."""

import re

import numpy as np
import pytest

from lamion.cli.main import main
from lamion.quantities.nyquist import nyquist
from lamion.report.figures.draw import page_of
from lamion.synthetic.blocking_cell import BlockingCell, blocking_cell_spectrum

STUDY = """
[study]
title = "shown"
claims = "claims.toml"

[[sample]]
name = "film"
recipe = { polymer = "peo", salts = { litfsi = 18 } }

[[step]]
id = "made"
task = "recipe"
sample = "film"
settles = { "density" = "density.guest" }
"""

CLAIMS = """
[[claim]]
id = "density"
sample = "film"
quantity = "density"
printed = "1.90"
value = 1.90
unit = "g/cm3"
route = "recipe"
conditions = { temperature_C = 25, method = "as <cast>" }
"""


def test_a_nyquist_figure_has_minus_im_upwards():
    """A capacitive spectrum has a negative imaginary part, and is drawn above the axis."""
    spectrum = blocking_cell_spectrum(BlockingCell(50.0), seed=4)
    re_z, im_z = spectrum.impedance.real, spectrum.impedance.imag
    one = {"label": "cell", "re": re_z.tolist(), "im": im_z.tolist(), "fit_re": re_z.tolist(), "fit_im": im_z.tolist()}
    whole, close = page_of(nyquist("a cell", [{**one, "resistance": 50.0, "resistance_std": 0.1}])).axes
    assert np.min(im_z) < 0
    for axes in (whole, close):
        assert axes.get_ylabel().startswith("−Im Z / ")
        assert axes.get_xlabel() == axes.get_ylabel().replace("−Im", "Re")
        for line in axes.lines[:2]:
            x, y = line.get_data()
            assert np.argmax(y) == np.argmin(im_z)
            assert np.allclose(y / np.max(y), -im_z / -np.min(im_z))
            assert np.allclose(x / np.max(x), re_z / np.max(re_z))


@pytest.fixture
def report(tmp_path):
    (tmp_path / "study.toml").write_text(STUDY)
    (tmp_path / "claims.toml").write_text(CLAIMS)
    assert main(["run", str(tmp_path / "study.toml"), "--workers", "1"]) == 0
    return (tmp_path / "results" / "report.html").read_text()


def test_the_report_holds_the_computed_number_beside_the_printed_one(report, tmp_path):
    import json

    claim = json.loads((tmp_path / "results" / "results.json").read_text())["claims"]["density"]
    row = next(row for row in re.findall(r"<tr.*?</tr>", report, flags=re.DOTALL) if "1.90 g/cm3" in row)
    shown = re.search(r'data-title="Computed"[^>]*><span>(.*?)</span>', row).group(1)
    assert "1.90 g/cm3<br><small>temperature_C = 25, method = as &lt;cast&gt;</small>" in row
    value = float(re.match(r"[\d.]+", shown).group())
    assert value == pytest.approx(claim["computed"], abs=0.006)
    assert shown.endswith("g/cm3")
