"""`make bench`: one JSON line a metric: name, value, unit, reference, ratio.

    python -m bench              everything
    python -m bench tally        one part

Each value is a median of several runs; its reference is measured in the same run, so that ratios
compare between machines. `target` is what the project holds itself to, and `met` whether it does.
"""

from __future__ import annotations

import importlib
import json
import sys
from typing import Final

PARTS: Final = ("tally", "booth", "documents", "page", "recount", "sizes")


def main() -> None:
    """Run the parts named on the command line, or all."""
    for part in sys.argv[1:] or PARTS:
        for metric in importlib.import_module(f"bench.{part}").run():
            print(json.dumps(metric, ensure_ascii=False), flush=True)


if __name__ == "__main__":
    main()
