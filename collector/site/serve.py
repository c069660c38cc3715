"""Serves a site as a static host would: folders show their index.html, unknown addresses 404.html."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Sequence
from errno import EADDRINUSE
from functools import partial
from http import HTTPStatus
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import unquote, urlsplit

from collector.errors import BuildError
from collector.site.build_folder import finish_build

_PORT = re.compile(r":[0-9]*\Z")
_HOSTS = {"127.0.0.1", "localhost", "[::1]"}


class SiteHandler(SimpleHTTPRequestHandler):
    """Answers GET and HEAD."""

    server_version = "repo-info"
    protocol_version = "HTTP/1.1"
    extensions_map = {  # noqa: RUF012  # the parent declares it
        ".css": "text/css; charset=utf-8",
        ".gz": "application/gzip",
        ".html": "text/html; charset=utf-8",
        ".js": "text/javascript; charset=utf-8",
        ".json": "application/json",
        ".png": "image/png",
        ".svg": "image/svg+xml",
        ".txt": "text/plain; charset=utf-8",
        ".xml": "application/xml",
        "": "application/octet-stream",
    }

    def parse_request(self) -> bool:
        """Refuse a request for another host: a foreign page could read the site through a name for this machine."""
        if not super().parse_request():
            return False
        host = _PORT.sub("", self.headers.get("Host", "")).lower()
        if host and host not in _HOSTS:
            self.send_error(HTTPStatus.MISDIRECTED_REQUEST, "This site is served on this machine only")
            return False
        return True

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:
        """Show the site's own page for a missing one."""
        page = Path(self.directory) / "404.html"
        if code != HTTPStatus.NOT_FOUND or not page.is_file():
            super().send_error(code, message, explain)
            return
        content = page.read_bytes()
        self.send_response(HTTPStatus.NOT_FOUND)
        self.send_header("Content-Type", self.extensions_map[".html"])
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(content)

    def translate_path(self, path: str) -> str:
        """The file of an address; for a hidden file or one outside the site, a name that cannot exist."""
        root = Path(self.directory).resolve()
        asked = unquote(urlsplit(path).path)
        parts = [part for part in asked.split("/") if part]
        target = root.joinpath(*parts) if not any(_is_hidden(part) for part in parts) else root / "\ufffd"
        if not target.resolve().is_relative_to(root):
            target = root / "\ufffd"
        return f"{target}/" if asked.endswith("/") else str(target)

    def list_directory(self, path: str) -> None:  # type: ignore[override]  # None: an error was sent instead
        """A folder without an index.html is a missing page."""
        self.send_error(HTTPStatus.NOT_FOUND)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  # the parent's name
        """Print nothing: standard error is for messages to the user."""


class SiteServer(ThreadingHTTPServer):
    """Uses one thread for each connection: browsers open six at once, and several pages may be loaded together."""

    request_queue_size = 128
    daemon_threads = True

    def handle_error(self, request: object, client_address: object) -> None:
        """Ignore a client that went away."""
        if not isinstance(sys.exc_info()[1], ConnectionError):
            super().handle_error(request, client_address)  # type: ignore[arg-type]  # as it came


def _is_hidden(part: str) -> bool:
    return part.startswith(".") or "\0" in part or "\\" in part or "/" in part


def site_server(site: Path, *, ports: Sequence[int] = (0,)) -> SiteServer:
    """A server of a site on this machine, bound but not yet started; `server_port` is its port.

    Args:
        ports: the first free one is used; 0 stands for any free port.

    Raises:
        BuildError: there is no site, or no port is free.
    """
    finish_build(site.absolute())
    if not (site / "index.html").is_file():
        raise BuildError(f"{site}: contains no site", hint="build one: repo-info build --archive DIR --site DIR")
    handler = partial(SiteHandler, directory=str(site))
    for port in ports:
        try:
            return SiteServer(("127.0.0.1", port), handler)
        except OSError as error:
            if error.errno != EADDRINUSE or port == ports[-1]:
                message = f"cannot serve on port {port}: {error.strerror}"
                raise BuildError(message, hint="choose another port, or any free one with --port 0") from error
    raise ValueError("no ports")


def serve_site(site: Path, *, ports: Sequence[int] = (0,), ready: Callable[[int], None]) -> None:
    """Serve until interrupted. `ready` receives the port.

    Raises:
        BuildError: there is no site, or no port is free.
    """
    with site_server(site, ports=ports) as server:
        try:
            ready(server.server_port)
            server.serve_forever()
        except KeyboardInterrupt:
            return
