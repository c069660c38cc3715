"""Names of images as Docker reads them.

The inputs are those of distribution/reference (reference_test.go, normalize_test.go); the results are Docker's.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from collector.archive.layout import folder_of, repository_of
from collector.errors import InvalidValue, UsageError
from collector.model.digests import parse_digest_prefix
from collector.model.references import original_of, parse_asked, parse_repository
from collector.pages.addresses import Addresses

HEX = "1a3f5e7d9c1b3a5f7e9d1c3b5a7f9e1d3c5b7a9f1e3d5d7c9b1a3f5e7d9c1b3a"
SHA256, SHA512 = "sha256:" + "f" * 64, "sha512:" + "f" * 128
SONG = "thisisthesongthatneverendsitgoesonandonandonthisisthesongthatnev"

NAMES = {
    "docker/docker": "docker.io/docker/docker",
    "library/debian": "docker.io/library/debian",
    "debian": "docker.io/library/debian",
    "docker.io/debian": "docker.io/library/debian",
    "docker.io/library/debian": "docker.io/library/debian",
    "docker.io/library/foo/bar": "docker.io/library/foo/bar",
    "store/foo/bar": "docker.io/store/foo/bar",
    "index.docker.io/docker/docker": "docker.io/docker/docker",
    "index.docker.io/debian": "docker.io/library/debian",
    "127.0.0.1:5000/docker/docker": "127.0.0.1:5000/docker/docker",
    "127.0.0.1:5000/debian": "127.0.0.1:5000/debian",
    "192.168.0.1": "docker.io/library/192.168.0.1",
    "192.168.0.1:8/debian": "192.168.0.1:8/debian",
    SONG: f"docker.io/library/{SONG}",
    "[fc00::1]:5000/docker": "[fc00::1]:5000/docker",
    "[fc00::1]:5000/docker/docker": "[fc00::1]:5000/docker/docker",
    "[fc00:1:2:3:4:5:6:7]:5000/library/debian": "[fc00:1:2:3:4:5:6:7]:5000/library/debian",
    "[2001:db8::1]/repo": "[2001:db8::1]/repo",
    "[2001:db8::]:5000/repo": "[2001:db8::]:5000/repo",
    f"docker.io/{HEX}": f"docker.io/library/{HEX}",
    HEX[:-1]: f"docker.io/library/{HEX[:-1]}",
    "Docker/docker": "Docker/docker",
    "DOCKER/docker": "DOCKER/docker",
    "Registry.Example.com:5000/app": "Registry.Example.com:5000/app",
    "docker---rules/docker": "docker.io/docker---rules/docker",
    "d/docker": "docker.io/d/docker",
    "dock__er/docker": "docker.io/dock__er/docker",
    "test_com/foo": "docker.io/test_com/foo",
    "test-com:8080/foo": "test-com:8080/foo",
    "xn--n3h.com:18080/foo": "xn--n3h.com:18080/foo",
    "sub-dom1.foo.com/bar/baz/quux": "sub-dom1.foo.com/bar/baz/quux",
    "b.gcr.io/test.example.com/my-app": "b.gcr.io/test.example.com/my-app",
    "foo/foo_bar.com": "docker.io/foo/foo_bar.com",
    "a/" * 127 + "a": "docker.io/" + "a/" * 127 + "a",
    "registry.example.com/" + "a/" * 127 + "a": "registry.example.com/" + "a/" * 127 + "a",
}

INVALID = [
    "",
    "https://github.com/docker/docker",
    "docker/Docker",
    "-docker",
    "-docker/docker",
    "-docker.io/docker/docker",
    "docker///docker",
    "docker.io/docker/Docker",
    "docker.io/docker///docker",
    "[fc00::1]",
    "[fc00::1]:5000",
    "fc00::1:5000/debian",
    "[fe80::1%eth0]:5000/debian",
    "[fe80::1%@invalidzone]:5000/repo",
    "[2001:db8:3:4::192.0.2.33]:5000/debian",
    "[fc00::1]x/debian",
    "[:::]/debian",
    "[fc00::1/debian",
    HEX,
    "docker-/docker",
    "-docker-/docker",
    "____/____",
    "_docker/_docker",
    "dock..er/docker",
    "dock_.er/docker",
    "dock-.er/docker",
    "docker/",
    "aa/asdf$$^/aa",
    "Uppercase",
    "test:5000/Uppercase/lowercase",
    "a..b.com/x",
    "a-.com/x",
    "a/" * 128 + "a",
    "r" * 263 + ".io/a",
]

REFERENCES = [
    ("test_com", "docker.io/library/test_com", "latest", None),
    ("test.com:tag", "docker.io/library/test.com", "tag", None),
    ("test.com:5000", "docker.io/library/test.com", "5000", None),
    ("test.com/repo:tag", "test.com/repo", "tag", None),
    ("test:5000/repo", "test:5000/repo", "latest", None),
    ("test:5000/repo:tag", "test:5000/repo", "tag", None),
    (f"test:5000/repo@{SHA256}", "test:5000/repo", None, SHA256),
    (f"test:5000/repo:tag@{SHA256}", "test:5000/repo", "tag", SHA256),
    ("lowercase:Uppercase", "docker.io/library/lowercase", "Uppercase", None),
    ("Uppercase/lowercase:tag", "Uppercase/lowercase", "tag", None),
    ("a/" * 127 + "a:tag-puts-this-over-max", "docker.io/" + "a/" * 127 + "a", "tag-puts-this-over-max", None),
    ("b.gcr.io/test.example.com/my-app:test.example.com", "b.gcr.io/test.example.com/my-app", "test.example.com", None),
    (f"xn--7o8h.com/myimage:xn--7o8h.com@{SHA512}", "xn--7o8h.com/myimage", "xn--7o8h.com", SHA512),
    ("foo_bar.com:8080", "docker.io/library/foo_bar.com", "8080", None),
    ("192.168.1.1:5000", "docker.io/library/192.168.1.1", "5000", None),
    ("192.168.1.1:5000/repo:5050", "192.168.1.1:5000/repo", "5050", None),
    ("[2001:db8:1:2:3:4:5:6]/repo:tag", "[2001:db8:1:2:3:4:5:6]/repo", "tag", None),
    ("[2001:db8::1]:5000/repo", "[2001:db8::1]:5000/repo", "latest", None),
    ("[2001:db8::1]:5000/repo:tag", "[2001:db8::1]:5000/repo", "tag", None),
    (f"[2001:db8::1]:5000/repo@{SHA256}", "[2001:db8::1]:5000/repo", None, SHA256),
    (f"[2001:db8::1]:5000/repo:tag@{SHA256}", "[2001:db8::1]:5000/repo", "tag", SHA256),
    ("[::1]:5000/repo", "[::1]:5000/repo", "latest", None),
]

NOT_REFERENCES = [
    ":justtag",
    f"@{SHA256}",
    "repo@sha256:" + "f" * 34,
    # Docker refuses an algorithm that it does not know; here anything that an archive contains can be named.
    "validname@invalid_digest:" + "f" * 64,
    "Uppercase:tag",
    "test:5000/Uppercase/lowercase:tag",
    "a/" * 128 + "a:tag",
    "aa/asdf$$^/aa",
    "[2001:db8::1]",
    "[2001:db8::1]:5000",
    "[2001:db8::1]:tag",
    "[fe80::1%eth0]:5000/repo",
]


@pytest.mark.parametrize(("text", "full"), NAMES.items())
def test_a_name(text: str, full: str) -> None:
    repository = parse_repository(text)
    assert repository.name == full
    # The short form, and what the archive and the site write, lead back to the same image.
    assert parse_repository(repository.familiar) == parse_repository(full) == repository
    folder = folder_of(Path("/archive"), repository)
    assert repository_of(Path("/archive"), folder) == repository
    assert not set(":[]\\%?#") & set(str(folder) + Addresses([repository]).image(repository))


def test_names_have_folders_and_addresses_of_their_own() -> None:
    repositories = {parse_repository(text) for text in NAMES}
    assert len({folder_of(Path("/archive"), repository) for repository in repositories}) == len(repositories)
    assert len({Addresses(repositories).image(repository) for repository in repositories}) == len(repositories)


@pytest.mark.parametrize("text", INVALID)
def test_invalid_names(text: str) -> None:
    with pytest.raises(InvalidValue, match="not an image name"):
        parse_repository(text)


@pytest.mark.parametrize(("text", "name", "tag", "digest"), REFERENCES)
def test_a_reference(text: str, name: str, tag: str | None, digest: str | None) -> None:
    asked = parse_asked(text)
    assert (asked.repository.name, asked.tag, asked.digest) == (name, tag, digest)


@pytest.mark.parametrize("text", NOT_REFERENCES)
def test_invalid_references(text: str) -> None:
    with pytest.raises(UsageError):
        parse_asked(text)


@pytest.mark.parametrize(
    ("name", "original"),
    [
        ("mirror.gcr.io/library/python", "python"),
        ("mirror.gcr.io/python", "python"),
        ("mirror.gcr.io/bitnami/redis", "bitnami/redis"),
        ("public.ecr.aws/docker/library/python", "python"),
        ("public.ecr.aws/docker/other", None),
        ("public.ecr.aws/bitnami/redis", None),
        ("gcr.io/library/python", None),
        ("python", None),
    ],
)
def test_copies_of_docker_hubs_images(name: str, original: str | None) -> None:
    found = original_of(parse_repository(name))
    assert (found and found.familiar) == original


@pytest.mark.parametrize("algorithm", ["sha256:", "SHA256:", "sha256-", "sha512:", "blake3:", "app@blake3:", ""])
def test_the_digits_of_a_digest_by_any_registered_algorithm(algorithm: str) -> None:
    assert parse_digest_prefix(f"{algorithm}0123abcd") == "0123abcd"
