"""Where the recorded payloads and reference vectors lie: a folder beside the checkout."""

from pathlib import Path

import pytest

SHARED = Path(__file__).resolve().parents[2] / "shared"
PAYLOADS = SHARED / "payloads"
VECTORS = SHARED / "vectors"

needs_shared = pytest.mark.skipif(
    not SHARED.is_dir(), reason="the recorded payloads beside the checkout are absent"
)
