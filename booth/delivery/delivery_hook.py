"""Starts the operator's own program for a kept portrait. Words, never a shell; of the guest only the file's path."""

from __future__ import annotations

import importlib
import logging
import os
import signal
import subprocess
from collections.abc import Callable
from pathlib import Path

from booth.config.params.deliver import HookParams
from booth.delivery.job_queue import Job, Outcome

log = logging.getLogger(__name__)

_PASSED_ON = ("PATH", "HOME", "LANG", "LC_ALL", "TZ")  # of the booth's own environment: no passphrase gets out


class DeliveryHook:
    """Runs `params.command` with `{file}` filled in; exit code 0 means handed over."""

    def __init__(self, params: HookParams, path: Callable[[str], Path | None]) -> None:
        self._params, self._path = params, path

    def hand_over(self, job: Job) -> Outcome:
        """Run the program once and judge by its exit code; a hanging one is ended with all it started."""
        path = self._path(job.number)
        if path is None or not path.is_file():
            return Outcome("share.hook_gave_up")
        if self._params.plugin and not self._has_given(path):
            return Outcome("share.hook_later", is_over=False)
        if not self._params.command:
            return Outcome("share.hook_done", done=1)
        words = [word.replace("{file}", str(path)) for word in self._params.command]
        environment = {name: os.environ[name] for name in _PASSED_ON if name in os.environ}
        try:
            process = subprocess.Popen(
                words, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                env=environment, start_new_session=True,
            )  # fmt: skip
        except OSError:
            return Outcome("share.hook_later", is_over=False)
        try:
            code = process.wait(self._params.limit_s)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            code = process.wait()
        return Outcome("share.hook_done", done=1) if code == 0 else Outcome("share.hook_later", is_over=False)

    def _has_given(self, path: Path) -> bool:
        """Give the file to the plug-in's function, called as name(path); one that raises is tried again later."""
        module, _, name = self._params.plugin.partition(":")
        try:
            getattr(importlib.import_module(module), name)(path)
        except Exception as error:  # an operator's code may fail in any way
            log.warning("share %s failed: %s", self._params.plugin, type(error).__name__)
            return False
        return True
