# MkDocs passes what an event has by these names
"""The MkDocs plugin: hears events and delegates. Nothing else in the package knows MkDocs, `frame` aside."""

from __future__ import annotations

import re
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, Literal

from mkdocs.config import base, config_options
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import PluginError
from mkdocs.livereload import LiveReloadServer
from mkdocs.plugins import BasePlugin
from mkdocs.structure.files import File, Files, InclusionLevel
from mkdocs.structure.nav import Navigation
from mkdocs.structure.pages import Page
from mkdocs.utils.templates import TemplateContext

from collector.errors import RepoInfoError
from collector.pages.options import SiteOptions, parse_editions
from collector.pages.tasks import Task
from collector.site.destination import MARK, Fresh
from collector.site.head import OPENSEARCH, SiteName
from collector.site.incremental import Place
from collector.site.opensearch import render_opensearch
from collector.site.provider import DEFAULT_PROVIDER, load_provider
from collector.site.record_store import Shelf
from collector.site.run_tasks import produce
from collector.site.shell import SOURCE, SOURCE_OF_OLD, Shell, parse_shell, placeholder
from collector.site.task_outputs import Finisher, Maker

if TYPE_CHECKING:
    import jinja2

_UNUSED = ("assets/javascripts/", "assets/images/", "assets/stylesheets/palette.", "sitemap.xml")
"""What of the theme's files no page asks for: our templates bring their own scripts, icon and colours."""

_THEME_STYLE = "assets/stylesheets/main."
_SOURCE_MAP = re.compile(r"/\*#\s*sourceMappingURL=.*?\*/")
_STYLES = "assets/stylesheets/"
_STYLE = "assets/stylesheets/repo-info.css"


_FIELDS = ("title", "description", "kind", "address", "twin", "head")
_FIELDS_OF_OLD = ("title", "description", "kind", "edition", "now")


class RepoInfoConfig(base.Config):  # type: ignore[no-untyped-call]
    """What stands under `repo-info:` in mkdocs.yml."""

    archive = config_options.Dir(exists=False, default="examples/archive")
    provider = config_options.Type(str, default=DEFAULT_PROVIDER)
    badges = config_options.Type(bool, default=False)
    editions = config_options.Type(list, default=[])
    """Days; YAML makes dates of them."""


class RepoInfoPlugin(BasePlugin[RepoInfoConfig]):  # type: ignore[no-untyped-call]
    """Gives MkDocs the shell page to render, and adds the archive's pages to the site that it built."""

    frame_only = False
    """Set by who adds the pages himself."""
    serving = False
    shell: Shell
    styles: list[str]
    """Our own, in the order of mkdocs.yml."""
    editions: tuple[str, ...] = ()
    """Their days, the newest first."""
    _rendered: dict[str, str]
    """The shell pages, by their sources."""

    def on_startup(self, *, command: Literal["build", "gh-deploy", "serve"], dirty: bool) -> None:
        self.serving = command == "serve"

    def on_config(self, config: MkDocsConfig) -> None:
        self._rendered = {}
        try:
            self.editions = config.extra["editions"] = parse_editions(self.config.editions)
        except RepoInfoError as error:
            raise _refusal(error) from error
        self.styles = [path for path in config.extra_css if path.startswith(_STYLES)]
        if self.styles:
            config.extra_css = [*(path for path in config.extra_css if path not in self.styles), _STYLE]
        # MkDocs knows only the hand-written pages; `sitemap` writes one for all.
        config.theme.static_templates.discard("sitemap.xml")
        if self.serving:
            # The live reload of `mkdocs serve` is a script inside the page.
            config.extra["content_security_policy"] = ""

    def on_files(self, files: Files, *, config: MkDocsConfig) -> Files:
        for file in list(files):
            if file.src_dir != config.docs_dir and (file.src_uri.startswith(_UNUSED) or file.src_uri.endswith(".map")):
                files.remove(file)
        self._join_styles(files, config)
        if config.site_url:
            files.append(File.generated(config, OPENSEARCH, content=self._opensearch(config, config.site_url)))
        for source in ("index.md", *self._shells):
            files.append(File.generated(config, source, content="", inclusion=InclusionLevel.NOT_IN_NAV))
        return files

    @property
    def _shells(self) -> tuple[str, ...]:
        """The sources of the shell pages."""
        return (SOURCE, SOURCE_OF_OLD) if self.editions else (SOURCE,)

    def _opensearch(self, config: MkDocsConfig, site_url: str) -> str:
        return render_opensearch(
            name=config.site_name,
            description=config.site_description or config.site_name,
            site_url=site_url,
            icon=config.theme["favicon"],
        )

    def _join_styles(self, files: Files, config: MkDocsConfig) -> None:
        """One file for all style sheets, the theme's first: each costs every page a line, and a visit a request."""
        theme = [file for file in files if file.src_uri.startswith(_THEME_STYLE)]
        texts = [_SOURCE_MAP.sub("", file.content_string) for file in theme]
        for file in theme:
            files.remove(file)
        for path in self.styles:
            style = files.get_file_from_path(path)
            if style is None:
                raise PluginError(f"extra_css: there is no {path} in {config.docs_dir}")
            texts.append(style.content_string)
            files.remove(style)
        files.append(File.generated(config, _STYLE, content="\n".join(texts)))

    def on_env(self, env: jinja2.Environment, *, config: MkDocsConfig, files: Files) -> jinja2.Environment:
        # A third of a page made by the theme's templates is white space.
        env.trim_blocks = env.lstrip_blocks = True
        return env

    def on_page_context(
        self, context: TemplateContext, *, page: Page, config: MkDocsConfig, nav: Navigation
    ) -> TemplateContext:
        if page.file.src_uri in self._shells:
            of_this = _FIELDS if page.file.src_uri == SOURCE else _FIELDS_OF_OLD
            page.meta.update({field: placeholder(field) for field in of_this})
            page.content = placeholder("body")
        return context

    def on_post_page(self, output: str, *, page: Page, config: MkDocsConfig) -> str:
        # An empty page is not written: the shell is none, and home comes from the archive.
        if page.file.src_uri in self._shells:
            self._rendered[page.file.src_uri] = output
            return ""
        return "" if page.file.src_uri == "index.md" else output

    def on_post_build(self, *, config: MkDocsConfig) -> None:
        site = SiteName(name=config.site_name, url=config.site_url or "")
        self.shell = parse_shell(self._rendered[SOURCE], site, self._rendered.get(SOURCE_OF_OLD))
        if not self.frame_only:
            self._add_pages(Path(config.site_dir), config.site_url or "")

    def _add_pages(self, site: Path, site_url: str) -> None:
        try:
            options = SiteOptions(site_url=site_url, badges=self.config.badges, editions=self.editions)
            provider = load_provider(self.config.provider, Path(self.config.archive), options)
            with TemporaryDirectory(prefix="repo-info-") as records:
                place = Place(output=Fresh(folder=site), shelf=Shelf(folder=Path(records)))
                maker = Maker(provider=provider, shell=self.shell, place=place)
                tasks = {done.name: done.entry for done in produce(provider.plan(), maker.run)}
                last = Finisher(finish=provider.finish, options=options, shell=self.shell, shelf=place.shelf)
                place.do(Task(name="", key=""), None, lambda: last.pieces(dict(sorted(tasks.items()))))
        except RepoInfoError as error:
            raise _refusal(error) from error
        (site / MARK).touch()

    def on_serve(self, server: LiveReloadServer, *, config: MkDocsConfig, builder: Any) -> LiveReloadServer:
        if Path(self.config.archive).is_dir():
            server.watch(self.config.archive)
        return server


def _refusal(error: RepoInfoError) -> PluginError:
    """An error as MkDocs tells it."""
    return PluginError(f"{error} ({error.hint})" if error.hint else str(error))
