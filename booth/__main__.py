"""The command line: the commands of the booth, each in its own file of `booth/cli`."""

from __future__ import annotations

import io
import os
import sys
import traceback
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import typer

# Set before any model is loaded: the runtime's own start-up chatter is not for users.
os.environ.setdefault("GLOG_minloglevel", "3")
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("PYGAME_HIDE_SUPPORT_PROMPT", "1")
os.environ.setdefault("OPENCV_LOG_LEVEL", "OFF")
os.environ.setdefault("OPENCV_FFMPEG_LOGLEVEL", "-8")

# A camera that hangs must not hold its reader for the ten seconds that OpenCV waits by itself.
os.environ.setdefault("OPENCV_VIDEOIO_V4L_SELECT_TIMEOUT", "2")

from booth import __version__
from booth.cli import COMMANDS, command
from booth.cli.command_line import (
    COMPLETE_VARIABLE,
    normal_words,
    option_message,
    placeholder_of,
    words_to_complete,
)
from booth.core.faults import Fault
from booth.core.journal import open_log
from booth.core.secrecy import forbid_core_dumps

NAME = "booth"
PIXELS = ("replay", "finish", "relight", "bench", "office")  # commands that would otherwise wait for the compiler


def app_for(words: list[str]) -> typer.Typer:
    """Return the command line with the command that is called, or, where none is named, with all of them."""
    import typer  # late: the window opens first

    app = typer.Typer(
        name=NAME,
        help="A webcam and a screen turned into a portrait studio.",
        add_completion=True,
        rich_markup_mode=None,
        pretty_exceptions_enable=False,
        context_settings={"help_option_names": ["-h", "--help"]},
    )
    app.callback()(_no_options)  # else a command that stands alone would not be asked for by name
    if words[:1] and words[0] in COMMANDS:
        app.command(words[0])(command(words[0]))
        return app
    for name in COMMANDS:  # only listed: importing all of them takes seconds
        app.command(name)(placeholder_of(name))
    return app


def _no_options() -> None:
    pass


def main(arguments: list[str] | None = None) -> None:
    """Run one command and leave with its exit code: 0 done, 1 the work failed, 2 bad input."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    debug, verbose = "--debug" in words, "--verbose" in words
    words = [w for w in words if w not in ("--debug", "--verbose")]
    if COMPLETE_VARIABLE in os.environ:
        sys.exit(app_for(words_to_complete(os.environ))(prog_name=NAME))
    if words[:1] == ["--version"]:
        sys.stdout.write(f"{NAME} {__version__}\n")
        sys.exit(0)
    try:
        words = normal_words(words)
    except Fault as fault:
        sys.exit(_failed(str(fault), fault.exit_code, debug))
    if not debug:
        _hush_native_libraries()
    forbid_core_dumps()
    open_log(words[0], debug=debug, verbose=verbose)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")  # no letter of a name may end a command after its work
    sys.exit(_run(words, debug))


def _run(words: list[str], debug: bool) -> int:
    try:
        if not _make_ready(words):
            return 0
        answer = app_for(words)(words, standalone_mode=False, prog_name=NAME)
    except Fault as fault:
        return _failed(f"{fault.message} {fault.hint}", fault.exit_code, debug)
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        return 1
    except OSError as error:
        return _failed(
            f"{error.strerror or error}: {error.filename or ''} Check the path, the rights and the disk.", 2, debug
        )
    except Exception as error:  # no traceback ever reaches a user without --debug
        if (known := _of_the_command_line(error)) is not None:
            return known if isinstance(known, int) else _failed(known, 2, debug)
        return _failed(
            f"Something went wrong inside the booth ({type(error).__name__}). Run again with --debug.", 1, debug
        )
    return answer if isinstance(answer, int) else 0


def _make_ready(words: list[str]) -> bool:
    """Open the window or prepare the machine, as the command wants it; False where the window was closed meanwhile."""
    if {"-h", "--help"} & set(words) or words[0] not in COMMANDS:
        return True
    if words[0] == "run":
        from booth.app.opening_window import first_seconds

        return first_seconds(words)
    if words[0] in PIXELS:
        from booth.app.preparing import prepare_in_terminal

        prepare_in_terminal()
    return True


def _of_the_command_line(error: Exception) -> int | str | None:
    """Tell an exit or a usage mistake of the argument parser, whichever copy of its library raised it."""
    names = {base.__name__ for base in type(error).__mro__}
    if "Exit" in names:
        return int(getattr(error, "exit_code", 0))
    if "Abort" in names:
        return 130
    if "ClickException" in names:
        command = getattr(getattr(error, "ctx", None), "info_name", None)
        where = f"booth {command}" if command in COMMANDS else "booth"
        return f"{option_message(error)} Try `{where} --help`."
    return None


def _hush_native_libraries() -> None:
    """Send what native code writes to the error stream nowhere; Python's own error stream stays.

    The model runtime logs every start to file descriptor 2 and has no switch for it.
    """
    try:
        kept = os.dup(2)
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, 2)
        os.close(nowhere)
        sys.stderr = os.fdopen(kept, "w", buffering=1, encoding=sys.stderr.encoding, errors="backslashreplace")
    except OSError:
        return


def _failed(sentence: str, code: int, debug: bool) -> int:
    if debug:
        traceback.print_exc()
    sys.stderr.write(" ".join(sentence.split()) + "\n")
    return code


if __name__ == "__main__":
    main()
