"""All facts of one repository in memory, and the values that they resolve to."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import msgspec

from collector.archive.facts import Fact, FactTables, ObservationFact
from collector.archive.facts.shared_values import SharedValues
from collector.archive.journal import Fault, iter_journal
from collector.archive.layout import folder_of, journals_in
from collector.archive.package_lists import PackageLists
from collector.archive.raw_objects import RawObjects
from collector.classic.sections import parse_platform_line
from collector.errors import InvalidValue
from collector.model.digests import Digest
from collector.model.images import OCI_INDEX, Config, Image, Observation, State, Step
from collector.model.packages import ImagePackages, Inventory, PackageList
from collector.model.platforms import Platform
from collector.model.references import Repository
from collector.model.timelines import Period, periods_of
from collector.model.times import Time


class Holdings(FactTables):
    """The facts of one repository. `load_holdings` builds it, and only `RepositoryWriter` adds to it."""

    def __init__(self, repository: Repository) -> None:
        super().__init__()
        self.repository = repository
        self.faults: list[Fault] = []
        self._objects = RawObjects(self.raws, self.raw_configs, self.layers, self.statements, self.absent)
        self.package_lists = PackageLists(self.packages)
        self._configs: dict[str, Config] = {}
        self._dated_steps: dict[tuple[Time | None, str], Step] = {}
        """The time and the id of a step → the step."""
        self._images: dict[tuple[str, Platform | None], Image] = {}
        self._untyped: dict[tuple[str, Platform], Image] = {}
        self._states: dict[str, State] = {}

    @property
    def tags(self) -> list[str]:
        """Every tag that was ever observed."""
        return sorted(self.observations)

    @property
    def known_until(self) -> Time:
        """When a tag was last observed."""
        return max(seen.time for of_tag in self.observations.values() for seen in of_tag)

    def periods(self, tag: str) -> tuple[Period, ...]:
        """What a tag pointed at over time, oldest first; empty for a tag that was never observed."""
        return periods_of(
            Observation(
                tag=tag,
                time=seen.time,
                source=seen.source,
                digest=seen.digest,
                gone=seen.gone,
                is_rehearsed=seen.rehearsed,
            )
            for seen in self.observations.get(tag, ())
        )

    def state(self, digest: Digest) -> State | None:
        """The index or image of a digest; None if the archive lacks a part of it.

        A registry's own bytes take precedence over pages.
        """
        state = self._states.get(digest)
        if state is None:
            state = self._objects.state(digest) or self._known_from_pages(digest)
            if state is not None:
                self._states[digest] = state
        return state

    def has_manifest(self, digest: str) -> bool:
        """Whether the archive has an index or a manifest with this digest, from a page or a registry."""
        return digest in self.raws or digest in self.indexes or digest in self.manifests

    def state_on_pages(self, digest: Digest) -> State | None:
        """The state from the facts of pages alone, even if they are wrong: imported pages are exported from it."""
        index = self.indexes.get(digest)
        has_other_words = digest in self.raws or (index is not None and index.media_type == OCI_INDEX)
        return self._resolve_state(digest) if has_other_words else self.state(digest)

    def config(self, digest: str) -> Config | None:
        """A config with the texts of its steps; None if the archive lacks any of them."""
        fact = self.config_facts.get(digest)
        if fact is None:
            return None
        if digest not in self._configs:
            try:
                history = tuple(map(self._step, fact.history))
            except KeyError:
                return None
            self._configs[digest] = Config(
                digest=fact.digest,
                platform=fact.platform,
                history=history,
                docker_version=fact.docker_version,
                entrypoint=fact.entrypoint,
                cmd=fact.cmd,
                shell=fact.shell,
            )
        return self._configs[digest]

    def _step(self, known: tuple[Time | None, str]) -> Step:
        """A step of a config. Configs share their steps, because an image keeps those of its base."""
        step = self._dated_steps.get(known)
        if step is None:
            created, name = known
            step = self._dated_steps[known] = Step(created=created, text=self.steps[name])
        return step

    def image(self, digest: str, platform: Platform | None = None) -> Image | None:
        """A manifest with its config and layers; `platform` is the one in the index, without which the config's is
        used.
        """
        key = (digest, platform)
        image = self._images.get(key) or self._resolve_image(digest, platform)
        if image is not None:
            self._images[key] = image
        return image

    def inventory(self, config: str) -> Inventory | None:
        """The inventory that counts for the image with this Image ID; None if its packages are not known.

        An attestation's word counts before a page's. Of several, the one that names the most packages: a scan may have
        been cut short. One that names no package counts last.
        """
        known = [(one, self.package_lists.get(one.packages)) for one in self.inventories.get(config, ())]
        ranked = [
            (bool(found.packages), not one.is_of_page, len(found.packages), one.time, one.packages, one.by, one)
            for one, found in known
            if found is not None
        ]
        return max(ranked, key=lambda rank: rank[:-1])[-1] if ranked else None

    def package_list(self, config: str) -> PackageList | None:
        """The packages of the image with this Image ID; None if they are not known. Images share their lists."""
        inventory = self.inventory(config)
        return self.package_lists.get(inventory.packages) if inventory else None

    def image_packages(self, config: str) -> ImagePackages | None:
        """The list of packages, with its inventory."""
        inventory = self.inventory(config)
        packages = self.package_lists.get(inventory.packages) if inventory else None
        return ImagePackages(inventory, packages) if inventory and packages else None

    scanned_packages = image_packages

    @property
    def lacks_packages(self) -> bool:
        """Whether an image has a list of packages that is not here, or that rests on one that is not."""
        return not all(
            self.package_lists.is_readable(one.packages) for known in self.inventories.values() for one in known
        )

    def is_whole(self, seen: ObservationFact) -> bool:
        """Whether the archive has everything that an observation refers to, so that its page can be written again."""
        texts = [*(seen.sections or {}).values(), *([seen.page] if seen.page else [])]
        has_dates = seen.dates_as is None or (seen.tag, seen.dates_as) in self.dates
        has_state = seen.digest is None or self.state(seen.digest) is not None
        return has_dates and has_state and all(text in self.texts for text in texts)

    def _resolve_image(self, digest: str, platform: Platform | None) -> Image | None:
        fact = self.manifests.get(digest)
        config = self.config(fact.config) if fact else None
        if fact is None or config is None or any(layer not in self.layers for layer in fact.layers):
            return None
        return Image(
            manifest=fact.digest,
            media_type=fact.media_type,
            platform=platform or config.platform,
            config=config,
            layers=tuple(self.layers[layer] for layer in fact.layers),
        )

    def _known_from_pages(self, digest: Digest) -> State | None:
        """The state from the facts of pages, which call every manifest in an OCI index Docker's, whatever it is."""
        state = self._resolve_state(digest)
        if state is None or state.media_type != OCI_INDEX:
            return state
        return msgspec.structs.replace(state, all_images=tuple(map(self._without_media_type, state.all_images)))

    def _without_media_type(self, image: Image) -> Image:
        key = (image.manifest, image.platform)
        if key not in self._untyped:
            self._untyped[key] = msgspec.structs.replace(image, media_type="")
        return self._untyped[key]

    def _resolve_state(self, digest: Digest) -> State | None:
        index = self.indexes.get(digest)
        if index is None:
            image = self.image(digest)
            return State(digest=digest, media_type=image.media_type, all_images=(image,)) if image else None
        images = [self.image(entry.digest, entry.platform) for entry in index.manifests]
        whole = tuple(image for image in images if image)
        if len(whole) < len(images):
            return None
        unread = tuple(_platform_of(entry.platform) for entry in index.unread)
        return State(digest=digest, media_type=index.media_type, all_images=whole, unread=unread)


def _platform_of(line: str) -> Platform:
    """The platform of a section that could not be read. The line itself may be the reason."""
    try:
        return parse_platform_line(line)
    except InvalidValue:
        return Platform(os=line[:100], architecture="unknown")


def load_holdings(root: Path, repository: Repository) -> Holdings:
    """Read all journals of a repository. Faulty lines are left out and listed in `faults`."""
    holdings = Holdings(repository)
    for _ in iter_facts(root, repository, holdings):
        pass
    holdings.order_observations()
    return holdings


def iter_facts(root: Path, repository: Repository, holdings: Holdings) -> Iterator[tuple[Path, int, Fact]]:
    """Read one journal after another into `holdings`; yields each new fact with its file and line."""
    known: dict[tuple[str, ...], Fact] = {}
    shared = SharedValues()
    for path in journals_in(folder_of(root, repository)):
        for number, fact in iter_journal(path, shared):
            if isinstance(fact, Fault):
                holdings.faults.append(fact)
                continue
            first = known.setdefault(fact.key, fact)
            if first is not fact:
                holdings.faults.append(fault_of_second(path, number, fact, is_same=first == fact))
                continue
            fact.enter(holdings)
            yield path, number, fact


def fault_of_second(path: Path, line: int, fact: Fact, *, is_same: bool) -> Fault:
    """The fault of a line whose fact has the name of an earlier one."""
    name = " ".join(fact.key[1:])
    if is_same:
        return Fault(path=path, line=line, message=f"repeats an earlier fact: {name}", hint="delete the line")
    message, hint = f"contradicts an earlier fact; left out: {name}", "delete whichever of the two is wrong"
    return Fault(path=path, line=line, message=message, hint=hint)
