"""Files that are made once, such as keys, by whichever of several processes is first."""

from __future__ import annotations

import os
import secrets
from pathlib import Path


def write_once(path: Path, content: bytes) -> None:
    """Written whole, then put in place if nobody else was quicker: whoever comes second reads the first one's, and nobody
    ever a part. Readable by the server's own user only."""
    fresh = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    try:
        if os.name == "nt":
            os.rename(fresh, path)  # refuses where there is one
        else:
            os.link(fresh, path)
    except FileExistsError:
        pass
    finally:
        fresh.unlink(missing_ok=True)
