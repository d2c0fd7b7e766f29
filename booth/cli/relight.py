"""`booth relight`: another light on a photograph, nothing else touched."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal, cast

import msgspec
import numpy as np
import typer

from booth.capture.photo.reader import open_picture
from booth.cli.options import Profile, ensure_folder, existing, tell
from booth.config.params import load_params
from booth.core.faults import Fault
from booth.core.turning import turned
from booth.looks.canvas import Canvas
from booth.looks.light.light_spec import named_light
from booth.looks.look import Look
from booth.looks.renderer import LookRenderer
from booth.still.developer import StillAnalyzer
from booth.still.encode import encode, write_whole
from booth.still.sharpen import to_eight_bit

ENDINGS = {".jpg": "jpeg", ".jpeg": "jpeg", ".png": "png", ".tif": "tiff", ".tiff": "tiff", ".avif": "avif"}


def relight(
    image: Annotated[str, typer.Argument(help="A photograph.")],
    light: Annotated[str, typer.Option("--light", help="A named light.")],
    out: Annotated[Path, typer.Option("--out", help="The file to write.")],
    side: Annotated[str, typer.Option("--side", help="The sitter's own left or right; auto chooses.")] = "auto",
    strength: Annotated[float, typer.Option("--strength", min=0.0, max=1.0)] = 1.0,
    force: Annotated[bool, typer.Option("--force", help="Replace a file that is there.")] = False,
    profile: Profile = None,
) -> int:
    """Put a named light on a photograph at its own size, uncropped; `natural` leaves every pixel as it is."""
    load_params(profile)
    named_light(light, side=_side(side))
    fmt = ENDINGS.get(out.suffix.lower())
    if fmt is None:
        raise Fault("format.unknown", f"{out.name} has no ending of a picture.", "End it in .jpg, .png, .tif or .avif.")
    ensure_folder(out.parent)
    opened = open_picture(existing(image))
    lit = relit(opened.rgb, light, _side(side), strength)
    wants = msgspec.structs.replace(load_params(profile).finish.encode, format=fmt, sign=False, quality=96)  # type: ignore[arg-type]
    tell(str(write_whole(out, encode(lit, wants, exif=opened.exif), force=force)))
    return 0


def _side(text: str) -> Literal["auto", "left", "right"]:
    if text in ("left", "right", "auto"):
        return cast(Literal["auto", "left", "right"], text)
    raise Fault("light.side", f"A light has no side {text}.", "Sides: auto, left, right.")


def relit(rgb: np.ndarray, light: str, side: Literal["auto", "left", "right"], strength: float) -> np.ndarray:
    """Return an (H, W, 3) uint8 picture under a named light; the picture itself under `natural`."""
    if light == "natural" or strength == 0:
        return rgb
    analyzer = StillAnalyzer()
    try:
        turn_deg = analyzer.turn_of(rgb)
        rgb = turned(rgb, turn_deg)
        faces = analyzer.find_faces(rgb)
        if not faces:
            hint = "Use a portrait with the face in view."
            raise Fault("finish.no_face", "No face was found in the picture.", hint)
        face = max(faces, key=lambda f: f.box.area)
        alpha = analyzer.matte(rgb, face).alpha
    finally:
        analyzer.close()
    base = Look(name="relight", title="Relight", purpose="Light only.")
    look = base.with_light(light, side=side, strength=strength)
    canvas = Canvas(rgb.astype(np.float32) / np.float32(255), alpha, face)
    return turned(to_eight_bit(LookRenderer(look, still=True).light(canvas)), -turn_deg % 360)
