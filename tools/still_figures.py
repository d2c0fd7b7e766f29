"""What the develop does to skin, and how groups come out: `make still-figures`, ARGS="--every 12" for fewer.

Every shared photograph is developed with the default look, once with the packaged retouch and once with the strongest,
and the authenticity figures of its record are told by the manifest's skin tone groups. Then neighbours of that list
are put side by side, two and three of them, and developed as a group: were all found, and are all heads whole in it?
"""

from __future__ import annotations

import argparse
import io
import json
import os
import sys
import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
os.environ.update(GLOG_minloglevel="3", TF_CPP_MIN_LOG_LEVEL="3")

import cv2
import msgspec
import numpy as np
from PIL import Image

from booth.config.params import load_params
from booth.core.faults import Fault
from booth.looks.look import load_look
from booth.perception.face_tracker import FaceTracker
from booth.still.developer import make_still_models
from booth.still.single import BatchConfig, DevelopedFile, StillModels, finish_bytes

MEDIA = ROOT.parent / "shared" / "media"
FIGURES = ("changed_frac", "mean_change", "texture_kept")  # of the record; 0, 0 and 1: untouched
STRONGEST = 1.0
GROUPS = (2, 3)
LONGEST_PX, GROUP_PX = 1200, 480  # of a photograph; and each person's square in a group


@dataclass(frozen=True)
class Labelled:
    """A photograph of one person and the skin tone group that its label says."""

    path: Path
    tone: str


def photographs(media: Path, every: int) -> list[Labelled]:
    """Return every so manieth photograph of one person in the manifest that has the label."""
    files = json.loads((media / "manifest.json").read_text(encoding="utf-8"))["files"]
    found = []
    for entry in files:
        labels = entry.get("labels") or {}
        if entry["kind"] == "still" and labels.get("people") == 1 and labels.get("skin_tone_group"):
            found.append(Labelled(media / entry["path"], labels["skin_tone_group"]))
    return found[::every]


def developed(rgb: np.ndarray, recipe: BatchConfig, lab: StillModels) -> DevelopedFile | None:
    """Develop a picture; None where it cannot be, which is told."""
    file = io.BytesIO()
    Image.fromarray(rgb).save(file, "PNG")
    try:
        return finish_bytes(file.getvalue(), "picture.png", recipe, lab)
    except Fault as fault:
        print(f"  left out: {fault.message}")
        return None


def opened(path: Path) -> np.ndarray:
    """Return a photograph as (H, W, 3) uint8, at most so large that its skin is developed in a second or two."""
    with Image.open(path) as picture:
        shown = picture.convert("RGB")
        shown.thumbnail((LONGEST_PX, LONGEST_PX), Image.Resampling.LANCZOS)
        return np.asarray(shown)


def tell_skin(rows: dict[str, list[tuple[float, ...]]], strength: float) -> bool:
    """Print mean and worst figures of every group; True where the worst of all is inside the profile's limits."""
    limits = load_params().finish.retouch
    print(f"\nskin at retouch strength {strength:g}: mean / worst")
    print("| skin tone group | photographs | changed visibly | mean change, dE76 | fine texture kept |")
    print("|---|---|---|---|---|")
    for tone, figures in sorted(rows.items()):
        changed, mean, kept = np.array(figures).T
        print(
            f"| {tone} | {len(figures)} | {changed.mean():.3f} / {changed.max():.3f} | {mean.mean():.2f} / "
            f"{mean.max():.2f} | {kept.mean():.3f} / {kept.min():.3f} |"
        )
    changed, mean, kept = np.array([row for figures in rows.values() for row in figures]).T
    is_inside = (
        changed.max() <= limits.max_changed_frac
        and mean.max() <= limits.max_mean_change
        and kept.min() >= limits.min_texture_kept
    )
    print(
        f"limits {limits.max_changed_frac:g}, {limits.max_mean_change:g}, {limits.min_texture_kept:g}: "
        f"{'kept by all' if is_inside else 'NOT kept by all'}"
    )
    return bool(is_inside)


def side_by_side(pictures: Sequence[np.ndarray]) -> np.ndarray:
    """Return the pictures' middles as one picture of a group, (GROUP_PX, n * GROUP_PX, 3)."""
    squares = []
    for rgb in pictures:
        side = min(rgb.shape[:2])
        y, x = (rgb.shape[0] - side) // 2, (rgb.shape[1] - side) // 2
        squares.append(cv2.resize(rgb[y : y + side, x : x + side], (GROUP_PX, GROUP_PX), interpolation=cv2.INTER_AREA))
    return np.hstack(squares)


def group_figures(
    pictures: Sequence[np.ndarray], n: int, recipe: BatchConfig, lab: StillModels, tracker: FaceTracker
) -> Iterator[tuple[int, bool]]:
    """Yield how many faces each developed group shows, and whether all of their landmarks are in the picture."""
    for first in range(0, len(pictures) - n + 1, n):
        group = side_by_side(pictures[first : first + n])
        if len(tracker.find(group)) < n:
            continue  # one of them is not found in the group itself: nothing to say about the develop
        made = developed(group, msgspec.structs.replace(recipe, people=n), lab)
        if made is None:
            yield 0, False
            continue
        with Image.open(io.BytesIO(made.content)) as picture:
            faces = tracker.find(np.asarray(picture.convert("RGB")))
        points = [face.landmarks[:, :2] for face in faces]
        yield len(faces), bool(points) and all(p.min() >= 0 and p.max() <= 1 for p in points)


def main() -> int:
    """Print both tables; 1 where a limit is broken or somebody of a group is missing or cut."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])  # type: ignore[union-attr]
    parser.add_argument("--every", type=int, default=4, help="every so manieth photograph")
    parser.add_argument("--media", type=Path, default=MEDIA)
    wants, began_s = parser.parse_args(), time.monotonic()
    if not (wants.media / "manifest.json").is_file():
        print(f"No labelled photographs in {wants.media}.")
        return 2
    params = load_params()
    lab, chosen = make_still_models(params.matte), photographs(wants.media, wants.every)
    recipe = BatchConfig(load_look(params.kiosk.look), params.finish)
    pictures = [opened(one.path) for one in chosen]
    is_good = True
    for strength in (params.finish.retouch.strength, STRONGEST):
        rows: dict[str, list[tuple[float, ...]]] = defaultdict(list)
        for one, rgb in zip(chosen, pictures, strict=True):
            made = developed(rgb, msgspec.structs.replace(recipe, retouch=strength), lab)
            if made is not None:
                rows[one.tone].append(tuple(made.record.authenticity.get(name, 0.0) for name in FIGURES))
        is_good &= tell_skin(rows, strength)
    print("\n| people | groups | all found in the portrait | all faces whole |\n|---|---|---|---|")
    with FaceTracker(video=False, max_faces=max(GROUPS) + 1) as tracker:
        for n in GROUPS:
            seen = list(group_figures(pictures, n, recipe, lab, tracker))
            found, whole = sum(faces >= n for faces, _ in seen), sum(is_whole for _, is_whole in seen)
            print(f"| {n} | {len(seen)} | {found} | {whole} |", flush=True)
            is_good &= found == whole == len(seen)
    lab.close()
    print(f"{len(chosen)} photographs, {time.monotonic() - began_s:.0f} s")
    return 0 if is_good else 1


if __name__ == "__main__":
    sys.exit(main())
