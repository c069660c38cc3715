"""Archive to views, views to Markdown and JSON. Knows neither MkDocs nor HTML."""

from collector.pages.provider import SitePages

__all__ = ["SitePages"]
