"""Fits the lid model on photographs with open eyes, the same with painted lids, and labelled clips; writes its weights.

    python tools/fit_lids.py ../shared/media booth/perception/lid_weights.py [--report]

Prints what would pass, be doubted and fail with the people left out in turn, by kind of picture and by labelled group;
`--report` only prints. What the tracker found is kept in build/lids, so that a run that was cut off goes on from there.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from scipy.optimize import minimize

from booth.core.types import Face
from booth.guidance.eyelids import DOUBTED_OPEN, SURELY_OPEN
from booth.guidance.face_measures import measure
from booth.looks.tryon.spectacles import SpectacleFrame, draw
from booth.perception.face_tracker import FaceTracker
from booth.perception.lid_model import COLUMNS, N_EVIDENCE, lid_evidence
from booth.perception.lids import cut_strip
from booth.still.open_picture import open_picture

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
from tests.shared_media import painting  # noqa: E402

CACHE = ROOT / "build" / "lids"
SIZES_PX = (205.0, 100.0, 62.0, 44.0)  # between the irises: studio picture, near, two metres away, the least
PAINTED = ((1.0, False), (1.0, True), (0.75, False), (0.65, True), (0.5, False), (0.5, True))  # share down, flat
TURN_MOST_DEG, ROLL_MOST_DEG = 25.0, 30.0
UNCERTAIN = ("nayan-jain", "robert-read", "two_people")  # tinted glasses; deep shade; which of the two
CLIPS_UNCERTAIN = ("intel_yes", "intel_book", "no_face", "liveportrait_d20")  # too far, nobody, eyes in shadow
FROM_FRAME = {"pexels_wolfganglanger.mp4": 229}  # before it hands and grief: neither open nor shut
NEAR_BLINK_FRAMES = (3, 6)  # before and after a labelled blink lids are on their way
ON_THEIR_WAY = 0.72  # of the clip's median lid gap: an unlabelled blink is no open eye
RIDGE = 0.015  # on standardised evidence, against a mean loss; a third and three times as much tell the same
FOLDS = 10
SEED = 20261126  # who is in which fold, and which spectacles are drawn
OPEN_KINDS = ("open", "open glasses", "clip open")
GROUPS = ("skin_tone_group", "glasses", "facial_hair", "self_reported_gender")
HEAD = '''"""Weights of the lid model, linear in `lid_model.lid_evidence`: by tools/fit_lids.py, not set by hand."""

from __future__ import annotations

import numpy as np

from booth.core.types import frozen

# fmt: off
'''


@dataclass(frozen=True)
class Example:
    """One pair of eyes: whose, in which picture, of which kind and size (0: as it is), and the evidence."""

    person: str
    picture: str
    kind: str
    size_px: float
    evidence: np.ndarray

    @property
    def is_open(self) -> bool:
        """True where the lids are open."""
        return self.kind in OPEN_KINDS


def evidence_of(rgb: np.ndarray, face: Face) -> np.ndarray:
    """Return the evidence for open lids of one face."""
    return lid_evidence(face, cut_strip(rgb, face))


def random_frame(rng: np.random.Generator) -> SpectacleFrame:
    """Return spectacles of any common shape and colour."""
    width, height = rng.uniform(0.62, 0.9), rng.uniform(0.34, 0.7)
    grey, tilt = rng.uniform(10, 150), rng.uniform(-0.3, 0.3)
    red, green, blue = (int(np.clip(grey * (1 + t), 0, 255)) for t in (tilt, 0.0, -tilt))
    clear = (int(rng.uniform(200, 250)),) * 3
    return SpectacleFrame(
        width, height, rng.uniform(2, 4), rng.uniform(0.015, 0.07), (red, green, blue), clear, rng.uniform(0, 0.12)
    )  # type: ignore[arg-type]


def variants(rgb: np.ndarray, face: Face, rng: np.random.Generator) -> Iterator[tuple[str, np.ndarray]]:
    """Yield a photograph with its lids as they are and painted, each also behind drawn spectacles."""
    pictures = [("open", rgb)]
    pictures += [
        (f"{share:g}{' flat' if flat else ''}", painting.lids(rgb, face, share, flat=flat)) for share, flat in PAINTED
    ]
    for kind, picture in pictures:
        yield kind, picture
        yield f"{kind} glasses", draw(picture, face, random_frame(rng))


def from_still(tracker: FaceTracker, path: Path, person: str) -> Iterator[Example]:
    """Yield one photograph, open and painted, at every size it is large enough for."""
    rgb = open_picture(path).rgb
    faces = tracker.find(rgb)
    if not faces or abs(faces[0].pose.yaw_deg) > TURN_MOST_DEG or abs(faces[0].pose.roll_deg) > ROLL_MOST_DEG:
        return
    span_px = measure(faces[0], rgb.shape[1], rgb.shape[0]).eye_distance_px
    shrunk = min(1.0, SIZES_PX[0] / span_px)
    rgb = np.ascontiguousarray(cv2.resize(rgb, None, fx=shrunk, fy=shrunk, interpolation=cv2.INTER_AREA))
    span_px *= shrunk
    for kind, picture in variants(rgb, faces[0], np.random.default_rng([SEED, len(path.name), rgb.shape[0]])):
        for size_px in SIZES_PX:
            if size_px > 1.05 * span_px:
                continue
            scale = min(1.0, size_px / span_px)
            small = cv2.resize(picture, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
            for face in tracker.find(small)[:1]:
                yield Example(person, path.name, kind, size_px, evidence_of(small, face))


def from_clip(path: Path, shut: Sequence[Sequence[int]]) -> list[Example]:
    """Return the shut frames of a clip, and the open ones well away from a blink."""
    reader, before_after = cv2.VideoCapture(str(path)), NEAR_BLINK_FRAMES
    fps, seq, found = reader.get(cv2.CAP_PROP_FPS), 0, []
    with FaceTracker(video=True) as tracker:
        while (frame := reader.read())[0]:
            rgb = cv2.cvtColor(frame[1], cv2.COLOR_BGR2RGB)
            for face in tracker.find(rgb, seq / fps)[:1]:
                is_shut = any(low + (low > 0) <= seq <= high for low, high in shut)
                is_near = any(low - before_after[0] <= seq <= high + before_after[1] for low, high in shut)
                if is_shut or (not is_near and seq >= FROM_FRAME.get(path.name, 0)):
                    kind = "clip shut" if is_shut else "clip open"
                    found.append(Example(path.name, path.name, kind, 0.0, evidence_of(rgb, face)))
            seq += 1
    wide = np.median([e.evidence[-4] for e in found if e.is_open]) if any(e.is_open for e in found) else 0.0
    return [e for e in found if not e.is_open or e.evidence[-4] > ON_THEIR_WAY * wide]


def gathered(media: Path, rows: Sequence[Mapping]) -> list[Example]:
    """Return every example of the manifest's photographs and of the clips, from the cache where they are in it."""
    examples: list[Example] = []
    clips = json.loads((media / "windows.json").read_text(encoding="utf-8"))["clips"]
    with FaceTracker(video=False) as tracker:
        for row in rows:
            path = media / row["path"]
            if row["kind"] == "still" and not any(name in path.name for name in UNCERTAIN):
                person = row.get("person_id") or path.stem
                examples += _kept(path, lambda: list(from_still(tracker, path, person)))  # noqa: B023
    for name, windows in clips.items():
        if not any(part in name for part in CLIPS_UNCERTAIN):
            examples += _kept(media / name, lambda: from_clip(media / name, windows["eyes_closed"]))  # noqa: B023
    return examples


def _kept(path: Path, make) -> list[Example]:  # type: ignore[no-untyped-def]
    """Return the examples of one file from the cache, or make and keep them."""
    kept = CACHE / f"{path.name}.npz"
    if not kept.is_file():
        CACHE.mkdir(parents=True, exist_ok=True)
        found = make()
        columns = {k: np.array([getattr(e, k) for e in found]) for k in ("person", "picture", "kind", "size_px")}
        evidence = np.array([e.evidence for e in found]).reshape(len(found), N_EVIDENCE)
        np.savez_compressed(kept, evidence=evidence.astype(np.float32), **columns)  # type: ignore[arg-type]
    with np.load(kept) as data:
        keys = zip(data["person"], data["picture"], data["kind"], data["size_px"], data["evidence"], strict=True)
        return [Example(str(p), str(f), str(k), float(s), e.astype(float)) for p, f, k, s, e in keys]


def weights_of(examples: Sequence[Example]) -> np.ndarray:
    """Return one weight an example, mean 1: open and not open count alike, within each every person alike."""
    keys = [(e.is_open, e.person) for e in examples]
    counts = {key: keys.count(key) for key in set(keys)}
    people = {state: sum(key[0] == state for key in counts) for state in (True, False)}
    return np.array([1.0 / counts[key] / people[key[0]] for key in keys]) * len(keys) / 2


def fitted(x: np.ndarray, is_open: np.ndarray, weight: np.ndarray) -> tuple[np.ndarray, float]:
    """Return the weights and the constant of a ridge logistic regression on the raw evidence."""
    mean, spread = np.average(x, axis=0, weights=weight), x.std(0) + 1e-9
    z, sign = np.c_[(x - mean) / spread, np.ones(len(x))], 2.0 * is_open - 1

    def loss(b: np.ndarray) -> tuple[float, np.ndarray]:
        margin = sign * (z @ b)
        slope = -z.T @ (weight * sign / (1 + np.exp(np.clip(margin, -50, 50)))) / len(z)
        ridge = RIDGE * np.r_[b[:-1], 0]
        return float((weight * np.logaddexp(0, -margin)).mean() + ridge @ b), slope + 2 * ridge

    b = minimize(loss, np.zeros(z.shape[1]), jac=True, method="L-BFGS-B", options={"maxiter": 400}).x
    return b[:-1] / spread, float(b[-1] - (b[:-1] / spread) @ mean)


def left_out(examples: Sequence[Example]) -> np.ndarray:
    """Return each example's score from weights fitted without its person."""
    x, is_open = np.array([e.evidence for e in examples]), np.array([e.is_open for e in examples])
    weight, people = weights_of(examples), np.array([e.person for e in examples])
    names = np.random.default_rng(SEED).permutation(np.unique(people))
    fold_of = {name: i % FOLDS for i, name in enumerate(names)}
    fold, scores = np.array([fold_of[p] for p in people]), np.zeros(len(examples))
    for k in range(FOLDS):
        inside = fold != k
        slopes, constant = fitted(x[inside], is_open[inside], weight[inside])
        scores[~inside] = x[~inside] @ slopes + constant
    return scores


def report(examples: Sequence[Example], scores: np.ndarray, rows: Sequence[Mapping]) -> None:
    """Print the shares that pass, are doubted and fail: by kind and size, then open eyes by labelled group."""
    sure = 1 / (1 + np.exp(-scores))
    kinds, sizes = np.array([e.kind for e in examples]), np.array([e.size_px for e in examples])
    print("with their people left out           n   pass  doubt   fail")
    for kind in np.unique(kinds):
        _line(kind, sure[kinds == kind])
    for size_px in SIZES_PX:
        _line(f"open, {size_px:.0f} px", sure[(kinds == "open") & (sizes == size_px)])
        _line(f"half down, {size_px:.0f} px", sure[np.isin(kinds, ("0.5", "0.5 flat")) & (sizes == size_px)])
    labels = {Path(r["path"]).name: {**r.get("labels", {}), **(r.get("ground_truth") or {})} for r in rows}
    for group in GROUPS:
        told = np.array([str(labels.get(e.picture, {}).get(group, "")) for e in examples])
        for value in sorted(set(told) - {"", "None"}):
            _line(f"open, {group} {value}", sure[(told == value) & (kinds == "open")])


def _line(name: str, sure: np.ndarray) -> None:
    if len(sure):
        passing, failing = float(np.mean(sure >= SURELY_OPEN)), float(np.mean(sure < DOUBTED_OPEN))
        print(f"{name:32} {len(sure):5}  {passing:.3f}  {1 - passing - failing:.3f}  {failing:.3f}")


def source_of(slopes: np.ndarray, constant: float) -> str:
    """Return the weights as a Python module, a row of the patch a line, the four other numbers last."""
    told = [f"{v:.4g}" for v in slopes]
    rows = "".join(f"    {', '.join(told[i : i + COLUMNS])},\n" for i in range(0, len(told), COLUMNS))
    return f"{HEAD}CONSTANT = {constant:.4g}\nWEIGHTS = frozen(np.array([\n{rows}]))\n# fmt: on\n"


def main() -> None:
    """Gather, report with people left out, fit on all, write."""
    media, target = Path(sys.argv[1]), Path(sys.argv[2])
    rows = json.loads((media / "manifest.json").read_text(encoding="utf-8"))["files"]
    examples = gathered(media, rows)
    report(examples, left_out(examples), rows)
    if "--report" not in sys.argv:
        x, is_open = np.array([e.evidence for e in examples]), np.array([e.is_open for e in examples])
        target.write_text(source_of(*fitted(x, is_open, weights_of(examples))), encoding="utf-8")


if __name__ == "__main__":
    main()
