"""Run the shared burst bench, where it lies beside the repository, on the booth's own merge."""

from __future__ import annotations

import runpy
import sys
from pathlib import Path

BENCH = Path(__file__).resolve().parents[2] / "shared" / "burst-bench" / "bench.py"
MERGE = "booth.still.burst.merge:merge"
SCALE = "1.5"  # as the booth merges; the rest is its resampler
QUICK = ["--sitters", "2"]


def main() -> int:
    """Print the bench's table; --quick takes two sitters."""
    if not BENCH.is_file():
        print(f"There is no {BENCH}: the bench's portraits are not part of the repository.")
        return 0
    wanted = [a for a in sys.argv[1:] if a != "--quick"] + (QUICK if "--quick" in sys.argv else [])
    scale = [] if "--scale" in wanted else ["--scale", SCALE]
    sys.argv = [str(BENCH), "--merge", MERGE, *scale, *wanted]
    runpy.run_path(str(BENCH), run_name="__main__")
    return 0


if __name__ == "__main__":
    sys.exit(main())
