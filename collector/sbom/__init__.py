"""From the bytes of attestations and SBOMs to package lists: in-toto, DSSE and bundles; SPDX 2 and CycloneDX.

What comes in is whatever somebody pushed. Only the fields that are needed are decoded; files are not.
"""
