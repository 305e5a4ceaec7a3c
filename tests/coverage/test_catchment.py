import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coverage.catchment import DECAYS, Catchment, Decay, catchment
from coverage.travel import TravelTimes


def random_case(seed: int, n_origin: int = 40, n_site: int = 15):
    rng = np.random.default_rng(seed)
    minutes = rng.uniform(0, 60, (n_origin, n_site))
    minutes[rng.random(minutes.shape) < 0.2] = 0.0
    rows, columns = np.nonzero(minutes <= 30)
    times = TravelTimes.from_pairs(
        tuple(f"o{i:03d}" for i in range(n_origin)),
        tuple(f"s{j:03d}" for j in range(n_site)),
        (rows, columns, minutes[rows, columns]),
        30.0,
    )
    return times, rng.uniform(0, 500, n_origin), rng.uniform(0, 40, n_site)


def enumerated(times, people, supply_h, decay) -> np.ndarray:
    """The two steps as they are written, pair by pair."""
    minutes = times.dense()
    score = np.zeros(len(people))
    for j, hours in enumerate(supply_h):
        called = sum(
            decay.weights(np.array([minutes[i, j]]))[0] * people[i] for i in range(len(people))
        )
        for i in range(len(people)):
            if called > 0:
                score[i] += 60 * decay.weights(np.array([minutes[i, j]]))[0] * hours / called
    return score


@pytest.mark.parametrize("kind", DECAYS)
def test_it_is_the_two_steps_written_out(kind):
    times, people, supply_h = random_case(1, 12, 5)
    decay = Decay(kind, 30.0)
    found = catchment(times, people, supply_h, decay)
    np.testing.assert_allclose(
        found.weekly_min, enumerated(times, people, supply_h, decay), atol=1e-12
    )


@pytest.mark.parametrize("kind", DECAYS)
def test_pysal_access_gives_the_same(kind):
    from access.fca import two_stage_fca

    times, people, supply_h = random_case(2)
    decay = Decay(kind, 30.0)
    rows = np.repeat(np.arange(len(people)), np.diff(times.minutes.indptr))
    cost = pd.DataFrame(
        {
            "origin": np.array(times.origins)[rows],
            "dest": np.array(times.destinations)[times.minutes.indices],
            "cost": times.minutes.data,
        }
    )
    theirs = two_stage_fca(
        demand_df=pd.DataFrame({"geoid": times.origins, "demand": people}),
        demand_index="geoid",
        demand_name="demand",
        supply_df=pd.DataFrame({"supply": supply_h}, index=list(times.destinations)),
        supply_name="supply",
        cost_df=cost,
        cost_origin="origin",
        cost_dest="dest",
        cost_name="cost",
        max_cost=30.0,
        weight_fn=lambda minutes: float(decay.weights(np.array([minutes]))[0]),
    )
    ours = catchment(times, people, supply_h, decay).weekly_min / 60
    np.testing.assert_allclose(ours, theirs.reindex(times.origins).to_numpy(), rtol=0, atol=1e-9)


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10**6), st.sampled_from(DECAYS))
def test_the_hours_offered_are_handed_out_exactly(seed, kind):
    times, people, supply_h = random_case(seed, 10, 6)
    found = catchment(times, people, supply_h, Decay(kind, 30.0))
    given_h = float(found.weekly_min @ people) / 60
    assert given_h == pytest.approx(float(supply_h[~found.idle].sum()), rel=1e-9, abs=1e-9)


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 10**6), st.floats(0.1, 10), st.sampled_from(DECAYS))
def test_scaling_every_time_and_the_limit_changes_nothing(seed, factor, kind):
    times, people, supply_h = random_case(seed, 10, 6)
    rows = np.repeat(np.arange(10), np.diff(times.minutes.indptr))
    scaled = TravelTimes.from_pairs(
        times.origins,
        times.destinations,
        (rows, times.minutes.indices, times.minutes.data * factor),
        times.limit_min * factor,
    )
    plain = catchment(times, people, supply_h, Decay(kind, 30.0))
    again = catchment(scaled, people, supply_h, Decay(kind, scaled.limit_min))
    np.testing.assert_allclose(again.weekly_min, plain.weekly_min, rtol=1e-6, atol=1e-9)


def test_a_site_that_reaches_nobody_is_idle_not_infinite():
    times = TravelTimes.from_pairs(
        ("a",), ("s", "t"), (np.array([0]), np.array([0]), np.zeros(1)), 30
    )
    found = catchment(times, np.array([10.0]), np.array([5.0, 7.0]), Decay("flat"))
    assert found.idle.tolist() == [False, True]
    assert found.weekly_min.tolist() == [30.0]
    empty = catchment(times, np.array([0.0]), np.array([5.0, 7.0]), Decay("flat"))
    assert isinstance(empty, Catchment)
    assert empty.idle.all()
    assert np.isfinite(empty.weekly_min).all()


def test_weights_at_the_bounds():
    stepped = Decay("stepped", 30.0)
    assert stepped.weights(np.array([0, 10, 10.1, 20, 30, 31.0])).tolist() == [
        1.0, 1.0, 0.68, 0.68, 0.22, 0.0,
    ]  # fmt: skip
    assert Decay("gaussian", 30.0).weights(np.array([0.0, 30.0])).tolist() == [1.0, 0.0]


def test_nonsense_is_refused():
    times, people, supply_h = random_case(3)
    with pytest.raises(ValueError, match="stop at"):
        catchment(times, people, supply_h, Decay("flat", 45.0))
    with pytest.raises(ValueError, match="negative"):
        catchment(times, -people, supply_h, Decay("flat"))
    with pytest.raises(ValueError, match="supply"):
        catchment(times, people, supply_h[:-1], Decay("flat"))
    with pytest.raises(ValueError, match="decay"):
        Decay("cubic")
