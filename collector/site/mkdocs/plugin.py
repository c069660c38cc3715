"""The MkDocs plugin: receives MkDocs' events and delegates. Only modules of this room import MkDocs."""

from __future__ import annotations

import re
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, Literal, cast

from mkdocs.config import base, config_options
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import PluginError
from mkdocs.plugins import BasePlugin
from mkdocs.structure.files import File, Files, InclusionLevel
from mkdocs.structure.nav import Navigation
from mkdocs.structure.pages import Page
from mkdocs.utils.templates import TemplateContext

from collector.configuration import PackagePages, SiteSettings, SiteTable
from collector.errors import RepoInfoError
from collector.pages.package_index import SCRIPT as PACKAGE_INDEX_SCRIPT
from collector.pages.search_indexes import SCRIPT as DIGEST_INDEX_SCRIPT
from collector.pages.site_pages import SitePages
from collector.pages.tasks import Task
from collector.site.destination import MARK, NewFolder
from collector.site.head import OPENSEARCH, SiteName, render_opensearch
from collector.site.incremental import TaskWriter
from collector.site.llms_txt import LLMS_TXT, GuidePage, render_llms_txt
from collector.site.mkdocs.bare_scripts import with_bare_scripts
from collector.site.mkdocs.bare_styles import bare_style
from collector.site.mkdocs.theme_files import skip_hidden_folders
from collector.site.record_store import RecordStore
from collector.site.run_tasks import PageRunner, SiteContext, run_tasks, site_wide
from collector.site.shell import EDITION_SOURCE, SOURCE, Shell, parse_shell, placeholder

if TYPE_CHECKING:
    import jinja2
    from mkdocs.livereload import LiveReloadServer

_UNUSED = ("assets/javascripts/", "assets/images/", "assets/stylesheets/palette.", "sitemap.xml")
"""Files of the theme that no page uses, because our templates have their own scripts, icon and colours."""

_THEME_STYLE = "assets/stylesheets/main."
_SOURCE_MAP = re.compile(r"/\*#\s*sourceMappingURL=.*?\*/")
_STYLES = "assets/stylesheets/"
_STYLE = "assets/stylesheets/repo-info.css"


_FIELDS = ("title", "description", "kind", "address", "twin", "head")
_EDITION_FIELDS = ("title", "description", "kind", "edition", "now")


class RepoInfoConfig(base.Config):  # type: ignore[no-untyped-call]
    """The options under `repo-info:` in mkdocs.yml."""

    archive = config_options.Dir(exists=False, default="examples/archive")
    badges = config_options.Type(bool, default=False)
    markdown = config_options.Type(bool, default=False)
    packages = config_options.Choice(("ever", "now", False), default="ever")
    editions = config_options.Type(list, default=[])
    """Days, which YAML reads as dates."""


class RepoInfoPlugin(BasePlugin[RepoInfoConfig]):  # type: ignore[no-untyped-call]
    """Gives MkDocs the shell page to render, and adds the archive's pages to the built site."""

    frame_only = False
    """True for a caller that adds the archive's pages itself."""
    chosen = SiteTable()
    """Settings that take precedence over mkdocs.yml."""
    serving = False
    settings: SiteSettings
    shell: Shell
    styles: list[str]
    """The project's own, in the order of mkdocs.yml."""
    _rendered: dict[str, str]
    """The shell pages, by their sources."""
    _pages: list[Page]
    """The hand-written pages, in the order of the navigation."""

    def on_startup(self, *, command: Literal["build", "gh-deploy", "serve"], dirty: bool) -> None:
        self.serving = command == "serve"

    def on_config(self, config: MkDocsConfig) -> None:
        self._rendered = {}
        if not config.use_directory_urls:
            raise PluginError("use_directory_urls: false does not work with the plugin repo-info (remove it)")
        try:
            self.settings = self._resolve(config)
        except RepoInfoError as error:
            raise _refusal(error) from error
        config.extra["editions"] = self.settings.editions
        self.styles = [path for path in config.extra_css if path.startswith(_STYLES)]
        if self.styles:
            config.extra_css = [*(path for path in config.extra_css if path not in self.styles), _STYLE]
        # MkDocs knows only the hand-written pages; `sitemap` writes one for all.
        config.theme.static_templates.discard("sitemap.xml")
        skip_hidden_folders(config.theme)
        if self.serving:
            # The live reload of `mkdocs serve` is a script inside the page.
            config.extra["content_security_policy"] = ""

    def _resolve(self, config: MkDocsConfig) -> SiteSettings:
        here = SiteSettings(
            url=config.site_url or "",
            name=config.site_name,
            badges=self.config.badges,
            markdown=self.config.markdown,
            packages=cast(PackagePages, self.config.packages or ""),
            editions=tuple(map(str, self.config.editions)),
        )
        return self.chosen.resolve(here)

    def on_files(self, files: Files, *, config: MkDocsConfig) -> Files:
        for file in list(files):
            is_unused = file.src_uri.startswith(_UNUSED) or file.src_uri.endswith(".map")
            if file.src_uri in (DIGEST_INDEX_SCRIPT, PACKAGE_INDEX_SCRIPT) or (
                file.src_dir != config.docs_dir and is_unused
            ):
                files.remove(file)
        self._join_styles(files, config)
        with_bare_scripts(files, config)
        if config.site_url:
            files.append(File.generated(config, OPENSEARCH, content=self._opensearch(config, config.site_url)))
        # Without it, GitHub Pages runs Jekyll, which leaves out files whose names begin with an underscore or a dot.
        files.append(File.generated(config, ".nojekyll", content="", inclusion=InclusionLevel.INCLUDED))
        for source in ("index.md", *self._shells):
            files.append(File.generated(config, source, content="", inclusion=InclusionLevel.NOT_IN_NAV))
        return files

    @property
    def _shells(self) -> tuple[str, ...]:
        """The sources of the shell pages."""
        return (SOURCE, EDITION_SOURCE) if self.settings.editions else (SOURCE,)

    def _opensearch(self, config: MkDocsConfig, site_url: str) -> str:
        return render_opensearch(
            name=config.site_name,
            description=config.site_description or config.site_name,
            site_url=site_url,
            icon=config.theme.get("favicon", ""),
        )

    def _join_styles(self, files: Files, config: MkDocsConfig) -> None:
        """Join all style sheets into one file, the theme's first: each file costs a line in every page, and a
        request.
        """
        theme = [file for file in files if file.src_uri.startswith(_THEME_STYLE)]
        texts = [_SOURCE_MAP.sub("", file.content_string) for file in theme]
        for file in theme:
            files.remove(file)
        for path in self.styles:
            style = files.get_file_from_path(path)
            if style is None:
                raise PluginError(f"extra_css: {path} does not exist in {config.docs_dir}")
            texts.append(bare_style(style.content_string))
            files.remove(style)
        files.append(File.generated(config, _STYLE, content="\n".join(texts)))

    def on_nav(self, nav: Navigation, *, config: MkDocsConfig, files: Files) -> Navigation:
        self._pages = nav.pages
        return nav

    def on_env(self, env: jinja2.Environment, *, config: MkDocsConfig, files: Files) -> jinja2.Environment:
        # The theme's templates make pages of which a third is white space.
        env.trim_blocks = env.lstrip_blocks = True
        return env

    def on_page_context(
        self, context: TemplateContext, *, page: Page, config: MkDocsConfig, nav: Navigation
    ) -> TemplateContext:
        if page.file.src_uri in self._shells:
            of_this = _FIELDS if page.file.src_uri == SOURCE else _EDITION_FIELDS
            page.meta.update({field: placeholder(field) for field in of_this})
            page.content = placeholder("body")
        return context

    def on_post_page(self, output: str, *, page: Page, config: MkDocsConfig) -> str:
        # MkDocs writes no empty page: the shell is not a page, and home comes from the archive.
        if page.file.src_uri in self._shells:
            self._rendered[page.file.src_uri] = output
            return ""
        return "" if page.file.src_uri == "index.md" else output

    def on_post_build(self, *, config: MkDocsConfig) -> None:
        site = SiteName(name=config.site_name, url=config.site_url or "", has_markdown=self.settings.markdown)
        self._write_llms_txt(config, site)
        try:
            self.shell = parse_shell(self._rendered[SOURCE], site, self._rendered.get(EDITION_SOURCE))
        except RepoInfoError as error:
            raise _refusal(error) from error
        if not self.frame_only:
            self._add_pages(Path(config.site_dir))

    def _write_llms_txt(self, config: MkDocsConfig, site: SiteName) -> None:
        guide = (
            GuidePage(str(page.title), page.url, str(page.meta.get("description", "")))
            for page in self._pages
            if not page.is_homepage
        )
        text = render_llms_txt(site, config.site_description or config.site_name, guide)
        (Path(config.site_dir) / LLMS_TXT).write_text(text, encoding="utf-8")

    def _add_pages(self, site: Path) -> None:
        try:
            pages = SitePages(Path(self.config.archive), self.settings)
            with TemporaryDirectory(prefix="repo-info-") as records:
                destination = NewFolder(folder=site, site=site)
                writer = TaskWriter(destination=destination, records=RecordStore(folder=Path(records)))
                context = SiteContext(settings=self.settings, shell=self.shell, writer=writer)
                results = run_tasks(pages.plan(), PageRunner(pages=pages, site=context))
                tasks = dict(sorted((result.name, result.entry) for result in results))
                writer.write(Task(name="", key=""), None, lambda: site_wide(pages.finish, context, tasks))
        except RepoInfoError as error:
            raise _refusal(error) from error
        (site / MARK).touch()

    def on_serve(self, server: LiveReloadServer, *, config: MkDocsConfig, builder: Any) -> LiveReloadServer:
        if Path(self.config.archive).is_dir():
            server.watch(self.config.archive)
        return server


def _refusal(error: RepoInfoError) -> PluginError:
    """The error as MkDocs prints it."""
    return PluginError(f"{error} ({error.hint})" if error.hint else str(error))
