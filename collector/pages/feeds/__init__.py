"""Atom feeds of changes: for the site, each image, and each tag."""

from collector.pages.feeds.atom import Entry
from collector.pages.feeds.entries import Feeds, site_feed

__all__ = ["Entry", "Feeds", "site_feed"]
