"""`make torture`: faults in every verb that writes, damage, hostile inputs of all kinds, and RESULTS.md about them."""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from tests.support.chromium import find_chromium
from tests.support.stub import running_stub
from tests.support.temporary import keep_in_memory
from tests.torture.archives import write_collected, write_imported
from tests.torture.campaign import Trial, running, torture
from tests.torture.children import in_child
from tests.torture.damage import Flip, flip_bits
from tests.torture.readers import check_readers
from tests.torture.registry import attempt_all
from tests.torture.rendered import check_in_browser, check_site
from tests.torture.report import Check, Checked, render_checked, render_flips, render_trials
from tests.torture.verbs import VERBS, Verb, collecting

_RESULTS = Path(__file__).with_name("RESULTS.md")
_TITLE = "# Results of `make torture`\n\nWritten by the run: do not edit.\n"
_EXAMPLES = Path(__file__).resolve().parents[2] / "examples" / "archive"
_RUNNERS = 2
"""Verbs that are tried at the same time."""


def main() -> int:
    """Run the campaign. Exit with 1 if anything was not survived."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--trials", type=int, default=330, help="faults in each verb (default: 330)")
    parser.add_argument("--together", type=int, default=10, help="pairs of writers of each verb (default: 10)")
    parser.add_argument("--flips", type=int, default=10_000, help="damaged bits (default: 10,000)")
    parser.add_argument("--images", type=int, default=1_000, help="hostile images (default: 1,000)")
    parser.add_argument("--pages", type=int, default=400, help="pages in Chromium, with and without JavaScript (400)")
    parser.add_argument("--answers", type=int, default=500, help="hostile answers of a registry (default: 500)")
    parser.add_argument("--inputs", type=int, default=400, help="inputs of each reader (default: 400)")
    parser.add_argument("--seed", type=int, default=1, help="of all that is random (default: 1)")
    arguments = parser.parse_args()
    keep_in_memory(os.environ)
    parts, problems = [], []
    with tempfile.TemporaryDirectory() as folder:
        trials = _try_all(Path(folder), arguments.trials, arguments.together)
        parts.append(render_trials(trials))
        problems += [f"{trial.verb}, {trial.kind} at {trial.at}: {one}" for trial in trials for one in trial.problems]
        _say("damaged bits")
        flips = list(_iter_flips(Path(folder), arguments.flips, arguments.seed))
        parts.append(render_flips(flips))
        problems += [f"{flip.path} at {flip.at}: {flip.problem}" for flip in flips if flip.problem]
        for checked in _check_all(Path(folder), arguments):
            parts.append(render_checked(checked))
            problems += checked.problems
    _RESULTS.write_text("\n".join([_TITLE, *parts]), encoding="utf-8")
    for problem in problems:
        print(problem)
    return int(bool(problems))


def _try_all(folder: Path, trials: int, together: int) -> list[Trial]:
    """All verbs, some at the same time; in the order of the verbs."""
    with running_stub() as stub, ThreadPoolExecutor(_RUNNERS) as pool:
        verbs = [*VERBS, *collecting(stub)]
        return [
            trial for found in pool.map(lambda verb: _try(verb, folder, trials, together), verbs) for trial in found
        ]


def _try(verb: Verb, folder: Path, trials: int, together: int) -> Sequence[Trial]:
    own = folder / verb.name
    own.mkdir()
    began = time.monotonic()
    with running(own) as runner:
        found = list(torture(runner, verb, own / "trials", round(trials * verb.share), together=together))
    _say(f"{verb.name}: {len(found)} faults in {time.monotonic() - began:.0f} s")
    return found


def _iter_flips(folder: Path, count: int, seed: int) -> Iterator[Flip]:
    """Half of them in an archive that was imported, half in one that was collected."""
    for number, write in enumerate((write_imported, write_collected)):
        yield from flip_bits(write(folder / write.__name__), (count + number) // 2, seed)


def _check_all(folder: Path, arguments: argparse.Namespace) -> Iterator[Checked]:
    """The hostile inputs, class by class, each in a process of its own."""
    _say("hostile images")
    checks, memory = in_child(lambda: list(check_site(folder / "images", arguments.images, arguments.seed)))
    if chromium := find_chromium(os.environ):
        _say("the same in Chromium")
        site = folder / "images" / "site"
        checks += in_child(lambda: list(check_in_browser(site, chromium, arguments.pages)))[0]
    yield _checked(
        f"{arguments.images:,} hostile images",
        "Texts of a grammar in every field of their manifests, configs, annotations, attestations and of what Docker"
        "\nHub says. Each file that comes of them is judged: only our own elements, attributes, links and scripts,"
        "\nnothing invisible. In Chromium no script of theirs ran, no other host was asked, and no page led elsewhere.",
        checks,
        memory,
    )
    _say("hostile answers")
    attempts, memory = in_child(lambda: list(attempt_all(folder / "answers", arguments.answers, arguments.seed)))
    yield _checked(
        f"{arguments.answers:,} hostile answers of a registry",
        "Each is the answer to one kind of request of a collection, through a real socket, with a password in use. The"
        "\ncollection ended in time and without a traceback, nothing that it said has the password in any form, and the"
        "\narchive is whole.",
        [attempt.check for attempt in attempts],
        memory,
        max(attempt.seconds for attempt in attempts),
    )
    _say("readers")
    checks, memory = in_child(lambda: list(check_readers(_EXAMPLES, arguments.inputs, arguments.seed)))
    yield _checked(
        f"{len(checks):,} inputs of readers",
        "Damaged and random bytes. A reader returned, or raised one line of an error of ours, in time.",
        checks,
        memory,
    )


def _checked(title: str, about: str, checks: Sequence[Check], memory: int, seconds: float = 0) -> Checked:
    return Checked(title=title, about=about, checks=tuple(checks), memory=memory, seconds=seconds)


def _say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
