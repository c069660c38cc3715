"""Archive to views, views to Markdown and JSON. Knows neither MkDocs nor HTML."""

from collector.pages.site_pages import SitePages

__all__ = ["SitePages"]
