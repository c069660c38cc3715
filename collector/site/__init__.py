"""The static site: MkDocs renders one frame, and every page's body is spliced into it."""
