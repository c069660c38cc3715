"""The layout of a tag's page: two columns, and a switch between its commands.

In the Markdown three thematic breaks enclose the columns, and the commands are blocks of code one after the other. Text
from images cannot make either: it is escaped, or in a block of its own.
"""

from __future__ import annotations

import re

_BREAK = "<hr />\n"
_BLOCK = r'<pre><code class="language-(?:console|dockerfile)">[^<]*</code></pre>\n'
_COMMANDS = re.compile(rf"(?:{_BLOCK}){{2,3}}")
_COMMAND = re.compile(_BLOCK)


def with_columns(html: str) -> str:
    """The same page, with a switch between its commands, and its columns side by side where there is room."""
    if "language-dockerfile" in html:
        top, heading, rest = html.partition("<h2")
        html = f"{_COMMANDS.sub(_switch, top, count=1)}{heading}{rest}"
    parts = html.split(_BREAK)
    if len(parts) != 4:
        return html
    above, left, right, below = parts
    return f"{above}<div class=ri-columns><div>\n{left}</div><div>\n{right}</div></div>\n{below}"


def _switch(commands: re.Match[str]) -> str:
    """Commands of which one is shown, chosen by name, without JavaScript."""
    blocks = _COMMAND.findall(commands[0])
    choices = "".join(
        f"<label><input type=radio name=pull{'' if place else ' checked'}>{_name(block)}</label>"
        for place, block in enumerate(blocks)
    )
    return f'<div class=ri-pull role=radiogroup aria-label="Which command">{choices}{"".join(blocks)}</div>\n'


def _name(block: str) -> str:
    if "language-dockerfile" in block:
        return "FROM"
    return "Pinned" if "@" in block else "Tag"
