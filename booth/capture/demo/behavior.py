"""What the demo sitter does and when: pure arithmetic from time and seed to pose, expression and light.

Owns her timetable, not her pixels. One pass is one guest: she comes in, gives a clear chance for a portrait, a second
one, and leaves. Anyone may ask what she does at any moment; asking changes nothing.
"""

from __future__ import annotations

import math
import random
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

PASS_S = 30.0  # one guest, from an empty room to an empty room
REST_S = (8.8, 14.2)  # the clear chance within a pass: neutral first, smiling from 10.7 s on
LIGHTS = ("room", "warm", "side", "cool", "window", "dim")

Track = tuple[tuple[float, float], ...]  # (time in the pass, value), times growing


@dataclass(frozen=True, slots=True)
class Behaviour:
    """One moment of the sitter; angles as in `booth.core.types.Pose`, sides are the image's."""

    act: str  # empty, enter, look, approach, talk, rest, smile, chat, leave
    light: str  # one of LIGHTS
    head_frac: float  # height of the face's landmarks over the frame's height, when upright and frontal
    x_frac: float  # middle of the face over the frame's width; outside 0..1 she is out of the picture
    y_frac: float  # middle of the face over the frame's height
    yaw_deg: float
    pitch_deg: float
    roll_deg: float
    gaze_x_deg: float  # > 0: eyes toward image right, beyond what the head does
    gaze_y_deg: float  # > 0: eyes up
    blink: float  # 0 open .. 1 shut
    smile: float  # 0 neutral, lips closed .. 1 as in the portrait
    jaw: float  # 0 closed .. 1 as far as she opens while talking
    seed: int  # of the pass: what else may differ between guests follows from it


ACTS: tuple[tuple[float, str], ...] = (
    (0.0, "empty"), (0.7, "enter"), (3.2, "look"), (4.5, "approach"), (6.6, "talk"), (8.6, "rest"), (10.2, "smile"),
    (14.2, "chat"), (19.6, "rest"), (20.6, "smile"), (24.2, "leave"), (27.6, "empty"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Pass:
    """The tracks of one guest, with her own side, tempo and light drawn from the seed."""

    seed: int
    light: str
    head: Track
    x: Track
    y: Track
    yaw: Track
    pitch: Track
    roll: Track
    gaze_x: Track
    gaze_y: Track
    smile: Track
    jaw: Track
    blinks: tuple[tuple[float, float], ...]  # (start, length) in seconds


def behaviour(t_s: float, seed: int = 1) -> Behaviour:
    """Return what she does at `t_s` seconds (>= 0) of the demo with that seed."""
    number = int(max(t_s, 0.0) // PASS_S)
    t = max(t_s, 0.0) - number * PASS_S
    p = _pass(number, seed)
    sway = _sway(t, p.seed)
    walk = _bump(t, 0.7, 3.2) + _bump(t, 4.5, 6.6) + _bump(t, 25.0, 27.6)
    return Behaviour(
        act=_act(t),
        light=p.light,
        head_frac=_at(p.head, t) * (1 + 0.004 * sway[2]),
        x_frac=_at(p.x, t) + 0.0016 * sway[0] + 0.006 * walk * math.sin(math.tau * 0.95 * t),
        y_frac=_at(p.y, t) + 0.0010 * sway[1] + 0.010 * walk * abs(math.sin(math.tau * 0.95 * t)),
        yaw_deg=_at(p.yaw, t) + 0.5 * sway[1],
        pitch_deg=_at(p.pitch, t) + 0.4 * sway[2],
        roll_deg=_at(p.roll, t) + 0.35 * sway[0] + 1.2 * walk * math.sin(math.tau * 0.95 * t + 0.6),
        gaze_x_deg=_at(p.gaze_x, t),
        gaze_y_deg=_at(p.gaze_y, t),
        blink=max((_lid(t - start, length) for start, length in p.blinks), default=0.0),
        smile=_at(p.smile, t),
        jaw=_at(p.jaw, t) * _chatter(t, p.seed),
        seed=p.seed,
    )


def blinks(pass_number: int, seed: int = 1) -> tuple[tuple[float, float], ...]:
    """Return (start, length) in seconds of the demo for every blink of one pass."""
    return tuple((pass_number * PASS_S + start, length) for start, length in _pass(pass_number, seed).blinks)


def _act(t: float) -> str:
    return next(name for start, name in reversed(ACTS) if t >= start)


@lru_cache(maxsize=16)
def _pass(number: int, seed: int) -> _Pass:
    own_seed = seed * 100_003 + number
    rng = random.Random(own_seed)  # noqa: S311 - a timetable, not a secret
    side = rng.choice((-1.0, 1.0))
    off = side * rng.uniform(0.13, 0.17)
    near = rng.uniform(0.325, 0.34)
    tilt = side * rng.uniform(8.5, 10.0)
    glance = rng.uniform(10.0, 14.0)
    return _Pass(
        seed=own_seed,
        light=_light(number, seed),
        head=((0.7, 0.25), (3.6, 0.205), (4.5, 0.2), (6.7, near), (19.0, near), (20.0, near - 0.02), 
              (24.8, near - 0.02), (27.4, 0.2)),
        x=((0.7, 0.5 + 0.75 * side), (3.1, 0.5 + off), (4.5, 0.5 + off), (6.6, 0.5 + 0.06 * side),
           (7.4, 0.5 + 0.05 * side), (8.5, 0.5), (16.0, 0.5), (17.2, 0.5 - 0.04 * side), (19.4, 0.5), (24.8, 0.5),
           (27.5, 0.5 - 0.78 * side)),
        y=((4.5, 0.40), (6.6, 0.43), (24.8, 0.43), (27.4, 0.40)),
        yaw=((0.7, -16 * side), (2.8, -12 * side), (3.5, 20 * side), (4.1, 20 * side), (4.9, 4 * side),
             (6.4, 6 * side), (7.0, -9 * side), (7.8, -4 * side), (8.5, 0), (14.4, 0), (15.2, 8 * side),
             (16.6, -5 * side), (17.2, -20 * side), (18.2, -20 * side), (19.2, 0), (24.4, 0), (25.2, -19 * side)),
        pitch=((0.0, 1), (3.6, 4), (4.6, -3), (6.6, 0), (7.1, 4), (7.7, -4), (8.5, 0), (15.0, 0), (15.6, 5),
               (16.4, -5), (17.4, 0)),
        roll=((0.7, 3 * side), (3.2, tilt), (4.6, tilt), (6.4, 5 * side), (7.4, 6 * side), (8.5, 0), (14.4, 0),
              (15.4, -tilt), (16.6, -4 * side), (17.4, 3 * side), (19.2, 0)),
        gaze_x=((3.2, 0), (3.45, glance * side), (4.2, glance * side), (4.45, 0), (7.2, 0), (7.35, -glance * side),
                (7.9, -glance * side), (8.05, 0), (16.9, 0), (17.1, -glance * side), (18.2, -glance * side), (18.4, 0)),
        gaze_y=((5.0, 0), (5.2, -5), (5.8, -5), (6.0, 0)),
        smile=((3.6, 0.0), (4.6, 0.15), (6.6, 0.2), (8.0, 0.0), (10.2, 0.0), (10.7, 1.0), (14.2, 1.0), (15.0, 0.45),
               (16.8, 0.35), (18.6, 0.0), (20.4, 0.0), (21.0, 0.95), (24.0, 0.95), (25.0, 0.3)),
        jaw=((6.6, 0.0), (6.8, 1.0), (7.9, 0.9), (8.15, 0.0), (14.6, 0.0), (14.9, 1.0), (16.7, 0.9), (17.0, 0.0)),
        blinks=_blinks(rng),
    )  # fmt: skip


def _blinks(rng: random.Random) -> tuple[tuple[float, float], ...]:
    """Blinks where people blink: on arriving, on turning the head, before holding still; one long one."""
    around = (1.6, 3.3, 5.3, 6.9, 8.3, 13.3, 14.8, 17.0, 19.3, 23.6, 25.3)
    quick = [(t + rng.uniform(-0.12, 0.12), rng.uniform(0.17, 0.3)) for t in around]
    return tuple(sorted([*quick, (18.5 + rng.uniform(-0.1, 0.1), rng.uniform(0.55, 0.75))]))


def _light(number: int, seed: int) -> str:
    """The first guest of every round has the plain room light; the others come in a shuffled order."""
    round_number, place = divmod(number, len(LIGHTS))
    others = list(LIGHTS[1:])
    random.Random(seed * 7919 + round_number).shuffle(others)  # noqa: S311
    return LIGHTS[0] if place == 0 else others[place - 1]


def _smooth(u: float) -> float:
    """Ease from 0 to 1 without a jerk at either end."""
    u = min(max(u, 0.0), 1.0)
    return u * u * u * (u * (6 * u - 15) + 10)


def _at(track: Sequence[tuple[float, float]], t: float) -> float:
    if t <= track[0][0]:
        return float(track[0][1])
    for (t0, v0), (t1, v1) in zip(track, track[1:], strict=False):
        if t < t1:
            return v0 + (v1 - v0) * _smooth((t - t0) / (t1 - t0))
    return float(track[-1][1])


def _bump(t: float, start: float, end: float) -> float:
    """1 inside the interval with half-second ramps, 0 outside."""
    return _smooth((t - start) / 0.5) * _smooth((end - t) / 0.5)


def _lid(since_s: float, length_s: float) -> float:
    """Lid closure: down within 80 ms, up within 120 ms, as lids do; `length_s` counts half-shut to half-shut."""
    return min(_smooth((since_s + 0.04) / 0.08), _smooth((length_s + 0.06 - since_s) / 0.12))


def _sway(t: float, seed: int) -> tuple[float, float, float]:
    """Three slow wanderings in about -1..1: nobody stands quite still."""
    phase = (seed % 97) / 97 * math.tau
    return (
        0.6 * math.sin(0.9 * t + phase) + 0.4 * math.sin(2.1 * t + 1.7 * phase),
        0.6 * math.sin(1.1 * t + 2 * phase) + 0.4 * math.sin(1.9 * t + phase),
        0.7 * math.sin(1.5 * t + 3 * phase) + 0.3 * math.sin(2.6 * t),  # breath
    )


def _chatter(t: float, seed: int) -> float:
    """Mouth opening of somebody saying something: about two open syllables a second, none alike, in 0..1."""
    phase = (seed % 89) / 89 * math.tau
    loudness = 0.5 + 0.3 * math.sin(2.3 * t + phase)
    syllable = max(0.0, math.sin(math.tau * 2.1 * t + 0.8 * math.sin(3.1 * t + phase)))
    return float(syllable**0.8) * loudness
