"""The command line from outside: what each command does at least, and how it says no."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from tests.rig.sample import sampled
from tests.whole.conftest import run_booth

ROOT = Path(__file__).resolve().parents[2]
EILEEN = str(ROOT / "assets" / "portraits" / "eileen_collins.png")
pytestmark = pytest.mark.slow


BAD_INPUT = [
    (["replay", "no-such-file.mp4"], "no-such-file.mp4"),
    (["replay", "demo", "--look", "studio-gray"], "studio-grey"),
    (["finish", "no-such-file.jpg"], "no-such-file.jpg"),
    (["check", "no-such-file.jpg"], "no-such-file.jpg"),
    (["verify", "no-such-file.jpg"], "no-such-file.jpg"),
    (["relight", EILEEN, "--light", "rembrant", "--out", "x.jpg"], "rembrandt"),
    (["replay", "demo", "--profile", "ofice"], "office"),
    (["run", "--source", "demo"], "replay"),
    (["nonsense"], "nonsense"),
    (["finish"], "booth finish --help"),
    (["store", "erase"], "No portrait was named"),
    (["finish", EILEEN, "--format", "gif"], "jpeg"),
    (["finish", EILEEN, "--crop", "oval"], "headshot"),
]
QUICK = tuple(BAD_INPUT[i] for i in (0, 1, 5, 8))  # of each kind of mistake one: a file, a name, a light, a command


@pytest.mark.parametrize(("words", "told"), sampled(BAD_INPUT, QUICK, spread=True))
def test_bad_input_is_one_sentence_a_hint_and_exit_2(words: list[str], told: str, tmp_path: Path) -> None:
    done = run_booth(*words, home=tmp_path)
    assert done.returncode == 2, done.stderr
    assert told in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1
    assert "Traceback" not in done.stderr


def test_text_named_jpg_and_an_empty_video_are_told(tmp_path: Path) -> None:
    (tmp_path / "text.jpg").write_text("just words")
    (tmp_path / "empty.mp4").touch()
    for words in (["check", str(tmp_path / "text.jpg")], ["replay", str(tmp_path / "empty.mp4")]):
        done = run_booth(*words, home=tmp_path)
        assert done.returncode == 2
        assert len(done.stderr.strip().splitlines()) == 1


def test_a_broken_profile_names_key_and_line(tmp_path: Path) -> None:
    (tmp_path / "broken.toml").write_text("[capture]\nfps = 30\nwidth_px = 3\n")
    done = run_booth("looks", "--profile", str(tmp_path / "broken.toml"), home=tmp_path)
    assert done.returncode == 2
    assert "width_px" in done.stderr
    assert "line 3" in done.stderr


def test_natural_light_gives_back_the_picture_to_the_bit(tmp_path: Path) -> None:
    out = tmp_path / "same.png"
    done = run_booth("relight", EILEEN, "--light", "natural", "--out", str(out), home=tmp_path)
    assert done.returncode == 0, done.stderr
    with Image.open(EILEEN) as before, Image.open(out) as after:
        assert before.convert("RGB").tobytes() == after.convert("RGB").tobytes()


def test_a_finished_portrait_verifies_and_a_flipped_byte_is_noticed(tmp_path: Path) -> None:
    done = run_booth("finish", EILEEN, "--out", str(tmp_path / "out"), home=tmp_path)
    assert done.returncode == 0, done.stderr
    portrait = tmp_path / "out" / "eileen_collins.jpg"
    assert "Intact" in run_booth("verify", str(portrait), home=tmp_path).stdout
    content = bytearray(portrait.read_bytes())
    content[-2000] ^= 0x01
    portrait.write_bytes(content)
    changed = run_booth("verify", str(portrait), home=tmp_path)
    assert changed.returncode == 1
    assert "Edited since" in changed.stdout


def replayed(seconds: int, home: Path) -> dict[str, Any]:
    words = ["replay", "demo", "--max-seconds", str(seconds), "--json", "-", "--out", str(home)]
    done = run_booth(*words, home=home, timeout_s=240)
    assert done.returncode == 0, done.stderr
    log: dict[str, Any] = json.loads(done.stdout)
    return log


@pytest.mark.long
def test_the_demo_sitter_gets_her_portrait_and_every_run_says_the_same(tmp_path: Path) -> None:
    whole, begun = replayed(13, tmp_path), replayed(3, tmp_path / "again")
    assert begun["frames"] == whole["frames"][: len(begun["frames"])] and len(begun["frames"]) > 80
    assert len(whole["shots"]) >= 1
    assert 8 < whole["shots"][0]["t_s"] < 13
    with Image.open(tmp_path / "portrait-0001.jpg") as portrait:
        portrait.load()
        assert portrait.size[1] > portrait.size[0]
