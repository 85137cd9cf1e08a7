"""Python's collector of cycles, told what a server is like."""

from __future__ import annotations

import gc


def settle() -> None:
    """Call once when everything is imported and open: what stands now stays, so the collector need not look at it again.

    Half a million objects of declarations were looked through again and again while tickets were issued, a tenth of the
    writer's time. What is made from now on is collected in larger pieces; references that run in no ring go at once as ever.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 50, 100)
