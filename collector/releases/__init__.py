"""What a publisher would call one update of a tag: its states, folded into releases. Renders nothing.

Publishers build platform by platform, so one update reaches a tag in several states. Each platform is compared with
its own last image in this tag (`platform_images`). What an image brings has a cause, and signs by which the same update
is known on other platforms (`image_updates`). Updates with a common sign are one release, within bounded time
(`tag_releases`). The whole history then tells how far a release is on each platform (`progress`). The guide's page on
releases (`site_src/releases.md`) has the rules in the words of readers.
"""

from collector.releases.image_updates import ImageUpdate, ImageUpdates
from collector.releases.release import Release
from collector.releases.tag_releases import TagState, releases_of

__all__ = ["ImageUpdate", "ImageUpdates", "Release", "TagState", "releases_of"]
