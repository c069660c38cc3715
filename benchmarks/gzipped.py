"""A site served as most static hosts do: text compressed by gzip, connections kept open."""

from __future__ import annotations

import gzip
from functools import lru_cache, partial
from pathlib import Path

from collector.site.serve import SiteHandler, SiteServer, site_server

_TEXT = (".html", ".css", ".js", ".json", ".svg", ".txt", ".xml")


class GzippingHandler(SiteHandler):
    """Answers GET of text with gzip, and everything else as usual."""

    def do_GET(self) -> None:  # noqa: N802  # the parent's name
        path = Path(self.translate_path(self.path))
        file = path / "index.html" if path.is_dir() else path
        if file.suffix not in _TEXT or not file.is_file() or "gzip" not in self.headers.get("Accept-Encoding", ""):
            super().do_GET()
            return
        content = _compressed(file)
        self.send_response(200)
        self.send_header("Content-Type", self.guess_type(str(file)))
        self.send_header("Content-Encoding", "gzip")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)


@lru_cache(maxsize=1000)
def _compressed(file: Path) -> bytes:
    return gzip.compress(file.read_bytes())


def gzipping_server(site: Path) -> SiteServer:
    """Like `site_server`, bound to a free port of this machine.

    Raises:
        BuildError: there is no site.
    """
    server = site_server(site)
    server.RequestHandlerClass = partial(GzippingHandler, directory=str(site))
    return server
