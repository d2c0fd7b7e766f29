"""Cut all photographs of a folder every way there is and tell how: make crop-table OF=folder [ARGS=--room].

With --room the backdrop is not replaced: a cut must then stay inside its photograph.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from booth.diagnostics.crop_table import BAR_FRAC, rows_of, sitters, table
from booth.still.batch import pictures_in
from booth.still.developer import make_still_models


def main() -> int:
    """Print the table; 1 when a bar is missed."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("folder", type=Path)
    options.add_argument("--room", action="store_true", help="the backdrop stays")
    asked = options.parse_args()
    lab = make_still_models()
    try:
        found = [
            row for s in sitters(pictures_in([asked.folder]), lab) for row in rows_of(s, may_extend=not asked.room)
        ]
    finally:
        lab.close()
    print("\n".join(table(found)))
    tight = sum(row.is_too_tight for row in found) / len(found)
    return int(tight > BAR_FRAC or any(row.cuts for row in found))


if __name__ == "__main__":
    sys.exit(main())
