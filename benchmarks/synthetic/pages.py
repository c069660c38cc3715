"""Records images as `repo-info import` does: the facts of pages, without exact raw texts."""

from __future__ import annotations

from benchmarks.synthetic.draws import made_up_digest
from benchmarks.synthetic.history import Shown
from benchmarks.synthetic.parts import PartsOf, platform_of
from benchmarks.synthetic.plan import ImagePlan
from benchmarks.synthetic.values import Build
from benchmarks.synthetic.world import World
from collector.archive.writer import RepositoryWriter
from collector.model.digests import Digest
from collector.model.documents import DOCKER_MANIFEST
from collector.model.images import DOCKER_LIST, Config

DOCKER_VERSIONS = ("1.10.3", "1.12.6", "17.03.1-ce", "17.06.2-ce", "17.09.0-ce")
"""What builds images, one after the other, for the same time each."""


class PageRecorder:
    """Records what one repository's tags pointed at. The digests are made up: pages do not allow to check them."""

    def __init__(self, plan: ImagePlan, world: World, writer: RepositoryWriter) -> None:
        self._recipe = plan.recipe
        self._name = f"{world.seed} {plan.name}"
        self._clock = world.clock
        self._parts = PartsOf(plan, world)
        self._writer = writer
        self._manifests: dict[Build, Digest] = {}
        self._indexes: dict[Shown, Digest] = {}

    def state(self, run: int, shown: Shown) -> Digest:
        """The digest of what is shown; what is new of it is added first."""
        if not shown.is_index:
            return self._manifest(run, shown.builds[0])
        if shown not in self._indexes:
            self._indexes[shown] = self._add_index(run, shown)
        return self._indexes[shown]

    def _manifest(self, run: int, build: Build) -> Digest:
        if build not in self._manifests:
            self._manifests[build] = self._add_manifest(run, build)
        return self._manifests[build]

    def _add_index(self, run: int, shown: Shown) -> Digest:
        manifests = [self._manifest(run, build) for build in shown.builds]
        digest = made_up_digest(f"{self._name} index {' '.join(manifests)}")
        platforms = [platform_of(build) for build in shown.builds]
        entries = tuple(zip(manifests, platforms, strict=True))
        self._writer.add_index(self._clock.times[run], digest, DOCKER_LIST, entries)
        return digest

    def _add_manifest(self, run: int, build: Build) -> Digest:
        time, parts = self._clock.times[run], self._parts.of(build)
        for layer in parts.layers:
            self._writer.add_layer(time, layer)
        words = f"{self._name} {build.variant} {build.version} {build.platform} {build.base} {build.salt}"
        config = Config(
            digest=made_up_digest(f"{words} {build.stamps} {build.revisions}"),
            platform=platform_of(build),
            history=parts.steps,
            docker_version=DOCKER_VERSIONS[run * len(DOCKER_VERSIONS) // self._clock.runs],
            entrypoint=self._recipe.entrypoint,
            cmd=self._recipe.command,
        )
        self._writer.add_config(time, config)
        digest = made_up_digest(f"manifest {config.digest}")
        layers = tuple(layer.digest for layer in parts.layers)
        self._writer.add_manifest(time, digest, DOCKER_MANIFEST, config.digest, layers)
        return digest
