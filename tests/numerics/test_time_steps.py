"""Orders of convergence on a problem with a known solution, du/dt = -k (u - cos t) - sin t, whose u is cos t."""

import numpy as np
import pytest

from lamion.numerics.time_steps import BACKWARD_EULER, Stepping, advance

STIFFNESS = 50.0


class Chasing:
    def __init__(self, last=np.inf):
        self.last = last

    def rate(self, u, time):
        return -STIFFNESS * (u - np.cos(time)) - np.sin(time)

    def solve(self, base, weight, time):
        if time > self.last:
            return None
        return (base + weight * (STIFFNESS * np.cos(time) - np.sin(time))) / (1 + weight * STIFFNESS)


def _run(stepping, solver=None, times=(0.0, 1.0)):
    seen = []
    reached = advance(
        solver or Chasing(),
        np.ones(1),
        times,
        scale=1.0,
        first_step=1e-3,
        stepping=stepping,
        observe=lambda time, u: seen.append((time, float(u[0]))),
    )
    return reached, seen


def _error(stepping):
    return max(abs(u - np.cos(time)) for time, u in _run(stepping)[1])


@pytest.mark.parametrize(("scheme", "order"), [({}, 2), ({"scheme": BACKWARD_EULER}, 1)])
def test_order(scheme, order):
    coarse, fine = (_error(Stepping(fixed=step, **scheme)) for step in (0.01, 0.0025))
    assert np.log(coarse / fine) / np.log(4) == pytest.approx(order, abs=0.25)


@pytest.mark.parametrize("tolerance", [1e-4, 1e-6, 1e-8])
def test_the_error_follows_the_tolerance(tolerance):
    assert _error(Stepping(tolerance)) < 10 * tolerance


def test_a_looser_tolerance_takes_fewer_steps():
    assert _run(Stepping(1e-4))[0].steps < _run(Stepping(1e-7))[0].steps


def test_times_asked_for_are_hit_exactly():
    times = [0.0, 0.1, 0.123456789, 1.0]
    assert set(times[1:]) <= {time for time, _ in _run(Stepping(1e-5), times=times)[1]}


def test_it_stops_where_nothing_is_admissible():
    reached, _ = _run(Stepping(1e-5), Chasing(last=0.3))
    assert not reached.complete
    assert reached.time == pytest.approx(0.3, abs=1e-6)


def test_it_gives_up_after_too_many_steps():
    assert not _run(Stepping(1e-9, most=20))[0].complete
