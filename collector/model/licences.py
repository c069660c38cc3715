"""SPDX identifiers for licences in a package's own words. The only module that knows the list of identifiers."""

from __future__ import annotations

import re
from functools import cache

from packaging.licenses import InvalidLicenseExpression, canonicalize_license_expression

_ONE_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9.-]{0,63}\Z")
_GNU = re.compile(r"(A|L|)GPL-([1-3](?:\.[0-9])?)(\+|-only|-or-later|)\Z", re.ASCII)
"""As Debian's copyright files (DEP-5) and SPDX's own older identifiers write them: `GPL-2+`, `LGPL-2.1`."""
_SAME = {"Expat": "MIT", "BSD-2-clause": "BSD-2-Clause", "BSD-3-clause": "BSD-3-Clause"}
"""The short names of DEP-5 (section "License short names") that differ from SPDX's → the name in SPDX."""


@cache
def spdx_id(words: str) -> str | None:
    """The SPDX identifier of one licence, where the whole text means one; None for everything else.

    >>> spdx_id("GPL-2+"), spdx_id("Expat"), spdx_id("GPL"), spdx_id("MIT AND BSD-3-Clause")
    ('GPL-2.0-or-later', 'MIT', None, None)
    """
    if gnu := _GNU.match(words):
        family, version, suffix = gnu.groups()
        version = version if "." in version else f"{version}.0"
        later = suffix in ("+", "-or-later")
        return _canonical(f"{family}GPL-{version}-{'or-later' if later else 'only'}")
    return _canonical(_SAME.get(words, words))


def _canonical(text: str) -> str | None:
    if not _ONE_ID.match(text) or text.lower().startswith("licenseref-"):
        return None
    try:
        return str(canonicalize_license_expression(text))
    except InvalidLicenseExpression:
        return None
