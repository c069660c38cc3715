"""The images that compose files and Kubernetes manifests name: every `image:` and `dockerfile_inline:` with a text.

Sources: compose-spec, "image", "dockerfile_inline" and "Interpolation"; Kubernetes API, Container.image.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import msgspec
import yaml

from collector.dockerfiles.dockerfile import MAX_CHARACTERS, MAX_IMAGES, NamedImage, parse_dockerfile
from collector.dockerfiles.variables import expand
from collector.errors import InvalidValue

_NULL = "tag:yaml.org,2002:null"
_DOCKERFILE = "dockerfile_inline"
_KEYS = frozenset({"image", _DOCKERFILE})
_NO_PIN = "only Dockerfiles are written"
_SIGNS = re.compile(r"""[\\'"]""")


def parse_yaml(text: str) -> list[NamedImage]:
    """The images of a YAML file with one or several documents, in its order.

    Raises:
        InvalidValue: the text is not YAML, is longer than 1 MiB, or names more than 1,000 images.
    """
    if len(text) > MAX_CHARACTERS:
        raise InvalidValue("longer than 1 MiB", hint="name a compose file or a Kubernetes manifest")
    found: list[NamedImage] = []
    try:
        for document in yaml.compose_all(text, Loader=yaml.SafeLoader):
            for key, node in sorted(_iter_texts(document), key=lambda found: (found[1].start_mark.index, found[0])):
                found.extend(_images_of(node) if key == _DOCKERFILE else [_named(node)])
                if len(found) > MAX_IMAGES:
                    raise InvalidValue(f"more than {MAX_IMAGES} images")
    except (yaml.YAMLError, RecursionError, ValueError) as error:
        line = getattr(getattr(error, "problem_mark", None), "line", None)
        place = "" if line is None else f", line {line + 1}"
        raise InvalidValue(f"unreadable YAML{place}") from None
    return found


def _iter_texts(document: yaml.Node | None) -> Iterator[tuple[str, yaml.ScalarNode]]:
    """The texts of the keys. Each node is visited and found once: an alias may repeat it any number of times."""
    waiting = [document] if document else []
    visited: set[int] = set()
    found: set[tuple[str, int]] = set()
    while waiting:
        node = waiting.pop()
        if id(node) in visited:
            continue
        visited.add(id(node))
        if isinstance(node, yaml.MappingNode):
            for key, value in node.value:
                waiting.append(value)
                if _is_text(key, value) and (key.value, id(value)) not in found:
                    found.add((key.value, id(value)))
                    yield key.value, value
        elif isinstance(node, yaml.SequenceNode):
            waiting.extend(node.value)


def _is_text(key: yaml.Node, value: yaml.Node) -> bool:
    is_named = isinstance(key, yaml.ScalarNode) and key.value in _KEYS
    return is_named and isinstance(value, yaml.ScalarNode) and bool(value.value) and value.tag != _NULL


def _images_of(node: yaml.ScalarNode) -> list[NamedImage]:
    """The images that a Dockerfile in a compose file names. Lines are known of a literal text (`|`), which is below.

    A variable of compose counts as one of the Dockerfile; a doubled dollar stands for one.
    """
    first = node.start_mark.line + 1
    text = str(node.value).replace("$$", "$")
    if not text.strip():
        return []
    try:
        images = parse_dockerfile(text)
    except InvalidValue as error:
        return [NamedImage(line=first, written=_DOCKERFILE, reference="", span=None, problem=str(error))]
    return [
        msgspec.structs.replace(
            image,
            line=first + image.line if node.style == "|" else first,
            span=None,
            problem=_NO_PIN if image.reference else image.problem,
        )
        for image in images
    ]


def _named(node: yaml.ScalarNode) -> NamedImage:
    written = str(node.value)
    # The dollar is the only special character in compose files; a doubled dollar stands for itself.
    literal = _SIGNS.sub(r"\\\g<0>", written).replace("$$", r"\$")
    line = node.start_mark.line + 1
    try:
        expanded = expand(literal, {})
    except InvalidValue as error:
        return NamedImage(line=line, written=written, reference="", span=None, problem=str(error))
    return NamedImage(line=line, written=written, reference=expanded.text, span=None, problem=_NO_PIN)
