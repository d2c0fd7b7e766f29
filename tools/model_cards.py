"""Writes docs/model-cards.md: what each network is for, where it is weak, and what the booth itself measured.

    python tools/model_cards.py MANIFEST.json
The measured table is `booth audit` over labelled photographs; the words above it stand in this file.
"""

# ruff: noqa: E501  a row of a Markdown table is one line
from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from booth.config.params import load_params
from booth.diagnostics.audit import SMALL_GROUP, audit

PAGE = Path(__file__).resolve().parent.parent / "docs" / "model-cards.md"
SHOWN = ("skin_tone_group", "glasses", "facial_hair", "expression")
APART = 0.8  # groups whose worst rate is below this share of the best are named

WORDS = """# Model cards

Four networks run on the machine; none of them knows who somebody is, and nothing they give is stored. They are
MediaPipe's, under Apache-2.0, unchanged; `assets/models/MODELS.md` has their digests, which are checked at every start.
A fifth, of a few hundred numbers, is the booth's own and reads the lids; `tools/fit_lids.py` makes it.

## Face landmarker: `face_landmarker.task`

| | |
|---|---|
| gives | 478 points of a face, 52 expression values, the head's pose |
| used for | where the face is, how it is turned, eyes open, mouth, gaze; the crop; where light and retouch may act |
| not used for | recognising anyone, guessing age, gender, origin or mood, scoring looks |
| made for | faces within some two metres, one to a few, seen from the front or half from the side |
| known weak | faces with fewer than some 30 pixels between the eyes; half and full profiles; hands, masks and hair over the face |
| measured weak here | the blink value sits at .26 to .43 on narrow eyes that are wide open, so each sitter's own open eyes are the measure and a lid network stands beside it; the smile value finds white and East Asian smiles better (area under the curve .97, .94) than Black and West Asian ones (.87, .87), and thick beards hide them, so a smile is a rise over the sitter's own rest and never a condition; resting brows of some people read as frowning, so only a rise counts; the nod's zero differs by person up to 8 degrees, so each has their own |

## Person segmenter: `selfie_segmenter.tflite`

| | |
|---|---|
| gives | one value a pixel, 256 by 256: person or not |
| used for | the live mirror's matte, every frame |
| made for | people close to the camera, as in a video call |
| known weak | thin things: hair strands, glasses' arms, fingers; what is held in front of the body; a second person close behind; clothes of the wall's colour; chairs taken for shoulders |
| what the booth does | refines its edge on the picture itself, crops to the sitter, gives up a matte that leaves the face; the still's matte is made anew |

## Parts segmenter: `selfie_multiclass_256x256.tflite`

| | |
|---|---|
| gives | background, hair, body skin, face skin, clothes, other, 256 by 256 |
| used for | the still: hair and clothes for the matte, skin for what the retouch may touch |
| known weak | very short or very light hair taken for skin or wall; head coverings taken for hair or clothes; bare shoulders at the border; tattoos; things held before the body |
| what the booth does | a head covering belongs to the person whatever part it is called; the retouch needs landmarks and skin to agree |

## Body landmarker: `pose_landmarker_full.task`

| | |
|---|---|
| gives | 33 points of a body, in the picture and in space |
| used for | the pose guide alone, some three times a second, and only where a pose was chosen: the turn of the shoulders' line, which shoulder hangs lower, the head growing in a lean, folded arms |
| not used for | anything else; it is not even loaded until a pose is asked for |
| made for | one person whose shoulders are in the picture |
| measured here | 191 photographs and their mirror images, shoulders readable in 179, and rendered people whose stance is known: [body-measures.md](body-measures.md). Read as they are, pictures come out 2 to 10 degrees too far to image right; read both ways this cancels. Of 123 studio portraits facing the lens two then read beyond the 12 degrees from which a pose counts as turned, one beyond 16; people in the set who stand plainly turned are read to the right side, all of them |
| not told, so not coached | how far somebody is turned: a turn of 30 degrees reads as 16 of those who stand and 50 of those who sit, so a guide asks for a side and no pose has an upper bound; raised shoulders and a chin held forward: both bring the eyes nearer to the shoulders by a tenth of a face, as a lean does, and relaxed people differ by as much |

## What is measured here

"""

FOOT = """
A pass means that the photograph as it is would have made the booth's shutter ready under the `event` profile's bars. Most
photographs were not taken to pass: glare on glasses, heads turned away and laughing faces are in the set on purpose, so
rates by expression tell how the photographs are as much as how the booth is. What has to stay equal is the rate by
skin tone, and that a face is found at all. Groups below {small} say nothing and are left out. Labels are those of
whoever made the set; the booth infers none. No bar is lowered for any group: a measure that failed one was replaced by a
measure that does not (see `docs/decisions.md`).

Run it on your own photographs: `booth audit MANIFEST.json --html audit.html`.
"""


def group_row(name: str, group: Mapping[str, Any]) -> str:
    """Return one row: photographs, faces found, pass rate with its interval, the commonest reasons against."""
    n, rate = group["n"], group["pass"]
    found = n - group["verdicts"].get("no_face", 0)
    reasons = ", ".join(f"{key.removeprefix('reject.')} {count}" for key, count in list(group["reasons"].items())[:3])
    passed = f"{rate['rate']:.0%} ({rate['low']:.0%} to {rate['high']:.0%})"
    return f"| {name} | {n} | {found / n:.0%} | {passed} | {reasons} |"


def table(report: Mapping[str, Any]) -> str:
    """Return the measured part as Markdown."""
    parts = [
        f"{report['all']['n']} labelled photographs; rates with 95 % Wilson intervals.\n",
        "| group | photographs | face found | would pass | refused most for |",
        "|---|---|---|---|---|",
        group_row("**all**", report["all"]),
    ]
    for label in SHOWN:
        groups = report["groups"].get(label, {})
        parity = report["worst_over_best"].get(label)
        told = "groups too small" if parity is None else f"worst / best {parity:.2f}"
        parts += [f"| **{label.replace('_', ' ')}**: {told} | | | | |"] if groups else []
        parts += [group_row(name, group) for name, group in groups.items() if group["n"] >= SMALL_GROUP]
    return "\n".join(parts) + f"\n\n{furthest(report['worst_over_best'])}\n"


def furthest(parities: Mapping[str, float | None]) -> str:
    """Name the labels whose groups are furthest apart, worst first."""
    found = sorted((parity, label) for label, parity in parities.items() if label in SHOWN and parity is not None)
    told = [f"{label.replace('_', ' ')} ({parity:.2f})" for parity, label in found if parity < APART]
    if not told:
        return f"No label's groups are further apart than {APART}."
    return f"**Furthest apart: {', '.join(told)}.** These are the groups the booth serves less well in this set."


def main(manifest: Path) -> None:
    """Write the page."""
    report = audit(manifest, load_params(None))
    PAGE.write_text(WORDS + table(report) + FOOT.format(small=SMALL_GROUP), encoding="utf-8")
    print(f"{PAGE.name}: {report['all']['n']} photographs")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
