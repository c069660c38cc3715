"""`repo-info diff`: the differences between two tags, dates or digests."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from functools import partial

import click

from collector.cli.common import json_option, load, print_json, source_options
from collector.cli.program import Verb
from collector.cli.renderers import render_command, render_count, render_pair
from collector.cli.terminal import Part, Styled, write
from collector.diff.changes import Change, ImageChange, PlatformFact, SettingChange, SourceChange, StepChange
from collector.diff.summary import only_packages
from collector.lookup.comparison import compare_references
from collector.lookup.repository_facts import Source
from collector.model.digests import short
from collector.model.references import Asked, parse_asked
from collector.model.sizes import render_size, render_sizes_alike
from collector.model.times import render_minute
from collector.pages.reason_text import published_change, summary_text
from collector.pages.steps_in_settings import is_in_settings

Line = tuple[Part, ...]


@click.command("diff", cls=Verb)
@click.argument("a", type=parse_asked)
@click.argument("b", type=parse_asked)
@click.option("--only", type=click.Choice(["packages"]), help="Print only the packages that differ, by source package.")
@source_options
@json_option
def diff_command(*, a: Asked, b: Asked, only: str | None, source: Source, as_json: bool) -> None:
    """Compare two tags, dates or digests.

    A and B are IMAGE:TAG, IMAGE:TAG@DATE, IMAGE@DIGEST or IMAGE:TAG@DIGEST. Inside a changed step, [-these words-]
    became {+those+}. The exit code is 0 even if A and B differ.

    Examples:
        repo-info diff python:3.6-slim@2017-12-01 python:3.6-slim --archive examples/archive
        repo-info diff alpine:3.5 alpine:3.6 --archive examples/archive --json
    """
    change = compare_references(partial(load, source), a, b)
    if as_json:
        print_json(published_change(only_packages(change) if only else change))
        return
    for line in iter_lines_of_packages(change) if only else iter_lines(change):
        write(*line)


def iter_lines_of_packages(change: Change) -> Iterator[Line]:
    """The packages that differ, platform by platform."""
    for image in change.images:
        yield (Styled(image.platform, "bold"),)
        yield from _iter_count(image)
    yield from _iter_shared(only_packages(change))


def iter_lines(change: Change) -> Iterator[Line]:
    """The change as text: a summary, then each platform, then the settings and steps that changed."""
    yield (Styled(f"- {change.before}", "removed"),)
    yield (Styled(f"+ {change.after}", "added"),)
    yield (Styled(summary_text(change.reasons), "bold"),)
    if change.media_type:
        yield (f"  media type  {render_pair(change.media_type)}",)
    if change.attestations:
        yield (f"  attestations  {render_pair(change.attestations)}",)
    if change.artifacts:
        yield (f"  artifacts  {render_pair(change.artifacts, lambda digests: str(len(digests)))}",)
    for fact in change.platforms_removed:
        yield (Styled(f"- {_platform(fact)}", "removed"),)
    for fact in change.platforms_added:
        yield (Styled(f"+ {_platform(fact)}", "added"),)
    if change.unchanged:
        yield (f"  {render_count(change.unchanged, 'platform')} the same",)
    for image in change.images:
        yield from _iter_image(image)
    yield from _iter_shared(change)


def _platform(fact: PlatformFact) -> str:
    return f"{fact.platform}  {short(fact.manifest)}  {render_size(fact.size)}"


def _iter_image(image: ImageChange) -> Iterator[Line]:
    yield ("",)
    yield (Styled(image.platform, "bold"),)
    pairs = {
        "platform": render_pair(image.platform_name),
        "manifest": render_pair(image.manifest, short),
        "Image ID": render_pair(image.config, short),
        "created": render_pair(image.created, lambda time: render_minute(time) if time else "not known"),
        "Docker": render_pair(image.docker_version, lambda version: version or "not known"),
        "size": " → ".join(render_sizes_alike((image.size.before, image.size.after))) if image.size else "",
    }
    for name, pair in pairs.items():
        if pair:
            yield (f"  {name:9} {pair}",)
    if image.layers:
        kept = f"{image.layers.kept} kept ({render_size(image.layers.kept_bytes)})"
        new = f"{len(image.layers.new)} to fetch ({render_size(image.layers.fetch_bytes)})"
        yield (f"  {'layers':9} {kept}, {new}, {image.layers.dropped} dropped",)
    if image.steps or image.steps_rebuilt:
        yield (f"  {'steps':9} {image.steps_kept} kept, of these {image.steps_rebuilt} made anew",)
    if image.packages_kept is not None:
        yield from _iter_count(image)
    if image.left_out:
        yield (f"  and {image.left_out} more settings, steps and packages",)


def _iter_count(image: ImageChange) -> Iterator[Line]:
    """How many packages differ, by source."""
    if image.packages_kept is None:
        yield (f"  {'packages':9} not known, or named by scanners that cannot be compared",)
    else:
        changed = f"{len(image.packages)} sources changed" if len(image.packages) != 1 else "1 source changed"
        yield (f"  {'packages':9} {image.packages_kept} the same, {changed if image.packages else 'none changed'}",)


def _iter_shared(change: Change) -> Iterator[Line]:
    """Settings, steps and packages, each once for all platforms that have it; those of most platforms first.

    A step that only sets what the settings say is left out, as on pages.
    """
    settings = _by_platforms([image.settings for image in change.images])
    in_settings = {place for place, step in enumerate(change.steps) if is_in_settings(step, change.settings)}
    steps = _by_platforms(
        [tuple(place for place in image.steps if place not in in_settings) for image in change.images]
    )
    packages = _by_platforms([image.packages for image in change.images])
    every = settings.keys() | steps.keys() | packages.keys()
    for having in sorted(every, key=lambda having: (-len(having), having)):
        everywhere = len(having) == len(change.images) > 1
        names = "all of these" if everywhere else ", ".join(change.images[place].platform for place in having)
        if having in settings or having in steps:
            yield ("",)
            yield (Styled(f"settings and steps on {names}", "bold"),)
        for place in settings.get(having, ()):
            yield from _iter_setting(change.settings[place])
        for place in steps.get(having, ()):
            yield from _iter_step(change.steps[place])
        if having in packages:
            yield ("",)
            yield (Styled(f"packages on {names}", "bold"),)
        for place in packages.get(having, ()):
            yield _package_line(change.packages[place])


def _package_line(source: SourceChange) -> Line:
    """One source package; those installed from it where they have other names."""
    names = source.names
    installed = "" if names == (source.name,) else f"  ({', '.join(names)})"
    match source.kind:
        case "added":
            return (Styled(f"+ {source.name} {source.after}", "added"), installed)
        case "removed":
            return (Styled(f"- {source.name} {source.before}", "removed"), installed)
        case "changed":
            return (
                f"~ {source.name} ",
                Styled(source.before, "removed"),
                " → ",
                Styled(source.after, "added"),
                installed,
            )


def _by_platforms(places: Sequence[tuple[int, ...]]) -> dict[tuple[int, ...], list[int]]:
    """Images → the items that exactly these have. `places`: the items of each image."""
    having: dict[int, list[int]] = defaultdict(list)
    for image, items in enumerate(places):
        for item in dict.fromkeys(items):  # a step may come twice
            having[item].append(image)
    shared: dict[tuple[int, ...], list[int]] = defaultdict(list)
    for item, images in having.items():
        shared[tuple(images)].append(item)
    return shared


def _iter_setting(setting: SettingChange) -> Iterator[Line]:
    name = f"{setting.kind.replace('_', ' ')} {setting.name}".strip()
    if setting.before is not None:
        yield (Styled(f"- {name}: {render_command(setting.before)}", "removed"),)
    if setting.after is not None:
        yield (Styled(f"+ {name}: {render_command(setting.after)}", "added"),)


def _iter_step(step: StepChange) -> Iterator[Line]:
    match step.kind:
        case "added":
            yield (Styled(f"+ {step.text}", "added"),)
        case "removed":
            yield (Styled(f"- {step.text}", "removed"),)
        case "changed":
            yield ("~ ", *_iter_words(step))


def _iter_words(step: StepChange) -> Iterator[Part]:
    lead = ""
    for segment in step.words:
        words = segment.text.lstrip()
        last, lead = lead, segment.text[: len(segment.text) - len(words)]
        match segment.op:
            case "=":
                yield segment.text
                lead = ""
            case "-":
                yield lead
                yield Styled(f"[-{words}-]", "removed")
            case "+":
                # The space before both words was written already.
                yield "" if lead == last else lead
                yield Styled(f"{{+{words}+}}", "added")
            case "…":
                yield Styled(f" …{words} characters… ", "dim")
    if all(segment.op in "=…" for segment in step.words):
        yield Styled(" (only white space differs)", "dim")
