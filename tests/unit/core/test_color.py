"""sRGB and linear light: against the numbers of the standard, there and back, tables against formulas."""

from __future__ import annotations

import numpy as np
import pytest

from booth.core import color


def test_known_values_of_the_standard() -> None:
    coded = np.array([0.0, 0.04045, 0.5, 1.0])
    np.testing.assert_allclose(color.srgb_to_linear(coded), [0, 0.0031308, 0.2140411, 1], atol=1e-7)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_there_and_back_keeps_value_and_dtype(dtype: type) -> None:
    coded = np.linspace(-0.1, 1, 4001, dtype=dtype)
    linear = color.srgb_to_linear(coded)
    back = color.linear_to_srgb(linear)
    assert linear.dtype == back.dtype == dtype
    np.testing.assert_allclose(back, coded, atol=1e-6)
    assert (np.diff(linear) > 0).all()


def test_eight_bit_codes_come_back_exactly() -> None:
    codes = np.round(color.linear_to_srgb(color.SRGB8_TO_LINEAR) * 255).astype(np.uint8)
    np.testing.assert_array_equal(codes, np.arange(256))


def test_tables_follow_the_formulas() -> None:
    steps = 2048
    at = np.linspace(0, 1, steps + 1)
    np.testing.assert_allclose(color.decode_table(steps), color.srgb_to_linear(at), atol=1e-6)
    np.testing.assert_allclose(color.encode_root_table(steps), color.linear_to_srgb(at**2), atol=1e-6)
    assert np.abs(color.encode_table_8bit(steps) - color.linear_to_srgb(at) * 255).max() <= 0.5
    assert not color.SRGB8_TO_LINEAR.flags.writeable
    assert color.decode_table().flags.writeable  # part of the signature of the compiled loops


def test_grey_keeps_its_level() -> None:
    grey = np.full((2, 3, 3), 0.25, np.float32)
    for weigh in (color.luminance, color.luma):
        np.testing.assert_allclose(weigh(grey), np.full((2, 3), 0.25), atol=1e-6)
    assert color.luminance(np.array([0, 1, 0], np.float32)) == np.float32(0.7152)
    assert color.luma(np.array([0, 0, 1], np.float32)) == np.float32(0.114)


def test_power_law_stays_near_the_curve() -> None:
    coded = np.linspace(0, 1, 1001)
    assert np.abs(color.power_law_to_linear(coded) - color.srgb_to_linear(coded)).max() < 0.01
