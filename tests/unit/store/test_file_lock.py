"""The lock of a store that another process may have open."""

from __future__ import annotations

from pathlib import Path

import pytest

from booth.delivery.store.file_lock import FileLock


def test_an_opening_that_fails_releases_the_lock(tmp_path: Path) -> None:
    first, second = FileLock(tmp_path / "in-use"), FileLock(tmp_path / "in-use")
    with pytest.raises(ValueError, match="damaged"), first.held():
        raise ValueError("damaged")
    with second.held() as is_alone:
        assert is_alone
    second.close()
