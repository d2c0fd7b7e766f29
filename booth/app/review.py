"""A shot on its way to a portrait: developed in a worker while the review already shows the mirror's picture of it.

Holds guest pixels of the session and lets go of them with `drop` and `close`.
"""

from __future__ import annotations

from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np

from booth.app.first_picture import first_picture, thumb
from booth.config.params import Params
from booth.core.fault_table import fault
from booth.core.memory import give_back
from booth.core.types import Burst, FrameAnalysis, Shot
from booth.delivery.change_list import told
from booth.looks.look import Look
from booth.looks.preview import PreviewRenderer
from booth.looks.tryon.outfit import Outfit
from booth.session.view import Change, PortraitFacts
from booth.still.developer import Developed, Developer


@dataclass(frozen=True, slots=True, eq=False)
class Wanted:
    """What goes into one develop beside the frame and the look."""

    normals: np.ndarray | None  # the sitter's own relief
    outfit: Outfit | None
    burst: Burst | None


class Review:
    """One worker, one shot at a time; the guest may change the frame, the look and the light until it is kept."""

    def __init__(self, params: Params, *, is_set: bool = False) -> None:
        self._params, self._is_set = params, is_set  # the portraits of a set all have one size
        self._worker = ThreadPoolExecutor(1, thread_name_prefix="develop")
        self._developer: Developer | None = None
        self._shot: Shot | None = None
        self._outfit: Outfit | None = None
        self._look: Look | None = None
        self._chosen = 0
        self._pending: Future[Developed] | None = None
        self._done: Developed | None = None
        self._mirror: PreviewRenderer | None = None
        self._firsts: tuple[tuple[np.ndarray, np.ndarray], ...] = ()  # of every frame: before and after, mirror size
        self._thumbs: tuple[np.ndarray, ...] = ()
        self._changed: tuple[Change, ...] = ()
        self._has_news = False

    @property
    def chosen(self) -> int:
        """Which of the shot's frames is on view: 0 the best, then its alternatives."""
        return self._chosen

    @property
    def changed(self) -> tuple[Change, ...]:
        """What was done to the portrait on view."""
        return self._changed

    @property
    def thumbs(self) -> tuple[np.ndarray, ...]:
        """Small pictures of the shot's frames, cut as their portraits would be."""
        return self._thumbs

    def begin(self, shot: Shot, look: Look, mirror: PreviewRenderer, outfit: Outfit | None = None) -> None:
        """Start to develop a fresh shot; until that is done the mirror's own pictures of it stand in.

        `outfit` is what the guest wants on in the picture too.
        """
        self.drop()
        self._outfit = outfit
        self._shot, self._look, self._mirror = shot, look, mirror
        self._see_in_mirror()  # first: the develop would share its cores
        self._develop()

    def _see_in_mirror(self) -> None:
        """Show all frames of the shot as the mirror shows them with the look of the moment: at once, and cut alike."""
        assert self._look is not None
        assert self._mirror is not None
        firsts, thumbs = [], []
        for analysis in self._frames():
            shown = analysis.frame.small if analysis.matte is None else self._mirror.show(analysis)
            firsts.append(first_picture(analysis, shown, self._look, self._params.finish))
            thumbs.append(thumb(firsts[-1][1]))  # the very crop that would be kept
        self._firsts, self._thumbs, self._has_news = tuple(firsts), tuple(thumbs), True

    def _frames(self) -> tuple[FrameAnalysis, ...]:
        assert self._shot is not None
        return (self._shot.analysis, *self._shot.alternatives)

    def choose(self, index: int) -> None:
        """Look at another frame of the shot."""
        if self._shot is not None and index != self._chosen and 0 <= index < len(self._frames()):
            self._chosen, self._done = index, None
            self._develop()

    def set_look(self, look: Look) -> None:
        """Try another look or light, which the mirror wears already, on the shot already taken."""
        if self._shot is not None and look != self._look:
            self._look, self._done = look, None
            self._see_in_mirror()
            self._develop()

    def _develop(self) -> None:
        assert self._look is not None
        if self._pending is not None:
            self._pending.cancel()
        analysis, look = self._frames()[self._chosen], self._look
        normals = self._mirror.normals if self._mirror is not None else None
        wanted = Wanted(normals, self._outfit, self._shot.burst(self._chosen) if self._shot is not None else None)
        self._pending = self._worker.submit(self._work, analysis, look, wanted)

    def _work(self, analysis: FrameAnalysis, look: Look, wanted: Wanted) -> Developed:
        try:
            if self._developer is None:
                self._developer = Developer(self._params, is_set=self._is_set)
            return self._developer.portrait(analysis, look, wanted.normals, wanted.outfit, wanted.burst)
        except Exception:
            self._let_go()  # the next shot begins with models loaded afresh
            raise
        finally:
            give_back()

    def _let_go(self) -> None:
        developer, self._developer = self._developer, None
        if developer is not None:
            developer.close()

    def poll(self) -> bool:
        """Take over a finished develop; True when there is something new to look at. Raises the worker's Fault."""
        has_news, self._has_news = self._has_news, False
        if self._pending is None or not self._pending.done():
            return has_news
        pending, self._pending = self._pending, None
        if pending.cancelled():
            return has_news
        self._take(pending.result())
        return True

    def _take(self, done: Developed) -> None:
        assert self._look is not None
        self._done = done
        self._changed = told(done.record, str(self._look.backdrop.__struct_config__.tag))

    @property
    def is_busy(self) -> bool:
        """True while a develop is under way."""
        return self._pending is not None

    @property
    def facts(self) -> PortraitFacts | None:
        """What the review page shows: the portrait, or until it is developed the mirror's picture of the shot."""
        if self._shot is None or not self._firsts:
            return None
        if self._done is None:
            before, after = self._firsts[self._chosen]
            return PortraitFacts(before=before, after=after, why=self._shot.reasons, is_busy=self.is_busy)
        return PortraitFacts(
            before=self._done.before, after=self._done.after, why=self._shot.reasons, changed=self._changed,
            is_busy=self.is_busy,
        )  # fmt: skip

    def portrait(self) -> Developed:
        """Return the portrait on view, waiting for a develop under way; Fault `develop.nothing` when there is none."""
        if self._pending is not None:
            pending, self._pending = self._pending, None
            self._take(pending.result())
        if self._done is None:
            raise fault("develop.nothing")
        return self._done

    def drop(self) -> None:
        """Forget the shot and everything made of it."""
        if self._pending is not None:
            self._pending.cancel()
        self._shot = self._look = self._pending = self._done = self._mirror = None
        self._thumbs, self._firsts, self._changed, self._chosen, self._has_news = (), (), (), 0, False

    def rest(self) -> None:
        """The guest has gone: free the models of stills until the next one's shot, and give memory back."""
        self.drop()
        self._worker.submit(self._let_go)
        self._worker.submit(give_back)

    def close(self) -> None:
        """End the worker and free its models."""
        self.drop()
        self._worker.submit(self._let_go)
        self._worker.shutdown(wait=True)
