"""Fits the lid model on photographs with open eyes, the same with painted lids, and labelled clips; writes its weights.

    python tools/fit_lids.py ../shared/media booth/perception/lid_weights.py

Prints, with each person left out in turn, how many painted lids would pass and how many open eyes would not.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from scipy.optimize import minimize

from booth.core.types import Face
from booth.guidance.face_measures import measure
from booth.perception.face_tracker import FaceTracker
from booth.perception.lids import cut_strip, lid_evidence, read_eyes

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from tests.shared_media import painting  # noqa: E402

SIZES_PX = (205.0, 195.0, 100.0, 62.0)  # between the irises: studio picture, as `check` sees it, near, two metres away
PAINTED = ((1.0, False), (1.0, True), (0.75, False), (0.5, False), (0.5, True), (0.65, True))
TURN_MOST_DEG = 16.0
RIDGE = 3.0
ROUNDS = 3  # of giving the doubted open eyes twice the weight: narrow eyes must not pay for the many
UNCERTAIN = ("nayan-jain", "robert-read", "two_people")  # tinted glasses; deep shade; which of the two
HEAD = '''"""Weights of the lid model, a quadratic in `lids.lid_evidence`: by tools/fit_lids.py, not set by hand."""

from __future__ import annotations

import numpy as np

from booth.core.types import frozen

# fmt: off
'''


@dataclass(frozen=True)
class Example:
    """One pair of eyes: who, open or not, at which size, and the evidence."""

    person: str
    is_open: bool
    kind: str
    evidence: np.ndarray


def evidence_of(rgb: np.ndarray, face: Face) -> np.ndarray:
    """Return the evidence for open lids of one face."""
    strip = cut_strip(rgb, face)
    return lid_evidence(face, strip, read_eyes(strip), measure(face, rgb.shape[1], rgb.shape[0]).lid_gap)


def from_stills(media: Path) -> Iterator[Example]:
    """Yield every usable photograph, open and painted, at every size it is large enough for."""
    with FaceTracker(video=False) as tracker:
        for path in sorted((media / "stills").iterdir()):
            if any(name in path.name for name in UNCERTAIN):
                continue
            rgb = cv2.cvtColor(cv2.imread(str(path)), cv2.COLOR_BGR2RGB)
            faces = tracker.find(rgb)
            if not faces or max(abs(faces[0].pose.yaw_deg), abs(faces[0].pose.roll_deg)) > TURN_MOST_DEG:
                continue
            person = "_".join(path.stem.split("_")[:2]) if "london" in path.name else path.stem
            span_px = measure(faces[0], rgb.shape[1], rgb.shape[0]).eye_distance_px
            pictures = [("open", rgb)]
            pictures += [(f"{s} {flat}", painting.lids(rgb, faces[0], s, flat=flat)) for s, flat in PAINTED]
            for kind, picture in pictures:
                for size_px in SIZES_PX:
                    if size_px <= 1.05 * span_px:
                        yield from _seen(tracker, picture, size_px / span_px, person, kind)


def _seen(tracker: FaceTracker, picture: np.ndarray, scale: float, person: str, kind: str) -> Iterator[Example]:
    small = cv2.resize(picture, None, fx=min(scale, 1.0), fy=min(scale, 1.0), interpolation=cv2.INTER_AREA)
    for face in tracker.find(small)[:1]:
        yield Example(person, kind == "open", kind, evidence_of(small, face))


def from_clips(media: Path) -> Iterator[Example]:
    """Yield shut frames, and some open ones well away from a blink, of the clips whose faces are large enough."""
    clips = json.loads((media / "windows.json").read_text())["clips"]
    for name, windows in clips.items():
        if "intel" in name or "no_face" in name:
            continue
        reader, shut = cv2.VideoCapture(str(media / name)), windows["eyes_closed"]
        fps = reader.get(cv2.CAP_PROP_FPS)
        with FaceTracker(video=True) as tracker:
            for seq in range(480):
                ok, bgr = reader.read()
                if not ok:
                    break
                rgb = cv2.cvtColor(bgr, cv2.COLOR_BGR2RGB)
                faces = tracker.find(rgb, seq / fps)
                closed = any(low + (low > 0) <= seq <= high for low, high in shut)
                near = any(low - 3 <= seq <= high + 6 for low, high in shut)
                hand = "pexels" in name and 90 < seq < 228
                if faces and not hand and (closed or (not near and seq % 6 == 0)):
                    yield Example(name, not closed, "clip", evidence_of(rgb, faces[0]))


def design(x: np.ndarray, mean: np.ndarray, spread: np.ndarray) -> np.ndarray:
    """Return the columns of the quadratic: linear, products, constant."""
    z = (x - mean) / spread
    i, j = np.triu_indices(z.shape[1])
    return np.c_[z, z[:, i] * z[:, j], np.ones(len(z))]


def fitted(columns: np.ndarray, is_open: np.ndarray, weight: np.ndarray) -> np.ndarray:
    """Return logistic weights with a ridge, the doubted open eyes counting double in each further round."""
    weight, sign = weight.copy(), 2.0 * is_open - 1

    def loss(b: np.ndarray) -> tuple[float, np.ndarray]:
        margin = sign * (columns @ b)
        slope = -columns.T @ (weight * sign / (1 + np.exp(margin)))
        ridge = RIDGE * np.r_[b[:-1], 0]
        return float((weight * np.logaddexp(0, -margin)).sum() + ridge @ b), slope + 2 * ridge

    for turn in range(ROUNDS + 1):
        weights = minimize(loss, np.zeros(columns.shape[1]), jac=True).x
        if turn < ROUNDS:
            weight = weight * np.where(is_open & (columns @ weights < 0.5), 2, 1)
    return weights


def report(examples: list[Example], columns: np.ndarray, is_open: np.ndarray, weight: np.ndarray) -> None:
    """Print what would pass with the person left out."""
    people, kinds = np.array([e.person for e in examples]), np.array([e.kind for e in examples])
    sure = np.zeros(len(examples))
    for person in np.unique(people):
        out = people == person
        sure[out] = columns[out] @ fitted(columns[~out], is_open[~out], weight[~out])
    for kind in np.unique(kinds):
        for state in (True, False):
            mine = (kinds == kind) & (is_open == state)
            if mine.any():
                print(f"{kind:14} {'open' if state else 'not':5} {mine.sum():4}  pass {np.mean(sure[mine] > 0):.3f}")


def main() -> None:
    """Read, fit, report, write."""
    media, target = Path(sys.argv[1]), Path(sys.argv[2])
    examples = [*from_stills(media), *from_clips(media)]
    x = np.array([e.evidence for e in examples])
    is_open = np.array([e.is_open for e in examples])
    weight = np.where(is_open, 5.0, 1.0) * np.where([e.kind == "clip" for e in examples], 0.3, 1.0)
    narrow = np.array([e.person == "london_005" for e in examples])  # the narrowest wide-open eyes of all
    weight = weight * np.where(narrow & is_open, 4.0, 1.0)
    mean, spread = x.mean(0), x.std(0)
    columns = design(x, mean, spread)
    weights = fitted(columns, is_open, weight)
    report(examples, columns, is_open, weight)
    inside = columns @ weights > 0
    print(f"as fitted: not open passing {np.mean(inside[~is_open]):.3f}, open passing {np.mean(inside[is_open]):.3f}")
    target.write_text(source_of(x, mean, spread, weights), encoding="utf-8")


def source_of(x: np.ndarray, mean: np.ndarray, spread: np.ndarray, weights: np.ndarray) -> str:
    """Return the weights as a Python module."""
    n = x.shape[1]
    square = np.zeros((n, n))
    square[np.triu_indices(n)] = weights[n:-1]
    row = lambda values: "[" + ", ".join(f"{v:.3g}" for v in values) + "]"  # noqa: E731
    named = {"LOW": x.min(0), "HIGH": x.max(0), "MEAN": mean, "SPREAD": spread, "LINEAR": weights[:n]}
    text = "".join(f"{name} = frozen(np.array({row(values)}))\n" for name, values in named.items())
    rows = "".join(f"    {row(values)},\n" for values in square)
    return f"{HEAD}{text}CONSTANT = {weights[-1]:.4g}\nQUADRATIC = frozen(np.array([\n{rows}]))\n# fmt: on\n"


if __name__ == "__main__":
    main()
