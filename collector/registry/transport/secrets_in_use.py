"""The secrets that were sent, so that they are not printed if a server repeats them."""

from __future__ import annotations

import base64
import binascii
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import quote, quote_plus, unquote, urlsplit

from collector.errors import RegistryError
from collector.registry.transport.redaction import Secret, shown_text

_MAX_FORMS = 5000
"""The newest are kept: a token is valid for minutes, and each repository gets a new one."""
_MAX_TEXT = 8000
_SHORT = 4


class SecretsInUse:
    """Every secret that was sent, in the forms in which a text may repeat it. Many threads may share it."""

    def __init__(self) -> None:
        self._forms: dict[str, None] = {}
        """In lower case, as a server may change the case. The newest is the last."""
        self._lock = threading.Lock()

    def add(self, secret: Secret, *, username: str = "") -> None:
        """Add a secret; with a user name also the pair in `Authorization: Basic`."""
        text = secret.reveal()
        if not text:
            return
        with self._lock:
            for form in _forms(text, username):
                self._forms.pop(form, None)
                self._forms[form] = None
            while len(self._forms) > _MAX_FORMS:
                del self._forms[next(iter(self._forms))]

    def add_authorization(self, value: str) -> None:
        """Add the value of a header `Authorization`."""
        scheme, _, sent = value.partition(" ")
        self.add(Secret(sent))
        if scheme == "Basic":
            try:
                username, _, password = base64.b64decode(sent).decode().partition(":")
            except (binascii.Error, ValueError):
                return
            self.add(Secret(password), username=username)

    def add_from_url(self, url: str) -> None:
        """Add the password in an address, such as that of a proxy."""
        parts = urlsplit(url)
        if parts.password:
            self.add(Secret(unquote(parts.password)), username=unquote(parts.username or ""))

    def remove_from(self, text: str) -> str:
        """The text with `…` instead of each secret."""
        with self._lock:
            lowered = text.lower()
            forms = [form for form in self._forms if form in lowered]
        # The longest first: a secret may begin with another.
        for form in sorted(forms, key=len, reverse=True):
            text = _pattern(form).sub("…", text)
        return text

    def shown(self, text: str) -> str:
        """A text from outside as one short line, without secrets."""
        return shown_text(self.remove_from(text[:_MAX_TEXT]))

    @contextmanager
    def kept_out_of_errors(self, subject: str) -> Iterator[None]:
        """A context in which no error of the registry contains a secret. `subject`: our own text, which is kept."""
        try:
            yield
        except RegistryError as error:
            message = str(error)
            own = subject if message.startswith(subject) else ""
            error.args = (own + self.remove_from(message[len(own) :]),)
            raise


def _forms(text: str, username: str) -> set[str]:
    plain = {text, f"{username}:{text}"} if username else {text}
    forms = {text}
    for each in plain:
        encoded = base64.b64encode(each.encode()).decode().rstrip("=")
        forms |= {encoded, encoded.replace("+", "-").replace("/", "_"), quote(each, safe=""), quote_plus(each)}
    return {form.lower() for form in forms}


def _pattern(form: str) -> re.Pattern[str]:
    """A very short secret is replaced only as a separate word: inside other words it may be a coincidence."""
    escaped = re.escape(form)
    return re.compile(rf"(?<!\w){escaped}(?!\w)" if len(form) < _SHORT else escaped, re.IGNORECASE)
