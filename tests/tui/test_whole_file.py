"""Files that are replaced as a whole."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from tui.whole_file import replace_file


@pytest.mark.parametrize("lasts", [False, True])
def test_a_file_is_replaced_whole_or_not_at_all(tmp_path: Path, lasts: bool) -> None:
    path = tmp_path / "new" / "file"
    replace_file(path, b"first", lasts=lasts)
    path.chmod(0o640)
    replace_file(path, b"second", lasts=lasts)
    assert path.read_bytes() == b"second"
    assert stat.S_IMODE(path.stat().st_mode) == 0o640
    path.unlink()
    (path / "in the way").mkdir(parents=True)
    with pytest.raises(OSError, match="directory"):
        replace_file(path, b"third", lasts=lasts)
    assert [each.name for each in path.parent.iterdir()] == ["file"]
