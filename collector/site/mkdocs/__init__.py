"""The only package that imports MkDocs: the plugin, and the frame of every page."""
