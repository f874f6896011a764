"""Components fitted to spectra of known truth, and beside lmfit."""

import numpy as np
import pytest

from lamion.quantities import InputError
from lamion.records import InfraredSpectrum, RamanSpectrum, Spectrum
from lamion.synthetic.spectra import Line, Truth
from lamion.techniques.peaks.axes import curve_of
from lamion.techniques.peaks.component import Component
from lamion.techniques.peaks.decomposition import Description, decompose
from lamion.techniques.peaks.fit import fit_peaks
from lamion.techniques.peaks.intervals import parameter_interval, share_interval
from lamion.techniques.peaks.noise import noise_of
from lamion.techniques.peaks.number import number_of_components, unnamed
from lamion.techniques.peaks.peaks import Choice, at_positions, peaks

WIDTH = 5.0
X = np.arange(700.0, 790.0, 0.5)


def overlapped(separation: float, to_noise: float, share: float = 0.3) -> tuple[np.ndarray, Truth]:
    """Two bands so many widths apart, the signal at its largest so many times the noise."""
    first, second = 740.0, 740.0 + separation * WIDTH
    x = np.arange(first - 5 * WIDTH, second + 5 * WIDTH, WIDTH / 10)
    lines = [Line(first, WIDTH, 100 * (1 - share)), Line(second, WIDTH, 100 * share)]
    height = float(Truth(lines).signal(x).max())
    return x, Truth(lines, [0.5, 0.4], noise=height / to_noise)


def covered(separation: float, to_noise: float, seeds: int, tied: bool) -> tuple[float, float]:
    """How often the share of the smaller band lies in its two intervals: the number of bands is all that is given."""
    x, truth = overlapped(separation, to_noise)
    y = np.stack([truth.measured(x, [2026, seed]) for seed in range(seeds)])
    tied_pair = (Component("peak1"), Component.of("peak2", width="peak1", mixing="peak1"))
    fit = fit_peaks(x, y, tied_pair if tied else unnamed(2, "pseudo-voigt"))
    found = [share_interval(fit, "peak2", spectrum=seed) for seed in range(seeds)]
    share = truth.share(1)
    inside = [
        (one.interval[0] <= share <= one.interval[1], one.interval_95[0] <= share <= one.interval_95[1])
        for one in found
    ]
    return tuple(np.mean(inside, axis=0))


@pytest.mark.parametrize("tied", [True, False], ids=["one width", "two widths"])
@pytest.mark.parametrize(("separation", "to_noise"), [(0.7, 10.0), (0.7, 200.0), (3.0, 10.0), (3.0, 200.0)])
def test_shares_of_overlapping_bands_are_covered_as_often_as_stated(separation: float, to_noise: float, tied: bool):
    level, level_95 = covered(separation, to_noise, 400, tied)
    assert level == pytest.approx(0.683, abs=0.07)
    assert level_95 == pytest.approx(0.95, abs=0.05)


@pytest.mark.slow
@pytest.mark.parametrize("tied", [True, False], ids=["one width", "two widths"])
@pytest.mark.parametrize("separation", [0.7, 1.0, 1.5, 3.0])
@pytest.mark.parametrize("to_noise", [10.0, 30.0, 200.0])
def test_shares_are_covered_all_over_the_grid(separation: float, to_noise: float, tied: bool):
    level, level_95 = covered(separation, to_noise, 2000, tied)
    assert level == pytest.approx(0.683, abs=0.07)
    assert level_95 == pytest.approx(0.95, abs=0.05)


def test_positions_and_widths_are_covered_as_often_as_stated():
    x, truth = overlapped(1.5, 50.0)
    y = np.stack([truth.measured(x, [7, seed]) for seed in range(400)])
    fit = fit_peaks(x, y, [Component("a"), Component.of("b", width="a", mixing="a")])
    for name, value in (("position", 747.5), ("width", WIDTH), ("area", 30.0)):
        found = [parameter_interval(fit, "b", name, seed).interval for seed in range(400)]
        inside = [low <= value <= high for low, high in found]
        assert np.mean(inside) == pytest.approx(0.683, abs=0.07), name


def test_a_fit_equals_lmfits():
    lmfit = pytest.importorskip("lmfit")
    from lmfit.models import LinearModel, PseudoVoigtModel

    x, truth = overlapped(1.5, 100.0)
    y = truth.measured(x, 3)
    model = PseudoVoigtModel(prefix="a_") + PseudoVoigtModel(prefix="b_") + LinearModel()
    start = model.make_params(
        a_center=740, b_center=747, a_sigma=2, b_sigma=2, a_amplitude=70, b_amplitude=30, slope=0, intercept=0
    )
    for name in "ab":
        start[f"{name}_fraction"].set(min=0, max=1)
    theirs = model.fit(y, start, x=x)
    ours = fit_peaks(x, y, [Component("a"), Component("b")])
    assert lmfit.__version__
    for name in "ab":
        for own, other in (("position", "center"), ("width", "fwhm"), ("area", "amplitude"), ("mixing", "fraction")):
            parameter = theirs.params[f"{name}_{other}"]
            place = ours.layout.place(name, own)
            assert ours.parameters[0, place] == pytest.approx(parameter.value, rel=2e-4), (name, own)
            assert np.sqrt(ours.covariance[0, place, place]) == pytest.approx(parameter.stderr, rel=0.02), (name, own)


def test_ties_ratios_bounds_and_fixed_values_hold():
    lines = [Line(700.0 + 20.0, 4.0, 60.0), Line(733.0, 4.0, 30.0)]
    y = Truth(lines, [1.0], noise=0.05).measured(X, 1)
    pair = [
        Component.of("big", position="718 to 722", mixing="0.3 fixed"),
        Component.of("small", position="big + 13", width="big", area="0.5 big", mixing="big"),
    ]
    fit = fit_peaks(X, y, pair, baseline="constant")
    value = {name: float(fit.parameters[0, place]) for place, name in enumerate(fit.layout.names)}
    assert value["small", "position"] - value["big", "position"] == pytest.approx(13.0)
    assert value["small", "area"] == pytest.approx(0.5 * value["big", "area"])
    assert value["small", "width"] == pytest.approx(value["big", "width"])
    assert value["small", "mixing"] == pytest.approx(0.3)
    assert len(fit.layout.free) == 4  # position, width, area, constant
    assert value["big", "area"] == pytest.approx(60.0, rel=0.01)
    share = share_interval(fit, "small")
    assert (share.value, share.deviation) == pytest.approx((1 / 3, 0.0))


def test_the_share_of_a_doublet_counts_its_follower():
    lines = [Line(720.0, 4.0, 40.0), Line(733.0, 4.0, 20.0), Line(745.0, 6.0, 30.0)]
    y = Truth(lines, [1.0], noise=0.1).measured(X, 2)
    fit = fit_peaks(
        X,
        y,
        [
            Component.of("strong", position=720),
            Component.of("weak", position="strong + 13", width="strong", area="0.5 strong", mixing="strong"),
            Component.of("other", position=745),
        ],
    )
    strong, weak = share_interval(fit, "strong"), share_interval(fit, "weak")
    assert strong.value == pytest.approx(40 / 90, abs=4 * strong.deviation)
    assert weak.interval[1] - weak.interval[0] == pytest.approx(
        0.5 * (strong.interval[1] - strong.interval[0]), rel=0.05
    )


def test_counting_noise_is_found_and_known_by_its_gain():
    truth = Truth([Line(740.0, 6.0, 3e4)], [50.0], noise=2.5, counting=True)
    fit = fit_peaks(X, truth.measured(X, 4), [Component("one")], baseline="constant")
    assert fit.noise[0].kind == "counts"
    assert fit.noise[0].size == pytest.approx(2.5, rel=0.35)


def test_constant_noise_is_not_taken_for_counting():
    wrong = 0
    for seed in range(100):
        signal = Truth([Line(740.0, 6.0, 300.0)], [5.0], noise=0.5)
        wrong += noise_of(signal.measured(X, seed) - signal.signal(X), signal.signal(X)).kind == "counts"
    assert wrong <= 2


def test_the_number_of_bands_is_found_from_one_to_four():
    for count in range(1, 5):
        lines = [Line(715.0 + 17.0 * rank, 5.0, 50.0 + 10 * rank) for rank in range(count)]
        y = Truth(lines, [1.0, 0.2], noise=0.1).measured(X, count)
        assert number_of_components(X, y, "pseudo-voigt", "linear").count == count


def test_the_spread_over_baselines_is_a_part_of_its_own():
    x, truth = overlapped(1.5, 200.0)
    bent = truth.measured(x, 1) + 2.0 * np.cos((x - 740.0) / 25.0)
    found = decompose(x, bent, Description((Component("a"), Component("b")), "quadratic")).share("b")
    assert found.baselines > 0
    low, high = found.interval
    narrow_low, narrow_high = found.noise.interval
    assert low < narrow_low < narrow_high < high


def test_an_answer_carries_parts_table_and_figure():
    x, truth = overlapped(1.5, 100.0)
    answer = peaks(RamanSpectrum(x, truth.measured(x, 1)), Choice(at_positions([740.0, 747.0])))
    assert answer["747.area_fraction"].value == pytest.approx(0.3, abs=3 * answer["747.area_fraction"].std)
    assert answer["740.position"].unit == "1/cm"
    assert set(answer.notes["uncertainty"]["747.area_fraction"]) == {"noise", "baselines", "shapes", "scale"}
    assert answer.series["Name"] == ["740", "747"]
    assert not answer.warnings


def test_a_component_that_is_missing_is_said():
    y = Truth([Line(735.0, 5.0, 50.0), Line(745.0, 5.0, 30.0)], [1.0], noise=0.05).measured(X, 1)
    answer = peaks(Spectrum(X, y), Choice(number=1))
    assert any("A component may be missing" in text for text in answer.warnings)


@pytest.mark.parametrize(
    ("choice", "said"),
    [
        (Choice(low=800.0), "0 points in the range"),
        (Choice(components=at_positions([740.0]), number=2), "1 components are named, and 2 asked for"),
        (Choice(number=60), "cannot determine"),
    ],
)
def test_what_cannot_be_is_refused(choice: Choice, said: str):
    with pytest.raises(InputError, match=said):
        peaks(Spectrum(X, np.ones_like(X) + np.sin(X)), choice)


def test_an_abscissa_that_repeats_is_refused_and_one_that_falls_is_turned():
    with pytest.raises(InputError, match="two ordinates at 704"):
        curve_of(RamanSpectrum([*range(700, 710), 704], range(11)))
    assert curve_of(RamanSpectrum(range(710, 700, -1), range(10))).x[0] == 701.0


def test_a_transmittance_becomes_an_absorbance():
    curve = curve_of(InfraredSpectrum(range(1400, 1410), transmittance=[0.1] * 10))
    assert curve.y == pytest.approx(np.ones(10))
    with pytest.raises(InputError, match="not above zero"):
        curve_of(InfraredSpectrum(range(1400, 1410), transmittance=[0.0] * 10))
