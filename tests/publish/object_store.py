"""An S3 server on loopback (rclone's own), and rclone, which sends files to it. The server counts the requests."""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.support.services import free_port

RCLONE = Path(sys.executable).with_name("rclone")
_REQUEST = re.compile(
    r"serve s3: (LIST BUCKET|[A-Z]+ OBJECT|DELETE)\b(?::? (?:Bucket: )?images (?:Object: )?([^\n]*))?"
)


class ObjectStore:
    """A server with one bucket, `images`."""

    def __init__(self, folder: Path, port: int) -> None:
        self.bucket = folder / "buckets" / "images"
        self.log = folder / "log"
        self.variables = {
            "RCLONE_CONFIG": os.devnull,
            "RCLONE_CONFIG_STORE_TYPE": "s3",
            "RCLONE_CONFIG_STORE_PROVIDER": "Other",
            "RCLONE_CONFIG_STORE_ENV_AUTH": "true",
            "RCLONE_CONFIG_STORE_ENDPOINT": f"http://127.0.0.1:{port}",
            "RCLONE_CONFIG_STORE_REGION": "auto",
            "RCLONE_S3_NO_CHECK_BUCKET": "true",
            "RCLONE_S3_NO_HEAD": "true",
            "AWS_ACCESS_KEY_ID": "key",
            "AWS_SECRET_ACCESS_KEY": "secret",
        }
        self._read = 0

    def requests(self) -> dict[str, set[str]]:
        """The requests since the last call: for each kind the objects. The same request may be made again by chance."""
        log = self.log.read_text(errors="replace")
        found: dict[str, set[str]] = {}
        for kind, name in _REQUEST.findall(log[self._read :]):
            found.setdefault(kind, set()).add(name)
        self._read = len(log)
        return found


@contextmanager
def running_store(folder: Path) -> Iterator[ObjectStore]:
    """Start the server, and end it."""
    port = free_port()
    store = ObjectStore(folder, port)
    store.bucket.mkdir(parents=True)
    address = ["--addr", f"127.0.0.1:{port}", "--auth-key", "key,secret"]
    with store.log.open("wb") as log:
        process = subprocess.Popen(
            [RCLONE, "serve", "s3", *address, "-vv", store.bucket.parent],
            stdin=subprocess.DEVNULL, stdout=log, stderr=log, env={"RCLONE_CONFIG": os.devnull, "HOME": str(folder)},
        )  # fmt: skip
    try:
        _wait(port, process)
        yield store
    finally:
        process.kill()
        process.wait()


def _wait(port: int, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline and process.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.02)
        else:
            return
    raise AssertionError("rclone serve s3 does not start")
