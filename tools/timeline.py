"""Draws what the coach made of a clip as one picture, for a person tuning bands.

    booth replay CLIP --json clip.json && python tools/timeline.py clip.json clip.png
    python tools/timeline.py CLIP clip.png

One row a reading: the value as a line, green where its gate passes and red where not; above, the sentences, readiness
and what forbids each frame (where the log tells); through all, the shots.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from PIL import Image, ImageDraw, ImageFont

LEFT_PX, WIDE_PX, ROW_PX, TOP_PX = 210, 1400, 46, 34
INK, FAINT, PAPER = (35, 40, 44), (205, 210, 212), (252, 252, 249)
GOOD, BAD, UNKNOWN, SHOT = (40, 140, 90), (200, 70, 50), (170, 175, 178), (40, 90, 200)
SKIPPED = ("mouth.motion",)


class Sheet:
    """A picture with a time axis and rows."""

    def __init__(self, frames: list[dict[str, Any]], n_rows: int) -> None:
        self.frames = frames
        self.start_s, self.end_s = frames[0]["t_s"], max(frames[-1]["t_s"], frames[0]["t_s"] + 1e-3)
        self.picture = Image.new("RGB", (LEFT_PX + WIDE_PX + 20, TOP_PX + n_rows * ROW_PX + 20), PAPER)
        self.pen = ImageDraw.Draw(self.picture)
        self.font = ImageFont.load_default(13)
        self.row = 0
        for second in range(int(self.start_s), int(self.end_s) + 1):
            x = self.x(second)
            self.pen.line((x, TOP_PX - 8, x, self.picture.height - 10), FAINT)
            self.pen.text((x + 3, 8), f"{second} s", INK, self.font)

    def x(self, t_s: float) -> float:
        """Return the column of a time."""
        return LEFT_PX + (t_s - self.start_s) / (self.end_s - self.start_s) * WIDE_PX

    def begin(self, name: str, note: str = "") -> float:
        """Start a row and return its top."""
        y = TOP_PX + self.row * ROW_PX
        self.row += 1
        self.pen.text((8, y + 6), name, INK, self.font)
        self.pen.text((8, y + 22), note, UNKNOWN, self.font)
        return y

    def reading(self, key: str) -> None:
        """Draw one reading over time."""
        rows = [(f["t_s"], f["readings"].get(key, {})) for f in self.frames]
        values = [r["value"] for _, r in rows if r.get("value") is not None]
        if not values:
            self.begin(key, "never measured")
            return
        low, high = min(values), max(values)
        y, span = self.begin(key, f"{low:.3g} to {high:.3g}"), (high - low) or 1.0
        before = None
        for t_s, reading in rows:
            if reading.get("value") is None:
                before = None
                continue
            spot = (self.x(t_s), y + ROW_PX - 8 - (reading["value"] - low) / span * (ROW_PX - 14))
            colour = {True: GOOD, False: BAD, None: UNKNOWN}[reading.get("ok")]
            self.pen.line((*(before or spot), *spot), colour, 2)
            before = spot

    def runs(self, name: str, texts: list[str | None], colour: tuple[int, int, int]) -> None:
        """Draw what holds over a stretch of time as labelled bars."""
        y, first = self.begin(name), 0
        for i in range(1, len(texts) + 1):
            if i < len(texts) and texts[i] == texts[first]:
                continue
            if texts[first]:
                x0, x1 = self.x(self.frames[first]["t_s"]), self.x(self.frames[i - 1]["t_s"])
                self.pen.rectangle((x0, y + 6, max(x1, x0 + 2), y + 20), colour)
                self.pen.text((x0 + 2, y + 22), str(texts[first]), INK, self.font)
            first = i

    def shots(self, shots: list[dict[str, Any]]) -> None:
        """Draw every shot through all rows, its alternatives as short marks."""
        times = {f["seq"]: f["t_s"] for f in self.frames}
        for shot in shots:
            x = self.x(shot["t_s"])
            self.pen.line((x, TOP_PX - 8, x, self.picture.height - 10), SHOT, 2)
            self.pen.text((x + 3, self.picture.height - 18), f"{shot['seq']}: {shot['score']:.2f}", SHOT, self.font)
            for seq in shot.get("alternatives", []):
                if seq in times:
                    self.pen.line((self.x(times[seq]), TOP_PX - 8, self.x(times[seq]), TOP_PX + 8), SHOT, 2)


def draw(log: dict[str, Any]) -> Image.Image:
    """Return the timeline of a replay log (see the JSON of `booth replay`)."""
    frames = log["frames"]
    if not frames:
        raise SystemExit("The log holds no frames.")
    keys = sorted({key for frame in frames for key in frame["readings"]} - set(SKIPPED))
    sheet = Sheet(frames, len(keys) + 4)
    sheet.runs("says", [f.get("advice") for f in frames], FAINT)
    sheet.runs("ready", ["ready" if f.get("ready") else None for f in frames], GOOD)
    if any(f.get("rejects") for f in frames):
        sheet.runs("forbidden by", [", ".join(f.get("rejects", [])) or None for f in frames], BAD)
    for key in keys:
        sheet.reading(key)
    sheet.shots(log.get("shots", []))
    return sheet.picture


def _log_of(source: Path) -> dict[str, Any]:
    if source.suffix == ".json":
        return json.loads(source.read_text(encoding="utf-8"))
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder) / "log.json"
        subprocess.run([sys.executable, "-m", "booth", "replay", str(source), "--json", str(target)], check=True)
        return json.loads(target.read_text(encoding="utf-8"))


def main() -> None:
    """Read a log or replay a clip, and write the picture."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("source", type=Path, help="a replay log (.json) or a clip")
    parser.add_argument("picture", type=Path, help="the picture to write")
    given = parser.parse_args()
    draw(_log_of(given.source)).save(given.picture)


if __name__ == "__main__":
    main()
