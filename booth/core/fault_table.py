"""The one table of faults: code, sentence, hint, what the booth tries by itself, and how much it weighs.

`fault("camera.lost", name="camera 0")` makes a Fault of its row. Code that knows more than the row (a path, a line)
raises its own sentence under the same code. docs/faults.md is written from this table.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from booth.core.fault_rows import COMMANDS
from booth.core.faults import Fault


class Weight(StrEnum):
    """What a fault does to the running booth."""

    NOTE = "note"  # the booth goes on and says so on the page or in its log
    PAUSE = "pause"  # the fault page until it is over; the guest's session stays
    REFUSE = "refuse"  # what was asked for is not done; everything else stands
    STOP = "stop"  # the program ends with exit code 1, to be started again by its unit


@dataclass(frozen=True, slots=True)
class FaultRow:
    """One fault. `says` and `hint` may hold {names} that `fault` fills in."""

    code: str
    says: str
    hint: str
    tries: str
    weight: Weight
    exit_code: int = 2


NOTHING = "Nothing is changed; the rest stands."
_REOPENS = "Reopens it after 0.5, 1, 2, 4, then every 8 s; the session waits."
_AGAIN = "Starts it again by itself."
_FINDER = "Takes portraits with the finder; opens it again after 0.5, 1, 2, 4, then every 8 s."
_SHOT = "The finder's frame stands in, and the record and the review say so."
_TOLD = "Says so; the portrait on view stays to be kept later."
_CABLE = "Check its cable, or plug it in elsewhere."


def _pause(code: str, says: str, hint: str, tries: str = _REOPENS) -> FaultRow:
    return FaultRow(code, says, hint, tries, Weight.PAUSE, exit_code=1)


def _note(code: str, says: str, hint: str, tries: str) -> FaultRow:
    return FaultRow(code, says, hint, tries, Weight.NOTE, exit_code=1)


def _stop(code: str, says: str, hint: str, tries: str) -> FaultRow:
    return FaultRow(code, says, hint, tries, Weight.STOP, exit_code=1)


def _refuse(code: str, says: str, hint: str, tries: str = NOTHING, exit_code: int = 2) -> FaultRow:
    return FaultRow(code, says, hint, tries, Weight.REFUSE, exit_code)


RUNNING = (
    # the camera
    _pause("camera.lost", "The {name} gives no more pictures.", _CABLE),
    _pause("camera.silent", "The {name} has stopped sending pictures.", _CABLE,
           "Waits for it; a reader that hangs is given up after 8 s and the camera opened anew."),
    _pause("camera.frozen", "The {name} shows the same picture again and again.", "Unplug it and plug it in again."),
    _pause("camera.repeating", "The {name} repeats the same few pictures.", "Unplug it and plug it in again."),
    _pause("camera.damaged", "The pictures of the {name} come damaged.", "Use another cable or port, without a hub."),
    _pause("camera.black", "The {name} sees only black.", "Open its shutter or take the cap off; switch on the light.",
           "Looks on, and reopens it now and then; goes on with the first picture that is not black."),
    _pause("camera.size", "The {name} has changed its picture size.", "It goes on by itself.",
           "Reopens it at the size asked for and goes on with what it gives."),
    _pause("camera.busy", "Camera {index} opens but gives no picture.",
           "Close other programs that use it, then try again."),
    _pause("camera.missing", "There is no camera {index}.", "Cameras here: {listing}.",
           "At start: nothing. While running: looks for it under its name and at every index, with back-off."),
    _note("camera.turned", "Faces come in turned: the camera stands on its side or over head.",
          "Set capture.rotate_deg = {degrees}, or auto, or turn the camera.", "Turns every picture upright by itself."),
    _note("camera.slow", "The {name} gives only {rate} pictures a second.",
          "Add light: a dim room halves a camera's rate.", "Goes on and says so on the page."),
    _pause("stream.missing", "No picture comes from that stream.", "Check the address and that the sender is running."),
    _pause("stream.lost", "The stream has stopped.", "Check the sender and the network."),
    _stop("source.ended", "The clip has ended.",
          "A recording plays once, so the booth closes: start it again, or choose a camera.",
          "Wipes the session and closes."),
    # a camera on a USB cable beside the viewfinder
    _note("tether.missing", "No tethered camera answers.", "Switch it on and connect it by USB.", _FINDER),
    _note("tether.lost", "The {name} has gone.", "Check its cable and that it is switched on.", _FINDER),
    _note("tether.busy", "Another program holds the {name}.", "Close it, or eject the camera there.", _FINDER),
    _note("tether.asleep", "The {name} does not answer.", "Wake it, and switch its sleep off.", _FINDER),
    _note("tether.card", "The card of the {name} is full.", "Change the card, or erase it.", _SHOT),
    _note("tether.battery", "The battery of the {name} is almost empty.", "Change it, or use a mains adapter.",
          "Goes on and says so on the operator's page."),
    _note("tether.refused", "The {name} took no picture.", "Check its focus, its lens cap and its dial.", _SHOT),
    _note("tether.no_jpeg", "The {name} gives no JPEG.", "Set its quality to JPEG, or to raw and JPEG.", _SHOT),
    _note("tether.differs", "The camera's picture is not what was judged: {why}.", "Nothing is to be done.", _SHOT),
    # the program
    _stop("model.missing", "The model {name} is missing.", "Install the program again.",
          "Nothing is shown without it."),
    _stop("model.altered", "The model {name} is not the one that was delivered.", "Install the program again.",
          "Nothing is shown with it."),
    _pause("perception.died", "The booth lost its sight for a moment.", "It starts again by itself.",
           "Loads the models again after 0.5, 1, 2, 4 s; the session waits."),
    _stop("perception.broken", "The booth cannot see any more.", "Run `booth doctor`.",
          "Wipes and ends, for its unit to start it again; what was kept stays."),
    _stop("perception.stuck", "The booth's sight does not answer.", "Run `booth doctor`.",
          "Wipes and ends, for its unit to start it again; what was kept stays."),
    _stop("loop.stuck", "The booth's screen stands still.", "Run `booth doctor`.",
          "The watchdog ends the program, for its unit to start it again; what was kept stays."),
    _note("session.slept", "The machine was asleep.", "Nothing is to be done.",
          "Wipes the session that was open: its guest has gone."),
    _refuse("develop.nothing", "There is no finished portrait yet.", "Take it again.", "Goes back to the mirror.", 1),
    _note("develop.failed", "The picture could not be developed.", "Take another one.",
          "Keeps the mirror's picture at full size where it was asked for, else goes back to the mirror; "
          "the next shot develops with models loaded afresh."),
    # disk and folders
    _note("disk.low", "The disk is getting full: {free_gb} GB are left.", "Make room.",
          "Removes what has run out at once, and warns."),
    _pause("deliver.disk", "The disk is almost full.", "Ask the operator to make room.",
           "Removes what has run out; takes no new guest below 200 MB, so that no portrait is cut short."),
    _pause("deliver.folder", "The folder {folder} cannot be used.", "Choose another one.",
           "Takes no new guest; tries again with the next."),
    _pause("session.folder", "No session folder can be made in {folder}.", "Free some space or check the rights.",
           "Takes no new guest; tries again with the next."),
    _pause("session.wipe", "{folder} could not be erased.", "Erase this folder by hand before the next guest.",
           "Tries again; a start erases what is left."),
    _pause("store.disk", "The disk is full.", "Make room.", _TOLD),
    _pause("store.write", "{path} cannot be written: {why}.", "Check the rights of the folder.", _TOLD),
    _pause("store.index", "The store's index cannot be written.",
           "Make room on the disk; start the booth again if that does not help.", _TOLD),
    _refuse("store.folder", "The folder {folder} cannot be made private.", "Choose another folder, or mend its rights.",
            "Does not start: nothing could be kept."),
    _refuse("screen.missing", "There is no screen to open a window on.",
            "Start it from a desktop session, or use `booth replay SRC`, which needs no window."),
    # what the booth does without
    _note("sound.missing", "There is no sound device.", "Plug in a speaker, or set screen.sound = false.",
          "Runs without sounds; the doctor says so."),
    _note("speech.missing", "There is no speech program.", "Install espeak-ng, or set screen.spoken = false.",
          "Runs without speech; captions stay."),
    _note("printer.missing", "The printer {name} is not there.", "Switch it on; `lpstat -p` lists printers.",
          "Runs; prints wait in the queue and go out when it is back."),
    _note("network.missing", "This machine does not have the address {address}.",
          "Bring the network up, or correct deliver.page.address.",
          "Runs; portraits are kept, and the page opens when the address is there."),
)  # fmt: skip
"""What a booth that is open may meet. The fault target injects every one of them."""


def _all_rows() -> Mapping[str, FaultRow]:
    own = (_refuse(*row[:3], exit_code=row[3] if len(row) > 3 else 2) for row in COMMANDS)
    return MappingProxyType({row.code: row for row in (*RUNNING, *own)})


ROWS: Mapping[str, FaultRow] = _all_rows()
"""Every fault by its code."""


class _Blanks(dict[str, object]):
    def __missing__(self, key: str) -> str:
        return f"({key})"


def fault(code: str, **values: object) -> Fault:
    """Return the Fault of a code with its row's names filled in; KeyError for a code without a row."""
    row = ROWS[code]
    says, hint = row.says.format_map(_Blanks(values)), row.hint.format_map(_Blanks(values))
    says = says[:1].upper() + says[1:]
    return Fault(code, says, hint, retry=row.weight in (Weight.PAUSE, Weight.NOTE), exit_code=row.exit_code)


def concerns_camera(trouble: Fault) -> bool:
    """True where the fault keeps the booth from seeing and from nothing else, for a while."""
    family = trouble.code.partition(".")[0]
    return family in ("camera", "stream", "perception") and not stops(trouble)


def stops(trouble: Fault) -> bool:
    """True where the program has to end."""
    row = ROWS.get(trouble.code)
    return row is not None and row.weight is Weight.STOP
