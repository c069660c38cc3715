"""Builds the site of an archive, or one part of it, and lets it take the place of what is there when all is ready."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import msgspec

from collector.errors import BuildError
from collector.pages.tasks import Task, image_of
from collector.site.build_session import BuildOptions, building
from collector.site.provider import Provider, load_provider
from collector.site.reports import BuildReport
from collector.site.run_tasks import Progress
from collector.site.shard_folder import PartPacker
from collector.site.shards import Shard
from collector.site.task_outputs import Finisher, Maker

__all__ = ["DEFAULTS", "BuildOptions", "BuildReport", "build_part", "build_site"]

DEFAULTS = BuildOptions()


def build_site(
    archive: Path,
    site: Path,
    options: BuildOptions = DEFAULTS,
    *,
    provider: Provider | None = None,
    progress: Progress | None = None,
) -> BuildReport:
    """Make `site` the site of an archive. Until all is ready the old site stays as it is.

    Without a `provider` the pages come from the one that mkdocs.yml names. `progress` is called as tasks are done.

    Raises:
        BuildError: the site cannot be built or changed.
        ArchiveError: the archive cannot be read.
    """
    with building(site, options) as build:
        facts, place = build.facts, build.place
        provider = provider or load_provider(facts.provider, archive, build.options)
        build.do(provider.plan(), Maker(provider=provider, shell=facts.shell, place=place).run, progress)
        last = Finisher(finish=provider.finish, options=build.options, shell=facts.shell, shelf=place.shelf)
        return build.end(last.pieces)


def build_part(
    archive: Path,
    part: Path,
    shard: Shard,
    options: BuildOptions = DEFAULTS,
    *,
    provider: Provider | None = None,
    progress: Progress | None = None,
) -> BuildReport:
    """Make the folder `part` one part of a site: the pages of a shard's images. `merge_parts` makes parts a site.

    The archive need not have the images of other shards.

    Raises:
        BuildError: the part cannot be built, or the archive has not the images that it should.
        ArchiveError: the archive cannot be read.
    """
    with building(part, options) as build:
        of_all = msgspec.structs.replace(build.options, images=tuple(shard.images))
        provider = provider or load_provider(build.facts.provider, archive, of_all)
        plan = _plan_of(shard, provider.plan(), archive)
        build.do(plan, Maker(provider=provider, shell=build.facts.shell, place=build.place).run, progress)
        packer = PartPacker(shard=shard, key=build.key, choices=options.choices, shelf=build.place.shelf)
        return build.end(packer.pieces, key=packer.own_key)


def _plan_of(shard: Shard, plan: Sequence[Task], archive: Path) -> list[Task]:
    """The tasks of the shard's images."""
    images = {image_of(task.name) for task in plan}
    hint = "deal anew with `repo-info shards`, or bring the archive to where it was dealt"
    for name in shard.own:
        if name not in images:
            raise BuildError(f"{archive}: {name} is of this shard, and not there", hint=hint)
    for name in sorted(images):
        if name not in shard.images:
            raise BuildError(f"{archive}: {name} was not dealt to any shard", hint=hint)
    return [task for task in plan if shard.images[image_of(task.name)] == shard.number]
