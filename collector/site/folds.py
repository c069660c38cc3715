"""Long lists are folded: what follows an emphasized line, such as *22 more*, opens on a click, without JavaScript.

In the Markdown an emphasized line stands alone before a table. Text from images is escaped, so it cannot make one.
"""

from __future__ import annotations

import re

_FOLD = re.compile(r"<p><em>([\w, ]+)</em></p>\n(<table>(?:(?!</table>).)*</table>)", re.DOTALL)


def with_lists_folded(html: str) -> str:
    """The same page with its long lists folded."""
    return _FOLD.sub(r"<details class=ri-more><summary>\1</summary>\2</details>", html) if "<p><em>" in html else html
