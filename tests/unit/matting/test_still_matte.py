"""The still's matte, its parsing and the operator's own network."""

from __future__ import annotations

from collections.abc import Iterator

import cv2
import numpy as np
import pytest

from booth.core.assets import asset
from booth.core.faults import Fault
from booth.core.types import Face
from booth.perception import still_matte as module
from booth.perception.face_tracker import FaceTracker
from booth.perception.still_matte import StillSegmenters, load_network, still_matte

pytestmark = pytest.mark.model


class HalfNetwork:
    """A test double of an operator's network: half of everything is a person."""

    def alpha(self, rgb: np.ndarray) -> np.ndarray:
        return np.full(rgb.shape[:2], 0.5, np.float32)


class WrongNetwork:
    """A test double that answers with another size."""

    def alpha(self, rgb: np.ndarray) -> np.ndarray:
        return np.zeros((3, 3), np.float32)


class NoNetwork:
    """A test double without the one method."""


@pytest.fixture(scope="module")
def networks() -> Iterator[StillSegmenters]:
    with StillSegmenters() as segmenters:
        yield segmenters


@pytest.fixture(scope="module")
def sitter() -> tuple[np.ndarray, Face]:
    bgr = cv2.imread(str(asset("portraits", "eileen_collins.png")), cv2.IMREAD_COLOR)
    rgb = np.ascontiguousarray(bgr[..., ::-1])
    with FaceTracker(video=False) as tracker:
        return rgb, tracker.find(rgb)[0]


def test_hair_skin_and_clothes_are_where_they_belong(
    sitter: tuple[np.ndarray, Face], networks: StillSegmenters
) -> None:
    rgb, face = sitter
    matte = still_matte(rgb, face, networks)
    assert matte.alpha.shape == rgb.shape[:2] and matte.alpha.dtype == np.float32
    assert matte.alpha.min() >= 0 and matte.alpha.max() <= 1
    height, width = matte.parsing.shape
    x = int((face.box.x0 + face.box.x1) / 2 * width)
    assert matte.parsing[int((face.box.y0 * 0.5 + face.box.y1 * 0.5) * height), x] == 3
    assert matte.parsing[int((face.box.y0 - 0.12 * (face.box.y1 - face.box.y0)) * height), x] == 1
    assert (matte.parsing[-5:] == 4).mean() > 0.3
    assert set(np.unique(matte.parsing)) <= set(range(6))


def test_a_larger_picture_has_the_same_matte(sitter: tuple[np.ndarray, Face], networks: StillSegmenters) -> None:
    rgb, face = sitter
    large = cv2.resize(rgb, None, fx=2.5, fy=2.5, interpolation=cv2.INTER_CUBIC)
    small, big = still_matte(rgb, face, networks).alpha, still_matte(large, face, networks).alpha
    assert big.shape == large.shape[:2]
    assert np.abs(cv2.resize(big, small.shape[::-1], interpolation=cv2.INTER_AREA) - small).mean() < 0.01


def test_what_a_plain_wall_adds_away_from_the_sitter_is_no_hair(
    sitter: tuple[np.ndarray, Face], networks: StillSegmenters, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A lamp's edge on the wall is as far from the wall's colour as hair is."""
    rgb, face = sitter
    patch = np.s_[4:44, 4:64]

    def with_a_lamp(_rgb: np.ndarray, prior: np.ndarray, *_: object) -> np.ndarray:
        alpha = prior.copy()
        alpha[patch] = 0.25
        return alpha

    monkeypatch.setattr(module, "wall_plate", lambda *_: object())
    monkeypatch.setattr(module, "solve_with_plate", with_a_lamp)
    alpha = still_matte(rgb, face, networks).alpha
    assert alpha[patch].max() < 0.05 and alpha.max() > 0.9


def test_an_empty_room_is_empty(networks: StillSegmenters) -> None:
    coarse = np.random.default_rng(3).uniform(60, 200, (4, 7, 3)).astype(np.float32)
    room = np.clip(cv2.resize(coarse, (900, 600), interpolation=cv2.INTER_CUBIC), 0, 255).astype(np.uint8)
    matte = still_matte(room, None, networks)
    assert matte.alpha.max() == 0 and matte.parsing.max() == 0


def test_places_without_people_are_empty(shared, networks: StillSegmenters) -> None:  # type: ignore[no-untyped-def]
    for path in [*(shared / "media" / "negatives").glob("*.jpg"), *(shared / "media" / "scenes").glob("*.jpg")]:
        rgb = np.ascontiguousarray(cv2.imread(str(path))[..., ::-1])
        assert still_matte(rgb, None, networks).alpha.max() == 0, path.name


test_places_without_people_are_empty = pytest.mark.shared(test_places_without_people_are_empty)


def test_an_own_network_speaks_within_the_sitter(sitter: tuple[np.ndarray, Face]) -> None:
    with StillSegmenters(f"{__name__}:HalfNetwork") as networks:
        matte = still_matte(*sitter, networks)
    assert 0.45 < float(np.median(matte.alpha[matte.alpha > 0])) <= 0.5
    assert (matte.parsing > 0).any() or matte.alpha.max() <= 0.5


@pytest.mark.parametrize("where", ["no.such.module:Network", f"{__name__}:Absent", f"{__name__}:NoNetwork", "nonsense"])
def test_a_network_that_cannot_be_had_is_said_plainly(where: str) -> None:
    with pytest.raises(Fault) as raised:
        load_network(where)
    assert raised.value.code == "matte.plugin" and where.split(":")[0] in raised.value.message


def test_an_answer_of_another_size_is_said_plainly(sitter: tuple[np.ndarray, Face]) -> None:
    with StillSegmenters(f"{__name__}:WrongNetwork") as networks, pytest.raises(Fault, match="not a matte"):
        still_matte(*sitter, networks)


def test_the_profile_names_the_network(tmp_path) -> None:  # type: ignore[no-untyped-def]
    from booth.config.params import load_params

    profile = tmp_path / "own.toml"
    profile.write_text('[matte]\nplugin = "my_package.net:Network"\n')
    assert load_params(profile).matte.plugin == "my_package.net:Network"
    profile.write_text('[matte]\nplugin = "not a class path"\n')
    with pytest.raises(Fault):
        load_params(profile)
    assert module.MattingNetwork.__doc__


def test_what_the_empty_place_shows_is_taken_out_of_the_sitter(
    sitter: tuple[np.ndarray, Face], networks: StillSegmenters, monkeypatch: pytest.MonkeyPatch
) -> None:
    rgb, face = sitter
    chair = np.s_[4:44, 4:64]

    def without_a_chair(alpha: np.ndarray, *_: object) -> np.ndarray:
        alpha[chair] = 0
        return alpha

    monkeypatch.setattr(module, "fit_plate", lambda *_: object())
    monkeypatch.setattr(module, "solve_with_plate", lambda _rgb, prior, *_: np.ones_like(prior))
    monkeypatch.setattr(module, "without_furniture", without_a_chair)
    alpha = still_matte(rgb, face, networks, plate=rgb).alpha
    assert alpha[chair].max() == 0 and alpha.max() > 0.9
