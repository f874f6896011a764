"""Conductivity: geometry, several cells, options, refusals, figure; and two real cells."""

import numpy as np
import pytest

from lamion.quantities import Answer, InputError, Quantity
from lamion.records.impedance import ImpedanceSpectrum
from lamion.synthetic.blocking_cell import BlockingCell, blocking_cell_spectrum, short_circuit_spectrum
from lamion.techniques.conduction.blocking_resistance import blocking_resistance
from lamion.techniques.conduction.combined_cells import combine_cells
from lamion.techniques.conduction.conductivity import conductivity

THICKNESS, AREA = Quantity(1.0, 0.02, "mm"), Quantity(2.0, 0.02, "cm2")
CELL = BlockingCell(500.0)


def test_conductivity_is_length_over_resistance_and_area():
    answer = conductivity([blocking_cell_spectrum(CELL, noise=1e-6)], THICKNESS, AREA)
    assert answer.results["resistance"].value == pytest.approx(500.0, rel=1e-5)
    assert answer.results["conductivity"].value == pytest.approx(0.1 / (500 * 2), rel=1e-5)
    assert answer.results["conductance"].value == pytest.approx(1 / 500, rel=1e-5)
    assert answer.results["areal_conductance"].value == pytest.approx(1 / 1000, rel=1e-5)
    units = {name: quantity.unit for name, quantity in answer.results.items()}
    assert units == {
        "resistance": "ohm",
        "conductivity": "S/cm",
        "conductivity_by_eye": "S/cm",
        "conductance": "S",
        "areal_conductance": "S/cm2",
    }


def test_uncertainties_of_thickness_area_and_resistance_add_in_quadrature():
    answer = conductivity([blocking_cell_spectrum(CELL)], THICKNESS, AREA)
    r = answer.results["resistance"]
    expected = np.sqrt((r.std / r.value) ** 2 + 0.02**2 + 0.01**2)
    sigma = answer.results["conductivity"]
    assert sigma.std / sigma.value == pytest.approx(expected, rel=1e-6)


def test_without_a_geometry_there_is_a_resistance_only():
    answer = conductivity([blocking_cell_spectrum(CELL)], None, None)
    assert set(answer.results) == {"resistance", "conductance"}
    assert "Conductivity / S/cm" not in answer.series


def test_several_cells_give_one_row_each_and_their_spread_beside_the_fits():
    resistances = [480.0, 500.0, 530.0]
    spectra = [blocking_cell_spectrum(BlockingCell(r), seed=i) for i, r in enumerate(resistances)]
    answer = conductivity(spectra, Quantity(1.0, None, "mm"), Quantity(2.0, None, "cm2"))
    assert answer.series["Resistance / ohm"] == pytest.approx(resistances, rel=0.01)
    assert len(set(answer.series["File"])) == 3
    spread = answer.notes["uncertainty"]["between_cells"]
    assert spread == pytest.approx(np.std([0.05 / r for r in resistances], ddof=1), rel=0.02)
    sigma = answer.results["conductivity"]
    assert sigma.std == pytest.approx(1.3213 * spread / np.sqrt(3), rel=1e-3)
    assert sigma.std > 10 * max(answer.series["Conductivity Uncertainty / S/cm"]) / np.sqrt(3)


def test_cells_that_differ_a_hundredfold_are_not_averaged_in_silence():
    spectra = [blocking_cell_spectrum(BlockingCell(r), seed=i) for i, r in enumerate([500.0, 5e4])]
    answer = conductivity(spectra, THICKNESS, AREA)
    told = [warning for warning in answer.warnings if "The cells differ by a factor of 100" in warning]
    assert len(told) == 1
    sigma = answer.results["conductivity"]
    assert sigma.value - sigma.std < 0.1 / (5e4 * 2)
    assert "The 2 cells scatter by 140 %" in answer.method


def test_cells_of_one_electrolyte_are_averaged_and_their_scatter_said():
    spectra = [blocking_cell_spectrum(BlockingCell(r), seed=i) for i, r in enumerate([480.0, 500.0, 530.0])]
    answer = conductivity(spectra, THICKNESS, AREA)
    assert not any("differ by a factor" in warning for warning in answer.warnings)
    assert "The 3 cells scatter by 5 %, each is known to" in answer.method


def test_a_cell_that_is_thicker_than_wide_is_doubted():
    spectrum, area = blocking_cell_spectrum(CELL, seed=1), Quantity(0.785, None, "cm2")
    odd = conductivity([spectrum] * 2, Quantity(123.0, None, "mm"), area).warnings
    (told,) = [text for text in odd if "thicker than" in text]
    assert told.startswith("The electrolyte is 12.3 cm thick between electrodes of 0.785 cm2")
    assert not any("thicker than" in text for text in conductivity([spectrum], THICKNESS, area).warnings)


def test_a_common_thickness_does_not_average_out_and_separate_ones_do():
    spectra = [blocking_cell_spectrum(CELL, seed=seed) for seed in range(4)]
    area = Quantity(2.0, None, "cm2")
    common = conductivity(spectra, Quantity(1.0, 0.1, "mm"), area).results["conductivity"]
    separate = conductivity(spectra, [Quantity(1.0, 0.1, "mm")] * 4, area).results["conductivity"]
    assert common.std / common.value == pytest.approx(0.1, rel=0.01)
    assert separate.std / separate.value == pytest.approx(0.05, rel=0.01)


def test_the_mean_of_cells_covers_as_often_as_it_says():
    """Three cells that scatter by 5 %: Student's factor keeps the 68.3 % interval honest."""
    random = np.random.default_rng(11)
    inside = 0
    for _ in range(2000):
        mean = combine_cells(random.normal(100.0, 5.0, 3), np.full(3, 0.1), np.zeros(3))
        inside += abs(mean.mean - 100.0) < mean.std
    assert inside / 20 == pytest.approx(68.3, abs=3.5)


def test_a_short_is_subtracted_and_shared():
    cell = BlockingCell(0.8, lead_resistance=0.4, lead_inductance=5e-7)
    short = short_circuit_spectrum(cell, noise=0.01, seed=9)
    spectra = [blocking_cell_spectrum(cell, seed=seed) for seed in range(4)]
    answer = conductivity(spectra, THICKNESS, AREA, short=short)
    r = answer.results["resistance"]
    assert abs(r.value - 0.8) < 3 * r.std
    lead_std = answer.series["Lead Uncertainty / ohm"][0]
    assert r.std >= lead_std > 0
    assert answer.notes["leads"].startswith("subtracted")
    without = conductivity(spectra[:1], THICKNESS, AREA)
    assert without.results["resistance"].value == pytest.approx(1.2, rel=0.02)
    assert "Leads and contacts" in without.warnings[0]


def test_limits_are_kept_and_accept_quantities():
    spectrum = blocking_cell_spectrum(CELL)
    one = conductivity([spectrum], THICKNESS, AREA, fmin=10.0, fmax=1e4)
    other = conductivity([spectrum], THICKNESS, AREA, fmin=Quantity(10.0, None, "Hz"), fmax=Quantity(10.0, None, "kHz"))
    low, high = one.notes["cells"][0]["range_used_hz"]
    assert low >= 10.0
    assert high <= 1e4
    assert one.results == other.results


def test_temperature_is_recorded():
    spectrum = blocking_cell_spectrum(CELL, temperature=298.15)
    assert conductivity([spectrum], THICKNESS, AREA).notes["temperature"] == "298.15 K"
    given = conductivity([spectrum], THICKNESS, AREA, temperature=Quantity(55.0, None, "degC"))
    assert given.notes["temperature"] == "328.15 K"


def test_synthetic_data_is_called_synthetic_and_the_figure_holds_data_and_fit():
    answer = conductivity([blocking_cell_spectrum(CELL)], THICKNESS, AREA)
    assert answer.synthetic
    assert "synthetic" in answer.results["resistance"].source
    figure = answer.figures["nyquist"]
    assert figure.kind == "xy"
    assert "synthetic" in figure.title
    (curve,) = figure.data["spectra"]
    lengths = {len(curve[name]) for name in ("frequency", "re", "im", "fit_re", "fit_im")}
    assert lengths == {73}
    fit, data = np.array(curve["fit_re"]), np.array(curve["re"])
    assert fit == pytest.approx(data, rel=0.05)


def test_the_answer_survives_the_store():
    import json

    answer = conductivity([blocking_cell_spectrum(CELL)], THICKNESS, AREA)
    stored = json.loads(json.dumps(answer.to_store(), allow_nan=False))
    assert Answer.from_store(stored).to_json() == answer.to_json()


def test_what_cannot_be_used_is_refused_by_name():
    spectrum = blocking_cell_spectrum(CELL)
    with pytest.raises(InputError, match="thickness -1 mm is not larger than zero"):
        conductivity([spectrum], Quantity(-1.0, None, "mm"), AREA)
    with pytest.raises(InputError, match="2 values of the area were given for 1 spectra"):
        conductivity([spectrum], THICKNESS, [AREA, AREA])
    with pytest.raises(InputError, match="No spectrum"):
        conductivity([], THICKNESS, AREA)
    with pytest.raises(InputError, match="synthetic blocking cell, seed 0: The spectrum holds"):
        conductivity([spectrum], THICKNESS, AREA, fmin=3e4)
    resistor = ImpedanceSpectrum(spectrum.frequency, np.full(len(spectrum), 10.0))
    with pytest.raises(InputError, match="spectrum 1: The"):
        conductivity([resistor], THICKNESS, AREA)


def _table(path, separator=None):
    """Read the rows of at least three numbers of a text file; a reader of formats is tested elsewhere."""
    rows = []
    for line in path.read_text(encoding="latin1").splitlines():
        try:
            rows.append([float(field) for field in line.split(separator)[:3]])
        except ValueError:
            continue
    return np.array([row for row in rows if len(row) == 3])


@pytest.mark.parametrize(
    ("name", "sign"), [("PEIS_LPSCl_IonBlocking_-25C.txt", -1), ("PEIS_LPSCl_IonBlocking_-25C_RelaxIS.txt", 1)]
)
def test_a_real_pellet_of_li6ps5cl(real_data, name, sign):
    """Between the minimum of -Z'' (1440 ohm) and the arc extrapolated (1530 ohm), read by hand on the same file."""
    table = _table(real_data / "impedance" / name)
    found = blocking_resistance(table[:, 0], table[:, 1] + sign * 1j * table[:, 2])
    assert len(table) == 79
    assert 1440 < found.resistance < 1530
    assert found.resistance == pytest.approx(1468.35, abs=0.05)
    assert found.method.startswith("arc end")
    assert 15 < found.std < 80


def test_a_real_chi660e_export_without_an_arc(real_data):
    table = _table(real_data / "impedance" / "exampleDataCHInstruments.txt", ",")
    found = blocking_resistance(table[:, 0], table[:, 1] + 1j * table[:, 2])
    assert found.arc == "electrode"
    assert abs(found.resistance - 99.0) < 1.5
    assert found.std < 3.0
