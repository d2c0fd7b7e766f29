"""A shot on its way to a portrait: developed in a worker while the review already shows the mirror's picture of it.

Holds guest pixels of the session; `drop` and `close` release them.
"""

from __future__ import annotations

from concurrent.futures import Executor, Future, ThreadPoolExecutor
from dataclasses import dataclass, replace

import msgspec
import numpy as np

from booth.app.first_picture import first_picture, thumb
from booth.app.photograph import PhotographResult, photograph_of
from booth.app.stand_in import stand_in
from booth.config.params import Params
from booth.core.fault_table import fault
from booth.core.inline_executor import InlineExecutor
from booth.core.memory import release_heap
from booth.core.types import Burst, FrameAnalysis, Shot
from booth.delivery.change_list import changes_of
from booth.looks.look import Look
from booth.looks.preview import PreviewRenderer
from booth.looks.tryon.outfit import Outfit
from booth.session.view import Change, PortraitFacts
from booth.still.developer import Developed, Developer


@dataclass(frozen=True, slots=True, eq=False)
class DevelopInput:
    """What goes into one develop beside the frame and the look."""

    normals: np.ndarray | None  # the sitter's own relief
    outfit: Outfit | None
    burst: Burst | None
    exposure: Future[bytes] | None = None  # the tethered camera's file
    is_wide: bool = False  # LinkedIn's background picture is wanted


class Review:
    """One worker, one shot at a time; the guest may change the frame, the look and the light until it is kept."""

    def __init__(self, params: Params, *, develops: bool = True, in_turn: bool = False, is_set: bool = False) -> None:
        """Without `develops` the mirror's picture is all there is; `in_turn` develops on the caller's thread.

        The portraits of a set all have one size.
        """
        self._params, self._develops, self._is_set = params, develops, is_set
        self._worker: Executor = InlineExecutor() if in_turn else ThreadPoolExecutor(1, thread_name_prefix="develop")
        self._developer: Developer | None = None
        self._shot: Shot | None = None
        self._outfit: Outfit | None = None
        self._look: Look | None = None
        self._chosen = 0
        self._pending: Future[Developed] | None = None
        self._done: Developed | None = None
        self._wide: Future[Developed] | None = None
        self._mirror: PreviewRenderer | None = None
        self._firsts: tuple[tuple[np.ndarray, np.ndarray], ...] = ()  # of every frame: before and after, mirror size
        self._thumbs: tuple[np.ndarray, ...] = ()
        self._changed: tuple[Change, ...] = ()
        self._has_news = False
        self._exposure: Future[bytes] | None = None
        self._photographed: tuple[Future[bytes], PhotographResult] | None = None  # belongs to the worker

    @property
    def chosen(self) -> int:
        """Which of the shot's frames is on view: 0 the best, then its alternatives."""
        return self._chosen

    @property
    def people(self) -> int:
        """How many are in the portrait on view."""
        return 1 if self._shot is None else max(1, len(self._frames()[self._chosen].group))

    @property
    def changed(self) -> tuple[Change, ...]:
        """What was done to the portrait on view."""
        return self._changed

    @property
    def thumbs(self) -> tuple[np.ndarray, ...]:
        """Small pictures of the shot's frames, cut as their portraits would be."""
        return self._thumbs

    def begin(
        self, shot: Shot, look: Look, mirror: PreviewRenderer, outfit: Outfit | None = None,
        exposure: Future[bytes] | None = None,
    ) -> None:  # fmt: skip
        """Start to develop a fresh shot; until that is done the mirror's own pictures of it stand in.

        `outfit` is what the guest wants on in the picture too; `exposure` the tethered camera's file of the shot.
        """
        self.drop()
        self._exposure = exposure
        self._outfit = outfit
        self._shot, self._look, self._mirror = shot, look, mirror
        self._see_in_mirror(1)  # first: the develop would share its cores; the others follow, one a turn of the loop
        self._develop()

    def _see_in_mirror(self, most: int) -> None:
        """Show up to `most` more frames of the shot as the mirror shows them with the current look, cut alike."""
        assert self._look is not None
        assert self._mirror is not None
        for analysis in self._frames()[len(self._firsts) :][:most]:
            shown = analysis.frame.small if analysis.matte is None else self._mirror.show(analysis)
            first = first_picture(analysis, shown, self._look, self._params.finish)
            self._firsts = (*self._firsts, first)
            self._thumbs = (*self._thumbs, thumb(first[1]))  # the very crop that would be kept
            self._has_news = True

    def _frames(self) -> tuple[FrameAnalysis, ...]:
        assert self._shot is not None
        return (self._shot.analysis, *self._shot.alternatives)

    def choose(self, index: int) -> None:
        """Look at another frame of the shot."""
        if self._shot is not None and index != self._chosen and 0 <= index < len(self._frames()):
            self._see_in_mirror(max(0, index + 1 - len(self._firsts)))
            self._chosen, self._done = index, None
            self._develop()

    def set_look(self, look: Look) -> None:
        """Try another look or light, which the mirror shows already, on the shot already taken."""
        if self._shot is not None and look != self._look:
            self._look, self._done = look, None
            self._firsts = self._thumbs = ()
            self._see_in_mirror(len(self._frames()))
            self._develop()

    def _develop(self) -> None:
        assert self._look is not None
        if not self._develops:
            return
        if self._pending is not None:
            self._pending.cancel()
        analysis, look = self._frames()[self._chosen], self._look
        normals = self._mirror.normals if self._mirror is not None else None
        exposure = self._exposure if self._chosen == 0 else None  # of the other frames there is no photograph
        burst = self._shot.burst(self._chosen) if self._shot is not None else None
        wanted = DevelopInput(normals, self._outfit, burst, exposure)
        self._pending = self._worker.submit(self._work_on, analysis, look, wanted)

    def _work_on(self, analysis: FrameAnalysis, look: Look, wanted: DevelopInput) -> Developed:
        """Develop a frame, or the tethered camera's picture of it, which is opened and judged once a shot."""
        exposure = wanted.exposure
        if exposure is None:
            return self._work(analysis, look, wanted)
        if self._photographed is None or self._photographed[0] is not exposure:
            self._photographed = exposure, photograph_of(exposure, analysis, self._params)
        taken = self._photographed[1]
        is_same = taken.analysis is analysis  # the viewfinder's frame stands in: its burst fits, no other's does
        done = self._work(taken.analysis, look, wanted if is_same else replace(wanted, burst=None))
        record = msgspec.structs.replace(done.record, stages=(taken.stage, *done.record.stages))
        return replace(done, record=record)

    def _work(self, analysis: FrameAnalysis, look: Look, wanted: DevelopInput) -> Developed:
        try:
            if self._developer is None:
                self._developer = Developer(self._params, is_set=self._is_set)
            if wanted.is_wide:
                return self._developer.portrait(analysis, look, wanted.normals, wanted.outfit, is_wide=True)
            return self._developer.portrait(analysis, look, wanted.normals, wanted.outfit, wanted.burst)
        except Exception:
            self._let_go()  # the next shot begins with models loaded afresh
            raise
        finally:
            release_heap()

    def _let_go(self) -> None:
        self._photographed = None
        developer, self._developer = self._developer, None
        if developer is not None:
            developer.close()

    def poll(self) -> bool:
        """Show one frame more, take over a finished develop; True when there is news. Raises the worker's Fault."""
        if self._shot is not None and len(self._firsts) < len(self._frames()):
            self._see_in_mirror(1)
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
        self._changed = changes_of(done.record, str(self._look.backdrop.__struct_config__.tag))

    @property
    def is_busy(self) -> bool:
        """True while a develop is under way."""
        return self._pending is not None

    @property
    def facts(self) -> PortraitFacts | None:
        """What the review page shows: the portrait, or until it is developed the mirror's picture of the shot."""
        if self._shot is None or not self._firsts:
            return None
        before, after = self._firsts[self._chosen] if self._done is None else (self._done.before, self._done.after)
        return PortraitFacts(
            before=before,
            after=after,
            why=self._shot.reasons_of(self._chosen),
            changed=self._changed if self._done is not None else (),
            is_busy=self.is_busy,
            doubt=self._doubt(self._shot),
        )

    def _doubt(self, shot: Shot) -> str | None:
        """Return the sentence for what may be wrong with the frame on view."""
        doubt = shot.doubts[self._chosen] if self._chosen < len(shot.doubts) else ""
        return f"review.doubt.{doubt}" if doubt else None

    def develop_several(self, numbers: tuple[int, ...]) -> Future[tuple[Developed, ...]]:
        """Develop several of the shot's frames with the look on view, in this order; the Future may hold a Fault."""
        assert self._look is not None
        frames, look = self._frames(), self._look
        normals = self._mirror.normals if self._mirror is not None else None
        wanted = [
            (frames[n], DevelopInput(normals, self._outfit, self._shot.burst(n) if self._shot is not None else None))
            for n in numbers
        ]
        return self._worker.submit(lambda: tuple(self._work(frame, look, one) for frame, one in wanted))

    def develop_wide(self) -> Future[Developed] | None:
        """Develop the frame on view as LinkedIn's background picture; None where only the mirror's picture is there.

        The Future may hold a Fault; one that has not begun is cancelled when the shot is dropped.
        """
        if self._shot is None or self._look is None or not self._develops or self._exposure is not None:
            return None
        analysis, look, outfit = self._frames()[self._chosen], self._look, self._outfit
        if analysis.sitter is None:
            return None
        normals = self._mirror.normals if self._mirror is not None else None
        wanted = DevelopInput(normals, outfit, None, is_wide=True)
        self._wide = self._worker.submit(self._work, analysis, look, wanted)
        return self._wide

    def portrait(self) -> Developed:
        """Return the portrait on view, waiting for a develop under way; Fault `develop.nothing` when there is none."""
        if self._pending is not None:
            pending, self._pending = self._pending, None
            self._take(pending.result())
        if self._done is None:
            raise fault("develop.nothing")
        return self._done

    def use_mirror_picture(self) -> None:
        """Let the mirror's picture, at full size, be the portrait on view; a develop under way is left behind."""
        if self._shot is None or self._look is None:
            raise fault("develop.nothing")
        if self._pending is not None and not self._pending.cancel() and not self._pending.done():
            self._worker.shutdown(wait=False)  # it may never come back: the next shot gets a worker of its own
            self._worker, self._developer = ThreadPoolExecutor(1, thread_name_prefix="develop"), None
        self._pending = None
        normals = self._mirror.normals if self._mirror is not None else None
        self._take(stand_in(self._frames()[self._chosen], self._look, self._params, normals))

    def drop(self) -> None:
        """Forget the shot and everything made of it."""
        if self._pending is not None:
            self._pending.cancel()
        if self._wide is not None:
            self._wide.cancel()
            self._wide = None
        self._shot = self._look = self._pending = self._done = self._mirror = self._exposure = None
        self._thumbs, self._firsts, self._changed, self._chosen, self._has_news = (), (), (), 0, False

    def rest(self) -> None:
        """The guest has left: free the models of stills until the next shot, and return memory to the system."""
        self.drop()
        self._worker.submit(self._let_go)
        self._worker.submit(release_heap)

    def close(self) -> None:
        """End the worker and free its models."""
        self.drop()
        self._worker.submit(self._let_go)
        self._worker.shutdown(wait=True)
