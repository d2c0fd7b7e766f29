"""A pipe, an endless device and a sparse file of three gigabytes under an ordinary name: each is refused at once."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from booth.capture.photo.reader import open_picture
from booth.config.params import load_params
from booth.config.params.deliver import StoreParams
from booth.core.faults import Fault
from booth.delivery.store.store_key import read_key
from booth.office.people_list import read_list
from booth.still.batch import read_source

READERS: dict[str, Callable[[Path], object]] = {
    "photograph": open_picture,
    "photograph of a batch": read_source,
    "list of people": read_list,
    "profile": load_params,
    "store's key": lambda path: read_key(StoreParams(key_file=str(path))),
}


def _pipe(path: Path) -> None:
    os.mkfifo(path)


def _endless(path: Path) -> None:
    path.symlink_to("/dev/zero")


def _sparse(path: Path) -> None:
    with path.open("wb") as file:
        file.truncate(3_000_000_000)


@pytest.mark.skipif(sys.platform == "win32", reason="no such files there")
@pytest.mark.parametrize("make", [_pipe, _endless, _sparse])
@pytest.mark.parametrize("reader", READERS)
def test_what_is_no_file_is_refused_without_reading_it(
    tmp_path: Path, reader: str, make: Callable[[Path], None]
) -> None:
    path = tmp_path / "odd.jpg"
    make(path)
    with pytest.raises(Fault) as refused:
        READERS[reader](path)
    assert refused.value.message.endswith(".") and refused.value.hint
