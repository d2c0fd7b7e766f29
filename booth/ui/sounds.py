"""Short sounds made from numbers: the hold begins, the shutter fires, a portrait is ready. Silent without a device."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

import numpy as np
import pygame

from booth.session.state_machine import State

RATE_HZ = 44100
_PEAK = 0.22  # of full scale: audible beside a person, not across a hall


def tone(hz: float, length_s: float, decay_s: float) -> np.ndarray:
    """A soft bell: the note and its octave dying away, (n,) float32 within -1..1."""
    t_s = np.arange(round(RATE_HZ * length_s)) / RATE_HZ
    rise = np.minimum(1, t_s / 0.008)  # no click at its start
    fall = np.minimum(1, (length_s - t_s) / 0.01)
    wave = 0.8 * np.sin(2 * np.pi * hz * t_s) + 0.2 * np.sin(4 * np.pi * hz * t_s)
    return (wave * rise * fall * np.exp(-t_s / decay_s)).astype(np.float32)


def click(seed: int = 7) -> np.ndarray:
    """A shutter: two short bursts of soft noise, (n,) float32 within -1..1."""
    noise = np.random.default_rng(seed).standard_normal(round(RATE_HZ * 0.14))
    soft = np.convolve(noise, np.hanning(24) / np.hanning(24).sum(), "same")
    t_s = np.arange(len(soft)) / RATE_HZ
    beats = np.exp(-t_s / 0.012) + 0.8 * np.exp(-np.abs(t_s - 0.075) / 0.010)
    wave = soft * beats
    return np.asarray(wave / np.abs(wave).max(), np.float32)


SOUNDS: Mapping[State, np.ndarray] = MappingProxyType(
    {
        State.HOLD: tone(659.3, 0.25, 0.12),
        State.DEVELOP: click(),
        State.REVIEW: np.concatenate([tone(523.3, 0.16, 0.10), tone(784.0, 0.5, 0.22)]),
    }
)
"""What is heard on entering a state."""


class SoundPlayer:
    """Plays the sound of a state; where there is no sound device it stays silent."""

    def __init__(self, is_on: bool, own: Mapping[State, Path] | None = None) -> None:
        """`own` gives sound files of a brand in place of the packaged ones."""
        self._sounds: dict[State, pygame.mixer.Sound] = {}
        if not is_on:
            return
        try:
            pygame.mixer.init(RATE_HZ, -16, 1, 512, allowedchanges=0)
        except pygame.error:
            return
        for state, wave in SOUNDS.items():
            samples = np.round(wave * _PEAK * 32767).astype("<i2")
            file = (own or {}).get(state)
            self._sounds[state] = pygame.mixer.Sound(file or samples.tobytes())

    def enter(self, state: State) -> None:
        """Play what belongs to a state that has just begun."""
        sound = self._sounds.get(state)
        if sound is not None:
            sound.play()

    def close(self) -> None:
        """Release the device."""
        if self._sounds:
            self._sounds.clear()
            pygame.mixer.quit()
