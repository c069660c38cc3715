"""Files of a folder that somebody else filled: none is read from outside, through a link, or without a bound."""

from __future__ import annotations

import os
from pathlib import Path
from stat import S_ISREG

from collector.site.destination import checked


def read_plain(root: Path, path: str, longest: int) -> bytes | None:
    """A regular file's content; None where there is none, it is longer, or a link is on the way to it.

    Raises:
        BuildError: the path leads out of the folder.
    """
    place = root / checked(path)
    try:
        if place.parent.resolve() != root.resolve() / Path(path).parent:
            return None
        # Without O_NONBLOCK it would wait for whoever writes into a pipe.
        with os.fdopen(os.open(place, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK), "rb") as file:
            if not S_ISREG(os.fstat(file.fileno()).st_mode):
                return None
            content = file.read(longest + 1)
    except OSError:
        return None
    return content if len(content) <= longest else None
