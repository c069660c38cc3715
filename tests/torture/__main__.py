"""`make torture`: faults in every verb that writes, damage to every kind of fact, and RESULTS.md about both."""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

from tests.pages import collected
from tests.torture.campaign import Trial, running, torture
from tests.torture.damage import Flip, flip_bits
from tests.torture.faults import KINDS
from tests.torture.verbs import VERBS

_RESULTS = Path(__file__).with_name("RESULTS.md")
_TITLE = "# Results of `make torture`\n\nWritten by the run: do not edit.\n"


def main() -> int:
    """Run the campaign. Exit with 1 if a fault was not survived."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--trials", type=int, default=24, help="faults in each verb (default: 24)")
    parser.add_argument("--flips", type=int, default=2_000, help="damaged bits (default: 2,000)")
    parser.add_argument("--seed", type=int, default=1, help="of the damage (default: 1)")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        trials = list(_iter_trials(Path(folder), arguments.trials))
        flips = list(flip_bits(collected.write(Path(folder) / "archive"), arguments.flips, arguments.seed))
    _RESULTS.write_text(f"{_TITLE}\n{render_trials(trials)}\n{render_flips(flips)}", encoding="utf-8")
    for trial in trials:
        for problem in trial.problems:
            print(f"{trial.verb}, {trial.fault.kind} at operation {trial.fault.at}: {problem}")
    return int(any(trial.problems for trial in trials) or any(flip.error for flip in flips))


def _iter_trials(folder: Path, count: int) -> Iterator[Trial]:
    with running(folder) as runner:
        for number, verb in enumerate(VERBS):
            print(verb.name, file=sys.stderr)
            yield from torture(runner, verb, folder / str(number), count)


def render_trials(trials: Sequence[Trial]) -> str:
    """Markdown: a row for each verb, with the faults that were tried and those that were not survived."""
    tried = Counter((trial.verb, trial.fault.kind) for trial in trials)
    lost = Counter((trial.verb, trial.fault.kind) for trial in trials if trial.problems)
    rows = [
        f"| {verb} | {' | '.join(_cell(tried[verb, kind], lost[verb, kind]) for kind in KINDS)} |"
        for verb in dict.fromkeys(trial.verb for trial in trials)
    ]
    head = [
        "## Faults in file operations\n",
        "Each fault happens at one operation; then the verb runs again. A fault is survived if that run succeeds,",
        "its result is byte for byte that of an undisturbed run, and the disturbed run ended without a traceback.\n",
        f"| verb | {' | '.join(KINDS)} |",
        f"|---|{'--:|' * len(KINDS)}",
    ]
    return "\n".join([*head, *rows, f"\n{len(trials):,} faults, {lost.total():,} of them not survived.\n"])


def _cell(tried: int, lost: int) -> str:
    return f"{tried}, **{lost} lost**" if lost else str(tried)


def render_flips(flips: Sequence[Flip]) -> str:
    """Markdown: a row for each kind of fact, with the damage that `verify` did not find."""
    tried = Counter(flip.fact for flip in flips)
    silent = Counter(flip.fact for flip in flips if not flip.is_found and not flip.error)
    errors = Counter(flip.error for flip in flips if flip.error)
    head = ["## Damaged bits\n", "| fact | bits | not found by `verify` |", "|---|--:|--:|"]
    rows = [f"| {fact} | {count:,} | {silent[fact]:,} |" for fact, count in sorted(tried.items())]
    sums = f"\n{len(flips):,} bits, {silent.total():,} not found, {errors.total():,} unexpected errors.\n"
    return "\n".join([*head, *rows, sums])


if __name__ == "__main__":
    sys.exit(main())
