"""Fixtures for the tests of every room, and rules for every run."""

from __future__ import annotations

import gc
import os
import signal
import subprocess
from collections import Counter
from collections.abc import Generator
from pathlib import Path

import hypothesis
import pytest

from benchmarks.synthetic.generate import Wish, write_archive
from collector.archive.store import Archive
from collector.importer.archive_import import import_source
from collector.site.build import BuildOptions, build_site
from tests.browser import browse, chromium, profile_of
from tests.support.failed_commands import show_output
from tests.support.golden import Golden, assert_golden
from tests.support.shared_once import made_once
from tests.support.skips import NO_DATA, fail_if_skipped, forbids_skips
from tests.support.stub import Stub, running_stub
from tests.support.temporary import keep_in_memory

# Here and nowhere else: two rooms that each had a `chromium` of their own would start two drivers in one process.
__all__ = ["browse", "chromium", "profile_of"]

SYNTHETIC_TAGS = 60
"""Live tags of the synthetic archive that tests share."""

ROOT = Path(__file__).resolve().parent.parent

# A busy machine is slow, not wrong. CI draws the same examples every time, `make random` new ones; a failure prints the
# decorator that reproduces it.
hypothesis.settings.register_profile("new", deadline=None, print_blob=True)
hypothesis.settings.register_profile("same", hypothesis.settings.get_profile("new"), derandomize=True)
hypothesis.settings.load_profile("same" if os.environ.get("CI") else "new")


@pytest.fixture(scope="session")
def root() -> Path:
    """The root of the project."""
    return ROOT


@pytest.fixture
def golden(request: pytest.FixtureRequest) -> Golden:
    """Compares a text with a file in `golden/`; RECORD=1 writes the file."""
    return lambda name, text: assert_golden(request.path.parent / "golden" / name, text)


@pytest.fixture(scope="session")
def data_dir() -> Path:
    """The folder of the real data. Skips where there is none; fails where REPO_INFO_DATA names one that is missing."""
    named = os.environ.get("REPO_INFO_DATA")
    folder = Path(named) if named else ROOT.parent / "shared" / "data"
    if not folder.is_dir():
        if named:
            pytest.fail(f"REPO_INFO_DATA names {folder}, which is no folder")
        pytest.skip(f"{NO_DATA}: REPO_INFO_DATA is not set, and ../shared/data is no folder")
    return folder.resolve()


@pytest.fixture(scope="session")
def bundle(data_dir: Path) -> Path:
    """The git bundle of the real archive."""
    path = data_dir / "repo-info-2018.bundle"
    assert path.is_file(), f"the real data has no {path.name}"
    return path


@pytest.fixture(scope="session")
def shared_tmp(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder for `made_once`: the same one in all worker processes of this run."""
    base = tmp_path_factory.getbasetemp()
    return base.parent if hasattr(request.config, "workerinput") else base


@pytest.fixture(scope="session")
def bare_repo(bundle: Path, shared_tmp: Path) -> Path:
    """A bare clone of the real archive, made once in a run. To be read, not written."""

    def clone(path: Path) -> None:
        subprocess.run(["git", "clone", "--quiet", "--bare", bundle, path], check=True, stdin=subprocess.DEVNULL)

    return made_once(shared_tmp, "real.git", clone)


@pytest.fixture(scope="session")
def real_archive(bare_repo: Path, shared_tmp: Path) -> Path:
    """The archive of all images of the real one, imported once in a run. To be read, not written."""

    def make(path: Path) -> None:
        import_source(bare_repo, Archive(path, create=True))

    return made_once(shared_tmp, "real-archive", make)


@pytest.fixture(scope="session")
def local_repo(data_dir: Path, shared_tmp: Path) -> Path:
    """The same of the real archive of ten images with their `local/` pages."""
    bundle = data_dir / "repo-info-local-2018.bundle"
    assert bundle.is_file(), f"the real data has no {bundle.name}"

    def clone(path: Path) -> None:
        subprocess.run(["git", "clone", "--quiet", "--bare", bundle, path], check=True, stdin=subprocess.DEVNULL)

    return made_once(shared_tmp, "local.git", clone)


@pytest.fixture(scope="session")
def sample_site(root: Path, shared_tmp: Path) -> Path:
    """The site of the bundled sample, built once in a run. To be read, not written."""

    def build(folder: Path) -> None:
        folder.mkdir()
        build_site(root / "examples" / "archive", folder / "site", BuildOptions(jobs=1))

    return made_once(shared_tmp, "sample", build) / "site"


@pytest.fixture(scope="session")
def synthetic_archive(shared_tmp: Path) -> Path:
    """A small archive with the proportions of a real one: nine images, 17 months. To be read, not written."""

    def make(path: Path) -> None:
        write_archive(path, Wish(tags=SYNTHETIC_TAGS))

    return made_once(shared_tmp, "synthetic-archive", make)


def pytest_xdist_auto_num_workers() -> int:
    # Tests wait for browsers, servers and programs: one worker more than processors keeps these busy.
    return (os.cpu_count() or 1) + 1


def pytest_configure() -> None:
    keep_in_memory(os.environ)
    # A shell starts what runs in the background with interruptions ignored, and every child process inherits that:
    # the programs that tests interrupt would go on.
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    # Workers take one module after another: the longest come first, so that none is left over in the end.
    tests = Counter(item.path for item in items)
    slow, browser = ({item.path for item in items if item.get_closest_marker(name)} for name in ("slow", "browser"))
    items.sort(key=lambda item: (item.path not in slow, item.path not in browser, -tests[item.path]))


def pytest_collection_finish() -> None:
    # With thousands of tests in memory, the search for cycles takes a fifteenth of Python's time at the default of 700.
    gc.set_threshold(50_000)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    call: pytest.CallInfo[None],
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    show_output(report, call.excinfo and call.excinfo.value)
    if forbids_skips(os.environ):
        fail_if_skipped(report)
    return report


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report() -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    report = yield
    if forbids_skips(os.environ):
        fail_if_skipped(report)
    return report


@pytest.fixture
def stub() -> Generator[Stub]:
    """A server that gives the answers of a test."""
    with running_stub() as running:
        yield running
