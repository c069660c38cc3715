"""One run of the benchmark: its folder, its subject, and its results so far."""

from __future__ import annotations

import shlex
import shutil
import sysconfig
from collections.abc import Callable
from pathlib import Path

from benchmarks.processes import Run, run
from benchmarks.reader import QUIET_FOR
from benchmarks.sizes import Size, measure
from benchmarks.tool import Tool
from benchmarks.visits import Visits
from collector.errors import RepoInfoError

SOURCE = "source.git"
LOCAL_SOURCE = "local.git"
"""A git archive of some images that has their `local/` pages too."""
ARCHIVE = "archive"
PACKAGES_ARCHIVE = "packages"
"""What is imported from it."""
PACKAGES_SITE = "packages-site"
"""What is built of that."""
PAGES = "newest"
SITE = "site"


class Bench:
    """Runs commands in its folder, each once and in a fresh process, and keeps their time and memory by name.

    In the folder: `source.git`, `local.git`, `archive`, `packages`, `newest` (the newest version of each page), `site`,
    and the files of single measurements.
    """

    def __init__(
        self,
        folder: Path,
        *,
        images: tuple[str, ...] = (),
        jobs: int,
        days: int,
        tags: int = 3_200,
        lookups: int = 7,
        quiet_for: int = QUIET_FOR,
        say: Callable[[str], None] = lambda text: None,
    ) -> None:
        self.folder = folder
        self.images = images
        """The images that are measured; all if empty."""
        self.jobs = jobs
        """The number of processes of our build."""
        self.days = days
        """The number of daily updates that are measured."""
        self.tags = tags
        """Live tags of the larger synthetic archive; the smaller one has a tenth, a collected image up to 1,000."""
        self.lookups = lookups
        """The number of look-ups of each kind in Chromium, each on a separate visit."""
        self.quiet_for = quiet_for
        """Milliseconds without a request, after which a page counts as loaded."""
        self.runs: dict[str, Run] = {}
        self.sizes: dict[str, Size] = {}
        self.tools: list[Tool] = []
        """The tools that have built a site, in the order of their builds."""
        self.visits: dict[str, Visits] = {}
        """The data that readers load from a site, by the name of the run that built it, as in `sizes`."""
        self.commands: list[str] = []
        """The commands as they can be typed in the folder."""
        self.say = say

    @property
    def has_source(self) -> bool:
        """True if there is a git archive to import, False if there is only an imported one."""
        return (self.folder / SOURCE).is_dir()

    @property
    def has_local_source(self) -> bool:
        """Whether there is a git archive with `local/` pages."""
        return (self.folder / LOCAL_SOURCE).is_dir()

    @property
    def chosen(self) -> list[str]:
        """The options for the selected images."""
        return [word for image in self.images for word in ("--image", image)]

    @property
    def chosen_paths(self) -> list[str]:
        """For git: the paths of the pages of the selected images."""
        return [f"repos/{image}/remote" for image in self.images] or ["repos/*/remote/*"]

    def has_program(self, name: str) -> bool:
        """Whether a program is installed."""
        return _look_for(name) is not None

    def add_site(self, tool: Tool) -> None:
        """Measure the size of a built site; its tool gets a row among the peers."""
        self.sizes[tool.run] = measure(self.folder / tool.site)
        self.tools.append(tool)

    def run(
        self, name: str, command: list[str], *, folder: str = ".", stdin: Path | None = None, keeps_output: bool = False
    ) -> Run:
        """Run a command, and keep its time and memory under a name.

        Raises:
            RepoInfoError: it fails, or the program does not exist.
        """
        text = shlex.join(command) + (f" < {stdin.name} > /dev/null" if stdin else "")
        text = f"(cd {folder} && {text})" if folder != "." else text
        self.say(text)
        self.commands.append(text)
        program = [_find_program(command[0]), *command[1:]]
        self.runs[name] = run(program, self.folder / folder, stdin=stdin, keeps_output=keeps_output)
        return self.runs[name]


def _look_for(name: str) -> str | None:
    """The path of a program: repo-info and its Python peers beside the running Python, others on PATH."""
    beside = Path(sysconfig.get_path("scripts"), name)
    return str(beside) if beside.is_file() else shutil.which(name)


def _find_program(name: str) -> str:
    found = _look_for(name)
    if not found:
        raise RepoInfoError(f"there is no program {name} here", hint="run `make bench`, which installs what is needed")
    return found
