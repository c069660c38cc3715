"""Reads package lists from attestations and SBOMs: in-toto, DSSE and bundles; SPDX 2 and CycloneDX.

The input is whatever somebody pushed. Only the necessary fields are decoded, and files are not.
"""
