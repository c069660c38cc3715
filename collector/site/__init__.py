"""The static site: MkDocs renders one frame, into which the body of every page is inserted."""
