"""RESULTS.md: the trials and their outcomes, by class."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import msgspec

from tests.torture.campaign import Trial
from tests.torture.damage import Flip
from tests.torture.faults import KINDS

RESULTS = Path(__file__).with_name("RESULTS.md")


class Check(msgspec.Struct, frozen=True, kw_only=True):
    """One hostile input, and the problems with its result."""

    group: str
    name: str
    problems: tuple[str, ...] = ()


class Checked(msgspec.Struct, frozen=True, kw_only=True):
    """A class of hostile inputs."""

    title: str
    about: str
    checks: tuple[Check, ...]
    seconds: float = 0
    """The longest time of one input."""
    memory: int = 0
    """The peak memory of the tested process, in MiB, if it is a separate one."""

    @property
    def problems(self) -> list[str]:
        return [f"{check.group}: {check.name}: {problem}" for check in self.checks for problem in check.problems]


def render_trials(trials: Sequence[Trial]) -> str:
    """Markdown: a row for each kind of fault, a column for each verb."""
    tried = Counter((trial.verb, trial.kind) for trial in trials)
    lost = Counter((trial.verb, trial.kind) for trial in trials if trial.problems)
    verbs = list(dict.fromkeys(trial.verb for trial in trials))
    rows = [
        f"| {kind} | {' | '.join(_cell(tried[verb, kind], lost[verb, kind]) for verb in verbs)} |"
        for kind in (*KINDS, "two writers")
    ]
    head = [
        "## Faults in file operations\n",
        "Each fault happens at one operation, or lasts from one on; then the verb runs again. A fault is survived if",
        "that run succeeds, its result is that of an undisturbed run byte for byte (of `collect`: fact for fact, as",
        "tags are asked for in another order), nothing else was written or changed, `verify` found nothing in between,",
        "and the disturbed run ended in time, without an error or with one line that names a path.\n",
        "Power losses: all writes since their last fsync are lost, or all new names, or some of both; also at the end",
        "of the run, after which an archive must be complete.\n",
        f"| fault | {' | '.join(verbs)} |",
        f"|---|{'--:|' * len(verbs)}",
    ]
    most = max((trial.memory for trial in trials), default=0)
    sums = f"\n{len(trials):,} faults, {lost.total():,} of them not survived. Most memory of a run: {most} MiB.\n"
    return "\n".join([*head, *rows, sums])


def _cell(tried: int, lost: int) -> str:
    return f"{tried}, **{lost} lost**" if lost else str(tried)


def render_flips(flips: Sequence[Flip]) -> str:
    """Markdown: a row for each kind of fact, with the damage that is not noticed."""
    tried = Counter(flip.fact for flip in flips)
    silent = Counter(flip.fact for flip in flips if not flip.is_found and not flip.error)
    believed = Counter(flip.fact for flip in flips if flip.is_believed)
    errors = Counter(flip.error for flip in flips if flip.error)
    head = [
        "## Damaged bits\n",
        "One bit of a journal is turned over, in an archive that was imported and in one that was collected.",
        "The damage is found if `verify` names the file. It is believed if a reader takes a fact from the file that",
        "was not there before.\n",
        "| fact | bits | not found by `verify` | believed |",
        "|---|--:|--:|--:|",
    ]
    rows = [f"| {fact} | {count:,} | {silent[fact]:,} | {believed[fact]:,} |" for fact, count in sorted(tried.items())]
    sums = (
        f"\n{len(flips):,} bits, {silent.total():,} not found, {believed.total():,} believed, "
        f"{errors.total():,} unexpected errors.\n"
    )
    return "\n".join([*head, *rows, sums])


def render_checked(checked: Checked, memory: int) -> str:
    """Markdown: a row for each group of inputs. `memory`: the most that the process needed, in MiB."""
    tried = Counter(check.group for check in checked.checks)
    failed = Counter(check.group for check in checked.checks if check.problems)
    rows = [f"| {group} | {_cell(count, failed[group])} |" for group, count in tried.items()]
    sums = f"\n{len(checked.checks):,} tried, {failed.total():,} with a problem. Most memory: {memory} MiB."
    if checked.seconds:
        sums += f" The longest took {checked.seconds:.1f} s."
    return "\n".join(
        [f"## {checked.title}\n", f"{checked.about}\n", "| class | tried |", "|---|--:|", *rows, f"{sums}\n"]
    )


def replace_section(text: str, title: str, content: str) -> str:
    """A document with new content below one of its headings, which is appended if it is missing."""
    before, _, after = text.partition(f"## {title}\n")
    _, heading, rest = after.partition("\n## ")
    return f"{before.rstrip()}\n\n## {title}\n\n{content}{heading}{rest}"


def find_section(text: str, title: str) -> str:
    """The content below a heading; empty if there is none."""
    return text.partition(f"## {title}\n\n")[2].partition("\n## ")[0]
