"""A camera on a USB cable through libgphoto2, an optional extra: live view where it has one, and pictures at full size.

One thread owns an open camera. What the library calls its errors becomes codes of the fault table here.
"""

from __future__ import annotations

import logging
from types import ModuleType
from typing import Any

from booth.core.fault_table import fault
from booth.core.faults import Fault

log = logging.getLogger(__name__)

JPEG_ENDINGS = (".jpg", ".jpeg")
SECOND_FILE_MS = 2000  # a camera that writes raw and JPEG names the second file within this
LOW_BATTERY_PERCENT = 10
TARGET, IN_CAMERA = "capturetarget", "Internal RAM"  # pictures go over the cable and never onto the card
_CARD_FULL = ("GP_ERROR_NO_SPACE",)
_SLEEPS = ("GP_ERROR_TIMEOUT", "GP_ERROR_CAMERA_BUSY")
_GONE = (
    "GP_ERROR_IO", "GP_ERROR_IO_INIT", "GP_ERROR_IO_READ", "GP_ERROR_IO_WRITE", "GP_ERROR_IO_UPDATE",
    "GP_ERROR_IO_USB_FIND", "GP_ERROR_IO_USB_CLEAR_HALT", "GP_ERROR_MODEL_NOT_FOUND", "GP_ERROR_UNKNOWN_PORT",
    "GP_ERROR_CAMERA_ERROR",
)  # fmt: skip
_TAKEN = ("GP_ERROR_IO_USB_CLAIM", "GP_ERROR_IO_LOCK")
FAMILIES = {"tether.card": _CARD_FULL, "tether.asleep": _SLEEPS, "tether.lost": _GONE, "tether.busy": _TAKEN}
NEEDS_OPENING = frozenset({"tether.asleep", "tether.lost", "tether.busy", "tether.missing"})


def library() -> ModuleType:
    """Return the library; Fault `tether.extra` where it is not installed."""
    try:
        import gphoto2
    except ImportError as error:
        raise fault("tether.extra") from error
    return gphoto2  # type: ignore[no-any-return]


def code_of(error: int, gp: ModuleType) -> str:
    """Return the fault table's code of one of the library's errors."""
    for code, names in FAMILIES.items():
        if error in {getattr(gp, name) for name in names}:
            return code
    return "tether.refused"


class GPhotoCamera:
    """One open camera. `wanted` is a part of its model's name, empty for the first. Raises Fault `tether.*`."""

    def __init__(self, wanted: str = "") -> None:
        self._gp = gp = library()
        found = gp.Camera.autodetect()
        names = [(found.get_name(i), found.get_value(i)) for i in range(found.count())]
        chosen = next(((n, port) for n, port in names if wanted.lower() in n.lower()), None)
        if chosen is None:
            raise fault("tether.missing")
        self.name = chosen[0]
        self._camera = gp.Camera()
        try:
            ports = gp.PortInfoList()
            ports.load()
            self._camera.set_port_info(ports[ports.lookup_path(chosen[1])])
            self._camera.init()
        except gp.GPhoto2Error as error:
            raise self._fault(error) from error
        can = self._camera.get_abilities().operations
        self.has_live_view = bool(can & gp.GP_OPERATION_CAPTURE_PREVIEW)
        self._prefer_cable()

    def _fault(self, error: Any) -> Fault:
        return fault(code_of(error.code, self._gp), name=getattr(self, "name", "tethered camera"))

    def _prefer_cable(self) -> None:
        """Keep guests' pictures off the card where the camera can."""
        try:
            target = self._camera.get_single_config(TARGET)
            if IN_CAMERA in [target.get_choice(i) for i in range(target.count_choices())]:
                target.set_value(IN_CAMERA)
                self._camera.set_single_config(TARGET, target)
        except self._gp.GPhoto2Error:
            log.info("the tethered camera does not say where its pictures go")

    def preview(self) -> bytes:
        """Return the next picture of its live view, a JPEG."""
        try:
            return _content(self._camera.capture_preview())
        except self._gp.GPhoto2Error as error:
            raise self._fault(error) from error

    def shoot(self) -> bytes:
        """Trigger it, fetch the full-size JPEG, and erase it in the camera. Takes as long as the camera does."""
        try:
            taken = self._camera.capture(self._gp.GP_CAPTURE_IMAGE)
            files = [(taken.folder, taken.name)]
            if not taken.name.lower().endswith(JPEG_ENDINGS):
                files += self._second_file()
            content = None
            for folder, name in files:
                if content is None and name.lower().endswith(JPEG_ENDINGS):
                    kind = self._gp.GP_FILE_TYPE_NORMAL
                    content = _content(self._camera.file_get(folder, name, kind))
                self._erase(folder, name)
        except self._gp.GPhoto2Error as error:
            raise self._fault(error) from error
        if content is None:
            raise fault("tether.no_jpeg", name=self.name)
        return content

    def _second_file(self) -> list[tuple[str, str]]:
        """Return what a camera that writes two files names after the first."""
        kind, reported = self._camera.wait_for_event(SECOND_FILE_MS)
        return [(reported.folder, reported.name)] if kind == self._gp.GP_EVENT_FILE_ADDED else []

    def _erase(self, folder: str, name: str) -> None:
        try:
            self._camera.file_delete(folder, name)
        except self._gp.GPhoto2Error:
            log.warning("a picture could not be erased in the tethered camera")

    def check(self) -> Fault | None:
        """Return what will soon keep it from taking pictures, or None; Fault where it does not answer now."""
        gp = self._gp
        try:
            percent = _percent(str(self._camera.get_single_config("batterylevel").get_value()))
            if percent is not None and percent <= LOW_BATTERY_PERCENT:
                return fault("tether.battery", name=self.name)
        except gp.GPhoto2Error as error:
            if code_of(error.code, gp) in NEEDS_OPENING:
                raise self._fault(error) from error
        return None

    def close(self) -> None:
        """Release it."""
        try:
            self._camera.exit()
        except self._gp.GPhoto2Error:
            log.info("the tethered camera was gone already")


def _content(file: Any) -> bytes:
    """Return a copy of a file's bytes; the library's own view of them dies with `file`, which is held here."""
    return bytes(memoryview(file.get_data_and_size()))


def _percent(reported: str) -> int | None:
    """Read a battery level as cameras report it: `50%`, `Low`; None where it cannot be determined."""
    digits = reported.strip().rstrip("%").strip()
    if digits.isdecimal():
        return int(digits)
    return 0 if reported.strip().lower() in ("low", "empty", "critical") else None
