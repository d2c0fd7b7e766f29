"""What a finger or the mouse holds: the sun or the slider of the page, from the touch until it is released."""

from __future__ import annotations

from booth.draw.scene import Scene, Signal, Slider, Sun

STEP_DEG = 10.0  # of the sun for one key press
STRENGTH_STEP = 0.1
MAX_AZ_DEG, LOW_EL_DEG, HIGH_EL_DEG = 150.0, -60.0, 80.0  # where keys may take the sun
GRAB_MARGIN = 0.5  # of the sun's own size: a fingertip lands beside what it aims at


def grabbed(scene: Scene, x: float, y: float) -> Sun | Slider | None:
    """Return what of a page is held at a point of the screen; a button there is nearer than the sun."""
    if any(button.rect.has(x, y) for button in scene.buttons):
        return None
    held = [item for item in scene.items if isinstance(item, Sun | Slider)]
    for item in held:
        if isinstance(item, Slider) and item.rect.has(x, y):
            return item
    for item in held:
        margin = round(GRAB_MARGIN * item.rect.w)
        if isinstance(item, Sun) and item.rect.inset(-margin).has(x, y):
            return item
    return None


def pulled(held: Sun | Slider, x: float, y: float, *, is_rtl: bool) -> Signal:
    """Return what it means that what is held has come to a point of the screen."""
    if isinstance(held, Sun):
        return Signal("sun", aim=held.orbit.aim(x, y))
    share = min(1.0, max(0.0, (x - held.track.x) / max(1, held.track.w)))
    return Signal("strength", round(1 - share if is_rtl else share, 3))


def nudged(az_deg: float, el_deg: float, dx: int, dy: int) -> Signal:
    """Return the sun moved by a key: dx to the right of the screen, dy down, each -1, 0 or 1."""
    az_deg = max(-MAX_AZ_DEG, min(MAX_AZ_DEG, az_deg - STEP_DEG * dx))  # the screen shows a mirror image
    return Signal("sun", aim=(az_deg, max(LOW_EL_DEG, min(HIGH_EL_DEG, el_deg - STEP_DEG * dy))))


def stronger(frac: float, way: int) -> Signal:
    """Return the light a step stronger (way 1) or weaker (-1)."""
    return Signal("strength", round(min(1.0, max(0.0, frac + STRENGTH_STEP * way)), 3))
