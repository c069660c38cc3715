"""Releases: the states of a tag, grouped into what its publisher would call one update. Renders nothing.

Publishers build platform by platform, so one update reaches a tag in several states. Each platform is compared with
its own last image in this tag (`platform_images`). An image's update has a cause, and signs that identify the same
update on other platforms (`image_updates`). Updates with a common sign form one release, within a bounded time
(`tag_releases`). The whole history then decides how far a release is on each platform (`progress`). The guide's page on
releases (`site_src/releases.md`) explains the rules to readers.
"""

from collector.releases.image_updates import ImageUpdate, ImageUpdates, SharedUpdates
from collector.releases.release import Release
from collector.releases.tag_releases import TagState, releases_of

__all__ = ["ImageUpdate", "ImageUpdates", "Release", "SharedUpdates", "TagState", "releases_of"]
