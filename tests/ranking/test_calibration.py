from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ranking.calibration import Calibration

values = st.floats(-50, 50, width=32)


@settings(deadline=None)
@given(st.floats(-5, 5), st.floats(0.1, 10), values, values)
def test_more_is_never_less(center: float, scale: float, low: float, high: float) -> None:
    calibration = Calibration(center, scale)
    low, high = sorted((low, high))
    first, second = calibration(np.array([low, high], np.float32))
    assert first <= second


def test_known_points() -> None:
    middle = Calibration(center=2.0, scale=3.0)
    np.testing.assert_allclose(middle(np.array([2.0, 5.0], np.float32)), [0, np.arcsinh(1)])


def test_nothing_to_say_is_zero() -> None:
    assert Calibration(1.0)(np.array([np.nan], np.float32)).tolist() == [0.0]


@pytest.mark.parametrize("scale", [0.0, -1.0, float("nan")])
def test_a_scale_is_positive(scale: float) -> None:
    with pytest.raises(ValueError, match="scale above 0"):
        Calibration(scale=scale)
