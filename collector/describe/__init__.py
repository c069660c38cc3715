"""Descriptions for Docker Hub: Markdown from parts and tags, within Docker Hub's limits. Reads files and makes no
requests.
"""
