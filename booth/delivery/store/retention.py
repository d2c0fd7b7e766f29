"""How long each kind of thing is kept. The one place that says so."""

from __future__ import annotations

from booth.config.params.deliver import DeliverParams

DAY_S = 86_400.0
HOUR_S = 3_600.0
MINUTE_S = 60.0

RECORD = "record"  # where the finished file lies, what was changed; goes with the portrait
PERSON = "person"  # whose portrait it is, in an office run; goes with the portrait
ORIGINAL = "original"  # the photograph as the camera saw it
LINK = "link"  # who may open the page
PAGE = ("page-full", "page-view", "page-before", "page-square", "page-banner")  # what the page shows
JOB_PRINT, JOB_MAIL, JOB_HOOK = "job-print", "job-mail", "job-hook"


def life_s(kind: str, params: DeliverParams) -> float | None:
    """Return how long a kind is kept, seconds; None: until it is erased."""
    store = params.store
    if kind in (RECORD, PERSON):
        return None if store.portrait_days is None else store.portrait_days * DAY_S
    if kind == ORIGINAL:
        return store.original_days * DAY_S
    if kind == LINK or kind in PAGE:
        return params.page.limit_min * MINUTE_S
    hours = {JOB_MAIL: params.mail.give_up_h, JOB_HOOK: params.hook.give_up_h}.get(kind, 24.0)
    return hours * HOUR_S
