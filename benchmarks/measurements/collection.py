"""Collecting: 10,000 tags that have not changed, compared with the same 10,000 bare HEADs and, if skopeo is installed,
with `skopeo inspect` once per tag, on a sample.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from benchmarks.bench import Bench
from benchmarks.rows import Row, judge_limit, judge_run, not_measured
from benchmarks.units import render_run

FIRST = "collect: first time"
BARE = "HEADs by requests.Session"
COLLECT = "collect: unchanged tags"
COUNT = "collect: requests for manifests, unchanged tags"
SKOPEO = "collect: one unchanged tag, beside skopeo inspect"

_REPOSITORIES = 10
_TAGS = 1_000
_THREADS = 8
_SAMPLE = 20
_AIM = 1.3

_HERE = Path(__file__).resolve().parent.parent


def measure(bench: Bench) -> Iterator[Row]:
    """Collect twice: the second time nothing has changed."""
    each = min(_TAGS, bench.tags)
    tags = _REPOSITORIES * each
    for script in ("bare_heads.py", "loopback.py"):
        shutil.copy(_HERE / script, bench.folder / script)
    with _registry(bench.folder, each) as port:
        images = [f"127.0.0.1:{port}/team/app{number}" for number in range(_REPOSITORIES)]
        _configure(bench.folder / "collect.toml", port, images)
        command = ["repo-info", "collect", "--config", "collect.toml", "--archive", "collected"]
        yield Row(what=f"{FIRST}, {tags:,} tags, ten to an image", measured=render_run(bench.run(FIRST, command)))
        bare = ["python", "bare_heads.py", *map(str, (port, _REPOSITORIES, each, _THREADS))]
        base = bench.run(BARE, bare)
        yield Row(what=f"{BARE}, {tags:,} in {_THREADS} threads", measured=render_run(base))
        before = _counts(port)
        run = bench.run(COLLECT, command)
        after = _counts(port)
        yield judge_run(f"{COLLECT}, {tags:,}", run, base, of="bare HEADs", aim=_AIM)
        heads, gets = (after[method] - before[method] for method in ("HEAD", "GET"))
        text = f"{heads:,} HEAD, {gets:,} GET"
        yield judge_limit(COUNT, text, abs(heads - tags) + gets, 0, f"{tags:,} HEAD, 0 GET")
        yield _beside_skopeo(bench, images[0], run.seconds / tags)


def _beside_skopeo(bench: Bench, image: str, ours: float) -> Row:
    if not shutil.which("skopeo"):
        return not_measured(SKOPEO, "there is no skopeo here")
    script = f'for n in $(seq {_SAMPLE}); do skopeo inspect --tls-verify=false "docker://{image}:t$n" || exit; done'
    each = bench.run(SKOPEO, ["sh", "-c", script]).seconds / _SAMPLE
    return Row(what=SKOPEO, measured=f"{ours * 1000:.1f} ms", compared=f"{ours / each:.4f} × skopeo inspect")


def _configure(path: Path, port: int, images: list[str]) -> None:
    lines = [f"[collect]\nthreads = {_THREADS}\n", f'[registries."127.0.0.1:{port}"]\nconcurrency = {_THREADS}\n']
    path.write_text("".join([*lines, *(f'[[images]]\nname = "{image}"\n' for image in images)]))


def _counts(port: int) -> dict[str, int]:
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/counts", timeout=30) as answer:
        counts: dict[str, int] = json.load(answer)
        return counts


@contextmanager
def _registry(folder: Path, tags: int) -> Iterator[int]:
    """Its port."""
    command = [sys.executable, "loopback.py", str(_REPOSITORIES), str(tags)]
    with subprocess.Popen(command, cwd=folder, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdin
        assert process.stdout
        try:
            yield int(process.stdout.readline())
        finally:
            process.stdin.close()
