"""Designs draw one of the measurements that they simulate: what is seen is what was asked for."""

import numpy as np
import pytest

import lamion
from lamion.quantities.figure import figure_of


def panel(answer, name):
    return figure_of(answer.figures[name].data).panels[0]


def test_a_picture_shows_the_layer_as_thick_as_it_is():
    answer = lamion.design.thickness(printed="9 um", pixel="100 nm", width="10 um", noise=0.1, quick=True, seed=1)
    data = answer.figures["picture"].data
    values = np.array(data["values"])
    bright = values.mean(axis=1) > (values.max() + values.min()) / 2
    assert data["length"] == "um"
    assert data["size"][0] == pytest.approx(10.0, rel=0.02)
    assert bright.mean() * data["size"][1] == pytest.approx(9.0, rel=0.03)


def test_a_map_of_sheets_has_their_thickness():
    answer = lamion.design.sheets(
        printed="4.5 nm", of="thickness", thickness="4.5 nm", smallest="1 um", largest="3 um", field="12 um",
        scale_uncertainty="2 %", quick=True, seed=1,
    )  # fmt: skip
    heights = np.array(panel(answer, "profile").traces[0].y)
    assert np.ptp(heights) > 4.0
    assert np.array(answer.figures["map"].data["values"]).shape[0] <= 96


def test_indentations_are_as_stiff_as_the_samples():
    answer = lamion.design.indentation(
        printed="1.38 GPa", against="0.138 GPa", load="3 mN", radius="100 nm", poisson="0.30 ± 0.05", thickness="9 um",
        depth_noise="0.01 nm", load_noise="0.01 nN", quick=True, seed=1,
    )  # fmt: skip
    slopes = [max(trace.y) / max(trace.x) for trace in panel(answer, "curves").traces]
    assert slopes[0] / slopes[1] == pytest.approx(10.0, rel=0.05)


def test_a_spectrum_spans_the_resistance():
    answer = lamion.design.impedance(
        circuit="R0-p(R1,CPE1)", values={"R0": "1e-4", "R1": "2.45e-3", "CPE1.Q": "0.3", "CPE1.n": "0.85"},
        parameter="R1", change="5 %", highest_frequency="1e6 Hz", lowest_frequency="1e-3 Hz", noise="1 %", quick=True,
        seed=1,
    )  # fmt: skip
    points, clean = panel(answer, "spectrum").traces
    assert max(clean.x) - min(clean.x) == pytest.approx(24.5, rel=0.02)
    assert np.allclose(points.x, clean.x, rtol=0.1)
    assert panel(answer, "spectrum").equal


def test_a_current_under_the_bias_settles_at_its_steady_value():
    answer = lamion.design.transference(
        conductivity="1e-4 S/cm", interface="10 ohm cm2", fraction="0.4", thickness="100 um",
        resistance_uncertainty="0.5 %", current_uncertainty="0.1 %", seed=1,
    )  # fmt: skip
    points, line, steady = panel(answer, "transient").traces
    # rho = 100 um / (1e-4 S/cm) = 100 ohm cm2; (100 + 10) / (100 / 0.4 + 10).
    assert steady.at == pytest.approx(110 / 260)
    assert line.y[-1] == pytest.approx(steady.at, rel=1e-3)
    assert points.y[0] == pytest.approx(1.0, abs=0.01)


def test_a_plating_test_shows_its_short():
    answer = lamion.design.plating(
        printed="20 h", of="short_time", currents=["0.4 mA/cm2"], half_cycle="1 h", sampling="60 s", quick=True, seed=1
    )
    trace = panel(answer, "trace").traces[0]
    time, voltage = np.array(trace.x), np.array(trace.y)
    before, after = voltage[time < 19].mean(), voltage[time > 22].mean()
    assert before == pytest.approx(1.0, rel=0.05)
    assert after < 0.98 * before
