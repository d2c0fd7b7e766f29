"""A shot on its way to a portrait: developed in a worker while the review already shows it. Holds guest pixels of the
session and lets go of them with `close`."""

from __future__ import annotations

from concurrent.futures import Future, ThreadPoolExecutor

import cv2
import numpy as np

from booth.developing import Developed, Developer
from booth.faults import Fault
from booth.kiosk.view import PortraitFacts
from booth.looks.look import Look
from booth.mirror import Mirror
from booth.params import Params
from booth.types import Shot, Sight

THUMB_W_PX = 320


class Review:
    """One worker, one shot at a time; the guest may change the frame, the look and the light until it is kept."""

    def __init__(self, params: Params) -> None:
        self._params = params
        self._worker = ThreadPoolExecutor(1, thread_name_prefix="develop")
        self._developer: Developer | None = None
        self._shot: Shot | None = None
        self._look: Look | None = None
        self._chosen = 0
        self._pending: Future[Developed] | None = None
        self._done: Developed | None = None
        self._thumbs: tuple[np.ndarray, ...] = ()

    @property
    def chosen(self) -> int:
        """Which of the shot's frames is on view: 0 the best, then its alternatives."""
        return self._chosen

    @property
    def thumbs(self) -> tuple[np.ndarray, ...]:
        """Small mirror pictures of the shot's frames."""
        return self._thumbs

    def begin(self, shot: Shot, look: Look, mirror: Mirror) -> None:
        """Start to develop a fresh shot; the mirror lends its picture for the thumbs."""
        self.drop()
        self._shot, self._look = shot, look
        self._thumbs = tuple(_thumb(mirror.show(sight)) for sight in self._frames())
        self._develop()

    def _frames(self) -> tuple[Sight, ...]:
        assert self._shot is not None
        return (self._shot.sight, *self._shot.alternatives)

    def choose(self, index: int) -> None:
        """Look at another frame of the shot."""
        if self._shot is not None and index != self._chosen and 0 <= index < len(self._frames()):
            self._chosen = index
            self._develop()

    def wear(self, look: Look) -> None:
        """Try another look or light on the shot already taken."""
        if self._shot is not None and look != self._look:
            self._look = look
            self._develop()

    def _develop(self) -> None:
        assert self._look is not None
        if self._pending is not None:
            self._pending.cancel()
        sight, look = self._frames()[self._chosen], self._look
        self._pending = self._worker.submit(self._work, sight, look)

    def _work(self, sight: Sight, look: Look) -> Developed:
        if self._developer is None:
            self._developer = Developer(self._params)
        return self._developer.portrait(sight, look)

    def poll(self) -> bool:
        """Take over a finished develop; True when a new portrait is ready. Raises the worker's Fault."""
        if self._pending is None or not self._pending.done():
            return False
        pending, self._pending = self._pending, None
        if pending.cancelled():
            return False
        self._done = pending.result()
        return True

    @property
    def is_busy(self) -> bool:
        """True while a develop is under way."""
        return self._pending is not None

    @property
    def facts(self) -> PortraitFacts | None:
        """What the review page shows, or None before the first develop is done."""
        if self._done is None or self._shot is None:
            return None
        return PortraitFacts(
            before=self._done.before, after=self._done.after, why=self._shot.reasons, changed=self._done.changes,
            is_busy=self.is_busy,
        )  # fmt: skip

    def portrait(self) -> Developed:
        """Return the portrait on view, waiting for a develop under way; Fault `develop.nothing` when there is none."""
        if self._pending is not None:
            self._done, self._pending = self._pending.result(), None
        if self._done is None:
            raise Fault("develop.nothing", "There is no finished portrait yet.", "Take it again.", exit_code=1)
        return self._done

    def drop(self) -> None:
        """Forget the shot and everything made of it."""
        if self._pending is not None:
            self._pending.cancel()
        self._shot = self._look = self._pending = self._done = None
        self._thumbs, self._chosen = (), 0

    def close(self) -> None:
        """End the worker and free its models."""
        self.drop()
        if self._developer is not None:
            self._worker.submit(self._developer.close)
        self._worker.shutdown(wait=True)


def _thumb(picture: np.ndarray) -> np.ndarray:
    height = round(picture.shape[0] * THUMB_W_PX / picture.shape[1])
    return cv2.resize(picture, (THUMB_W_PX, height), interpolation=cv2.INTER_AREA)
