"""The command line's own words: version, help, tab completion, near words, and the line of a wrong key."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from booth import __version__
from booth.__main__ import main
from booth.cli import COMMANDS
from booth.cli.command_line import normal_words, summary_of, words_to_complete
from booth.config.params import load_params
from booth.core.faults import Fault
from booth.core.near import near
from booth.diagnostics.display_check import screen_result
from booth.looks.look import load_look


def _said(words: list[str], capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> tuple[int, str]:
    monkeypatch.setattr("booth.__main__._hush_native_libraries", lambda: None)
    with pytest.raises(SystemExit) as left:
        main(words)
    told = capfd.readouterr()
    return int(left.value.code or 0), told.out + told.err


def test_version_and_help_are_commands_of_their_own(
    capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert _said(["--version"], capfd, monkeypatch) == (0, f"booth {__version__}\n")
    code, told = _said(["help"], capfd, monkeypatch)
    assert code == 0 and all(name in told for name in COMMANDS) and "--install-completion" in told
    code, told = _said(["help", "verify"], capfd, monkeypatch)
    assert code == 0 and told.startswith("Usage: booth verify")


def test_every_command_is_listed_with_its_own_first_sentence() -> None:
    assert all(summary_of(name) for name in COMMANDS)


@pytest.mark.parametrize(
    ("words", "wanted"),
    [([], ["run"]), (["--source", "demo"], ["run", "--source", "demo"]), (["help"], ["--help"]),
     (["help", "finish"], ["finish", "--help"]), (["--show-completion"], ["--show-completion"])],
)  # fmt: skip
def test_the_command_is_spelt_out(words: list[str], wanted: list[str]) -> None:
    assert normal_words(words) == wanted


def test_only_near_words_are_offered() -> None:
    for word, meant in (("finixh", "finish"), ("chexk", "check"), ("Doctor", "doctor")):
        with pytest.raises(Fault) as caught:
            normal_words([word])
        assert caught.value.exit_code == 2 and caught.value.hint == f"Did you mean {meant}?"
    for word in ("start", "nonsense", "photo"):
        with pytest.raises(Fault) as caught:
            normal_words([word])
        assert "mean" not in caught.value.hint
    assert near("studio-gray", ["studio-grey", "stage"]) == ["studio-grey"] and near("paris", ["passport"]) == []
    with pytest.raises(Fault, match="booth looks"):
        load_look("paris")


def test_an_unknown_option_offers_near_ones_only(
    capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    code, told = _said(["verify", "x.jpg", "--trsut", "y"], capfd, monkeypatch)
    assert code == 2 and "Did you mean --trust?" in told
    code, told = _said(["verify", "x.jpg", "--best", "y"], capfd, monkeypatch)
    assert code == 2 and "mean" not in told


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_the_shell_completes_commands_and_options(shell: str) -> None:
    for typed, wanted in (("booth fin", "finish"), ("booth verify --tr", "--trust")):
        environment = {
            **os.environ, "_BOOTH_COMPLETE": f"complete_{shell}", "_TYPER_COMPLETE_ARGS": typed,
            "COMP_WORDS": typed, "COMP_CWORD": str(len(typed.split()) - 1), "_TYPER_COMPLETE_FISH_ACTION": "get-args",
        }  # fmt: skip
        done = subprocess.run(
            [sys.executable, "-m", "booth"], env=environment, capture_output=True, text=True, timeout=60
        )
        assert wanted in done.stdout, done.stderr
    assert words_to_complete({"COMP_WORDS": 'booth run --look "na'}) == ["run", "--look", '"na']


def test_a_misspelt_key_is_named_with_its_own_line_and_the_near_one(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    text = '[deliver]\nname = "a"\n\n[kiosk]\nname = "b"\nlooc = "navy"\n'
    for wrong, line, hint in (
        (text.replace('name = "b"\n', ""), 5, "Did you mean look?"),
        ('[deliver]\nname = "a"\n[screen]\nname = "x"\n', 4, "deliver.name"),  # not line 2, which is right
        ('kiosk.looc = "navy"\n', 1, "Did you mean look?"),
        ('[deliver.page]\nport = 1\n[deliver.mail]\nport = 0\n', 4, "docs/profile.md"),
        ('kiosk = { looc = "navy" }\n', 1, "Did you mean look?"),
        ('[zzz]\na = 1\n', 1, "docs/profile.md"),
    ):  # fmt: skip
        path.write_text(wrong)
        with pytest.raises(Fault) as caught:
            load_params(path)
        assert f"mine.toml, line {line}:" in caught.value.message
        assert hint in caught.value.hint


def test_a_wrong_key_in_what_a_profile_extends_is_named_there(tmp_path: Path) -> None:
    (tmp_path / "base.toml").write_text('[kiosk]\n\nlooc = "navy"\n')
    (tmp_path / "mine.toml").write_text('extends = "base.toml"\n[kiosk]\nlook = "navy"\n')
    with pytest.raises(Fault, match=r"base\.toml, line 3"):
        load_params(tmp_path / "mine.toml")


@pytest.mark.skipif(sys.platform != "linux", reason="displays are named by variables on Linux")
def test_the_doctor_tries_the_display_it_names() -> None:
    plain = {name: value for name, value in os.environ.items() if name not in ("DISPLAY", "WAYLAND_DISPLAY")}
    plain.pop("SDL_VIDEODRIVER", None)
    assert screen_result(plain).level == "warn"
    found = screen_result({**plain, "DISPLAY": ":987"})
    assert found.level == "fail" and "DISPLAY=:987 does not answer" in found.found
    seen = screen_result({**plain, "DISPLAY": ":987", "SDL_VIDEODRIVER": "dummy"})
    assert seen.level == "pass" and "dummy" in seen.found


def test_nothing_is_erased_for_good_without_a_yes(
    tmp_path: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    folder = tmp_path / "Pictures" / "booth"
    folder.mkdir(parents=True)
    portrait = folder / "portrait-1.jpg"
    portrait.write_bytes(b"\xff\xd8<booth:Record>\xff\xd9")
    for words in (["store", "erase", "all"], ["store", "erase", "portrait-1.jpg"]):
        code, told = _said(words, capfd, monkeypatch)
        assert code == 2 and "--yes" in told and portrait.exists()
    monkeypatch.setattr("booth.cli.asking.is_terminal", lambda: True)
    for answer, code_wanted in (("\n", 2), ("yes\n", 0)):
        monkeypatch.setattr("sys.stdin", _Typed(answer))
        code, told = _said(["store", "erase", "all"], capfd, monkeypatch)
        assert code == code_wanted and "portrait-1.jpg" in told
        assert portrait.exists() is (code_wanted == 2)
    portrait.write_bytes(b"\xff\xd8<booth:Record>\xff\xd9")
    monkeypatch.setattr("booth.cli.asking.is_terminal", lambda: False)
    assert _said(["store", "erase", "all", "--yes"], capfd, monkeypatch)[0] == 0 and not portrait.exists()


class _Typed:
    def __init__(self, line: str) -> None:
        self._line = line

    def readline(self) -> str:
        """Return what the person at the terminal types."""
        return self._line
