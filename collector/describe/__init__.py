"""Descriptions for Docker Hub: from parts and tags to Markdown, within the Hub's limits. Reads files, asks nobody."""
