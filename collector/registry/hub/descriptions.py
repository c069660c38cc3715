"""Reads and writes the descriptions of a repository on Docker Hub.

Reading is documented (docs.docker.com/reference/api/hub). Writing is not; it follows docker-library/docs and
peter-evans/dockerhub-description: PATCH /v2/repositories/<namespace>/<name>/.
"""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from collector.errors import AccessDenied, RegistryError, UntrustedAnswer, UsageError
from collector.model.json_text import NOT_DECODABLE
from collector.model.references import Repository
from collector.registry.auth.credentials import Credential
from collector.registry.client import RegistryClient
from collector.registry.error_answers import complaint_of, raise_for
from collector.registry.hub.session import ADDRESS, HubSession
from collector.registry.transport.http import Answer
from collector.registry.transport.redaction import Secret

USERNAME, TOKEN = "DOCKERHUB_USERNAME", "DOCKERHUB_TOKEN"
"""Names in the environment."""


class HubDescription(msgspec.Struct, frozen=True, kw_only=True):
    """The descriptions of a repository on Docker Hub."""

    short: str
    full: str
    """Markdown."""


class _Repository(msgspec.Struct):
    description: str | None = None
    full_description: str | None = None


class _Refusal(msgspec.Struct):
    """The faults of each field, in one form of the answer."""

    description: list[str] = []
    full_description: list[str] = []


class HubDescriptions:
    """Reads and writes descriptions with the login of one person or organisation."""

    def __init__(self, client: RegistryClient, *, address: str = ADDRESS, credential: Credential | None = None) -> None:
        """`credential`: from `credential_from`; None to use Docker's files and helpers, as for pulling."""
        self._session = HubSession(client, address=address, credential=credential)

    def read(self, repository: Repository) -> HubDescription:
        """Read the current descriptions.

        Raises:
            NotFoundInRegistry: Docker Hub does not have the repository.
            AccessDenied: the repository is private, or the login was refused.
            UsageError: it is not on Docker Hub.
        """
        namespace, name = self._session.names(repository)
        subject = self._subject(repository)
        url = f"{self._session.address}/v2/namespaces/{namespace}/repositories/{name}"
        answer = self._session.ask(repository, url, subject)
        raise_for(answer, subject)
        return _read(answer, subject)

    def check_may_write(self, repository: Repository) -> None:
        """Raise if there are no credentials for writing. Makes no request.

        Raises:
            AccessDenied: there is neither a password nor an access token.
            UsageError: it is not on Docker Hub.
        """
        self._session.names(repository)
        if not self._session.credential_for(repository).password:
            hint = f"set {USERNAME} and {TOKEN}, or docker login with an access token"
            raise AccessDenied(
                f"{self._subject(repository)}: writing it needs a password or an access token", hint=hint
            )

    def write(self, repository: Repository, *, short: str | None = None, full: str | None = None) -> None:
        """Write one of the descriptions or both; None leaves it unchanged.

        Raises:
            AccessDenied: the login has no permission to write.
            RegistryError: Docker Hub refuses the text.
        """
        namespace, name = self._session.names(repository)
        subject = self._subject(repository)
        fields = {"description": short, "full_description": full}
        content = {field: text for field, text in fields.items() if text is not None}
        url = f"{self._session.address}/v2/repositories/{namespace}/{name}/"
        answer = self._session.ask(repository, url, subject, method="PATCH", content=content)
        if answer.status in {401, 403}:
            hint = (
                "use an access token of an administrator of the repository, with permission to read, write and delete"
            )
            raise AccessDenied(f"{subject}: no permission to write it{complaint_of(answer)}", hint=hint)
        if answer.status == 400:
            raise RegistryError(
                f"{subject}: refused{_reason(answer)}", hint="check that it is not longer than Docker Hub allows"
            )
        raise_for(answer, subject)

    def _subject(self, repository: Repository) -> str:
        return f"the description of {repository} on {self._session.origin}"


def credential_from(environment: Mapping[str, str]) -> Credential | None:
    """The credential in the environment; None if there is none.

    Raises:
        UsageError: one half is missing.
    """
    username, token = environment.get(USERNAME, ""), environment.get(TOKEN, "")
    if bool(username) != bool(token):
        missing = TOKEN if username else USERNAME
        raise UsageError(f"{missing} is not set", hint=f"set both {USERNAME} and {TOKEN}, or unset both")
    return Credential(username=username, password=Secret(token)) if token else None


def _read(answer: Answer, subject: str) -> HubDescription:
    try:
        found = msgspec.json.decode(answer.body, type=_Repository)
    except NOT_DECODABLE:
        raise UntrustedAnswer(f"{subject}: Docker Hub's answer has an unknown form") from None
    return HubDescription(short=found.description or "", full=found.full_description or "")


def _reason(answer: Answer) -> str:
    if said := str(complaint_of(answer)):
        return said
    try:
        refusal = msgspec.json.decode(answer.body, type=_Refusal)
    except NOT_DECODABLE:
        return ""
    why = " ".join([*refusal.description, *refusal.full_description])
    return f" ({answer.secrets.shown(why)})" if why else ""
