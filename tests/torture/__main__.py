"""`make torture`: faults in every verb that writes, damage, hostile inputs of all kinds; writes RESULTS.md."""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import NamedTuple

from tests.support.chromium import find_chromium
from tests.support.stub import running_stub
from tests.support.temporary import keep_in_memory
from tests.torture.archives import write_collected, write_imported
from tests.torture.campaign import Trial, running, torture
from tests.torture.children import started
from tests.torture.damage import Flip, flip_bits
from tests.torture.fuzz import TITLE
from tests.torture.ignored_case import check_ignored_case
from tests.torture.reader_checks import check_readers
from tests.torture.registry import attempt_all
from tests.torture.rendered import check_in_browser, check_site, launched
from tests.torture.report import (
    RESULTS,
    Checked,
    find_section,
    render_checked,
    render_flips,
    render_trials,
    replace_section,
)
from tests.torture.verbs import VERBS, Verb, collecting

_TITLE = "# Results of `make torture`\n\nWritten by the run: do not edit.\n"
_MOST_MEMORY = 400
"""MiB."""
_EXAMPLES = Path(__file__).resolve().parents[2] / "examples" / "archive"
_IMAGES = """\
Texts of a grammar in every field of their manifests, configs, annotations, attestations and of what Docker Hub says.
Each file that comes of them is judged: only our own elements, attributes, links and scripts, nothing invisible. In
Chromium no script of theirs ran, no other host was asked, and no page led elsewhere."""
_ANSWERS = """\
Each is the answer to one kind of request of a collection, through a real socket, with a password in use. The collection
ended in time and without a traceback, nothing that it said has the password in any form, and the archive is whole.
The memory is that of a collecting process, over all its collections."""
_CASE = """\
Two tags, or two registries, that differ in upper and lower case only, on file systems to which they are one. All is
kept, or refused in words before anything is lost; without such names, the result is that of any other file system."""
_READERS = "Damaged and random bytes. A reader returned, or raised one line of an error of ours, in time."


class Part(NamedTuple):
    """A part of the results, and its problems."""

    text: str
    problems: list[str]


def main() -> int:
    """Run the campaign. Exit with 1 if the program did not survive something."""
    arguments = _parser().parse_args()
    keep_in_memory(os.environ)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        # Processes first: a process that has threads should not be copied.
        works = [_flip_bits, _check_images, _check_answers, _check_readers, _check_case]
        others = [started(lambda work=work: work(folder, arguments)) for work in works]  # type: ignore[misc]  # its default gives its type
        parts = [_try_all(folder, arguments), *(_with_memory(finish) for finish in others)]
    fuzzed = find_section(RESULTS.read_text(encoding="utf-8"), TITLE)
    RESULTS.write_text(
        replace_section("\n".join([_TITLE, *(part.text for part in parts)]), TITLE, fuzzed), encoding="utf-8"
    )
    problems = [problem for part in parts for problem in part.problems]
    for problem in problems:
        print(problem)
    return int(bool(problems))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--trials", type=int, default=400, help="faults in each verb (default: 400)")
    parser.add_argument("--together", type=int, default=10, help="pairs of writers of each verb (default: 10)")
    parser.add_argument("--minutes", type=float, default=60, help="after which no new fault is tried (default: 60)")
    parser.add_argument("--jobs", type=int, default=2, help="verbs that are tried at the same time (default: 2)")
    parser.add_argument("--flips", type=int, default=10_000, help="damaged bits (default: 10,000)")
    parser.add_argument("--images", type=int, default=1_000, help="hostile images (default: 1,000)")
    parser.add_argument("--pages", type=int, default=1_000, help="pages in Chromium, with and without scripts (1,000)")
    parser.add_argument("--answers", type=int, default=500, help="hostile answers of a registry (default: 500)")
    parser.add_argument("--inputs", type=int, default=200, help="inputs of each reader (default: 200)")
    parser.add_argument("--seed", type=int, default=1, help="of all that is random (default: 1)")
    return parser


def _try_all(folder: Path, arguments: argparse.Namespace) -> Part:
    """The trials of all verbs, in their order; some verbs run at the same time."""
    end = time.monotonic() + 60 * arguments.minutes
    with running_stub() as stub, ThreadPoolExecutor(arguments.jobs) as pool:
        tried = pool.map(lambda verb: list(_iter_trials(verb, folder, arguments, end)), [*VERBS, *collecting(stub)])
        trials = [trial for found in tried for trial in found]
    problems = [f"{trial.verb}, {trial.kind} at {trial.where}: {one}" for trial in trials for one in trial.problems]
    return Part(render_trials(trials), problems)


def _iter_trials(verb: Verb, folder: Path, arguments: argparse.Namespace, end: float) -> Iterator[Trial]:
    own = folder / verb.name
    own.mkdir()
    wanted = round(arguments.trials * verb.share)
    with running(own) as runner:
        for trial in torture(runner, verb, own / "trials", wanted, together=arguments.together):
            yield trial
            if time.monotonic() > end:
                _say(f"{verb.name}: out of time")
                return
    _say(f"{verb.name}: done")


def _flip_bits(folder: Path, arguments: argparse.Namespace) -> Part:
    flips = list(_iter_flips(folder, arguments.flips, arguments.seed))
    _say("damaged bits: done")
    return Part(render_flips(flips), [f"{flip.path} at {flip.at}: {flip.problem}" for flip in flips if flip.problem])


def _check_images(folder: Path, arguments: argparse.Namespace) -> Checked:
    checks = list(check_site(folder / "images", arguments.images, arguments.seed))
    _say("hostile images: done")
    if chromium := find_chromium(os.environ):
        with launched(chromium) as browser:
            checks += check_in_browser(folder / "images" / "site", browser, arguments.pages)
        _say("the same in Chromium: done")
    return Checked(title=f"{arguments.images:,} hostile images", about=_IMAGES, checks=tuple(checks))


def _check_answers(folder: Path, arguments: argparse.Namespace) -> Checked:
    attempts = list(attempt_all(folder / "answers", arguments.answers, arguments.seed))
    _say("hostile answers: done")
    return Checked(
        title=f"{len(attempts):,} hostile answers of a registry",
        about=_ANSWERS,
        checks=tuple(attempt.check for attempt in attempts),
        seconds=max(attempt.seconds for attempt in attempts),
        memory=max(attempt.memory for attempt in attempts),
    )


def _check_readers(folder: Path, arguments: argparse.Namespace) -> Checked:
    checks = tuple(check_readers(_EXAMPLES, arguments.inputs, arguments.seed))
    _say("readers: done")
    return Checked(title=f"{len(checks):,} inputs of readers", about=_READERS, checks=checks)


def _check_case(folder: Path, arguments: argparse.Namespace) -> Checked:
    checks = tuple(check_ignored_case(folder / "case"))
    _say("ignored case: done")
    return Checked(title="File systems that ignore upper and lower case", about=_CASE, checks=checks)


def _with_memory(finish: Callable[[], tuple[Part | Checked, int]]) -> Part:
    result, memory = finish()
    if isinstance(result, Part):
        return result
    memory = result.memory or memory
    problems = [*result.problems, *([f"{result.title}: {memory} MiB"] if memory > _MOST_MEMORY else [])]
    return Part(render_checked(result, memory), problems)


def _iter_flips(folder: Path, count: int, seed: int) -> Iterator[Flip]:
    """Flip bits: half of them in an imported archive, half in a collected one."""
    for number, write in enumerate((write_imported, write_collected)):
        yield from flip_bits(write(folder / write.__name__), (count + number) // 2, seed)


def _say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
