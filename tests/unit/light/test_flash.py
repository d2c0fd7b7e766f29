from dataclasses import replace

import numpy as np
import pytest
from sitters import a_face, a_picture

from booth.core.faults import Fault
from booth.looks.light.engine import Relighter
from booth.looks.light.head_fit import HeadFitter
from booth.looks.light.head_model import load_head
from booth.looks.light.lamp_lookup import LampReader
from booth.looks.light.light_spec import Lamp, named_light
from booth.looks.light.photometric_stereo import Flash, normals_from_flashes

SIDES = (Lamp(az_deg=-35, el_deg=5, dist_cm=60), Lamp(az_deg=35, el_deg=5, dist_cm=60), Lamp(el_deg=35, dist_cm=60),
         Lamp(el_deg=-30, dist_cm=60))  # fmt: skip


def a_sitters_normals():
    """Return normals of somebody whose cheeks and brow are not the mean head's: a smooth wave laid over them."""
    head = load_head()
    x, y, _ = head.vertices.T
    bent = head.normals + 0.3 * np.stack([np.sin(x * 0.8), np.cos(y * 0.9), 0 * x], 1)
    return bent / np.linalg.norm(bent, axis=1, keepdims=True)


def flashes(normals, gap_s=0.4, room=0.0):
    head, face = load_head(), a_face()
    placed = HeadFitter(head, still=True).place(face, (640, 480), 0.0)
    rng, reader, out = np.random.default_rng(3), LampReader(head), []
    for number, lamp in enumerate(SIDES):
        light = reader.direct(lamp, replace(placed, normals=normals.astype(np.float32))).copy()
        rgb, _ = a_picture(0.30 * light + room)
        rgb = np.clip(rgb * (1 + rng.normal(0, 0.01, rgb.shape)), 0, 255).round().astype(np.uint8)
        out.append(Flash(rgb, face, lamp, number * gap_s))
    return out


def off_deg(found, true):
    head = load_head()
    front = (head.skin > 0.9) & (head.normals[:, 2] > 0.5) & ~head.is_eye
    return np.degrees(np.arccos(np.clip((found * true).sum(1)[front], -1, 1))).mean()


def test_four_gentle_flashes_find_the_sitters_own_normals():
    true = a_sitters_normals()
    found = normals_from_flashes(flashes(true))
    assert off_deg(found, true) < 0.55 * off_deg(load_head().normals, true)


def test_the_rooms_own_light_is_taken_off():
    true = a_sitters_normals()
    room, _ = a_picture(np.full(len(true), 0.06))
    found = normals_from_flashes(flashes(true, room=0.06), dark=(room, a_face()))
    assert off_deg(found, true) < 0.6 * off_deg(load_head().normals, true)


def test_flashes_faster_than_three_a_second_are_refused():
    with pytest.raises(Fault, match="too fast") as fault:
        normals_from_flashes(flashes(load_head().normals, gap_s=0.25))
    assert fault.value.code == "flash.fast"


def test_two_flashes_are_too_few():
    with pytest.raises(Fault) as fault:
        normals_from_flashes(flashes(load_head().normals)[:2])
    assert fault.value.code == "flash.few"


def test_the_engine_takes_the_sitters_normals():
    rgb, alpha = a_picture()
    engine = Relighter(160, still=True)
    plain = engine.field(rgb, alpha, a_face(), named_light("loop"), seq=0, t_s=0.0)
    own = a_sitters_normals().astype(np.float32)
    bent = engine.field(rgb, alpha, a_face(), named_light("loop"), seq=1, t_s=0.0, normals=own)
    assert np.abs(np.log(plain.gain[60:100, 60:100] / bent.gain[60:100, 60:100])).mean() > 0.03
