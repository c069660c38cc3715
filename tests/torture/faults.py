"""Faults injected into the file operations of this process.

`install()` comes before anything of the product is imported. From then on, files are opened and written by Python's own
`_pyio`, which calls `os`. All operations of `os` that change a file system are counted, and the fault happens at one.
"""

from __future__ import annotations

import _pyio  # type: ignore[import-not-found]
import builtins
import errno
import io
import os
import signal
from collections.abc import Callable
from typing import Any, Literal, get_args

import msgspec

Kind = Literal["kill", "torn write", "short write", "EIO", "ENOSPC", "EACCES"]
KINDS: tuple[Kind, ...] = get_args(Kind)

_PATHS = ("rename", "replace", "link", "symlink", "mkdir", "unlink", "remove", "rmdir", "truncate", "chmod", "utime")
_DESCRIPTORS = ("write", "fsync", "ftruncate", "sendfile", "copy_file_range")
_WRITES = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC


class Fault(msgspec.Struct, frozen=True, kw_only=True):
    """What happens, and at which operation; the first one is 1."""

    kind: Kind
    at: int


class _Injector:
    """Counts operations, and lets the fault happen."""

    def __init__(self) -> None:
        self.fault: Fault | None = None
        self.names: list[str] = []
        """Of the operations so far."""
        self.descriptors: set[int] = set()
        """Of files that are open for writing. Pipes and terminals are not counted."""

    def is_due(self, name: str) -> bool:
        self.names.append(name)
        return self.fault is not None and len(self.names) == self.fault.at

    def strike(self, path: object, write_half: Callable[[], int]) -> int | None:
        """Let the fault happen at an operation; a number is the result of a short write."""
        assert self.fault
        match self.fault.kind:
            case "torn write":
                write_half()
                os.kill(os.getpid(), signal.SIGKILL)
            case "short write":
                return write_half()
            case "kill":
                os.kill(os.getpid(), signal.SIGKILL)
            case kind:
                number = getattr(errno, kind)
                raise OSError(number, os.strerror(number), path)
        return None


_INJECTOR = _Injector()


def install() -> None:
    """Send all file operations of this process through the counter."""
    builtins.open = io.open = _pyio.open
    io.FileIO = _pyio.FileIO  # type: ignore[misc]
    for name in _PATHS:
        setattr(os, name, _counted_path(name, getattr(os, name)))
    for name in _DESCRIPTORS:
        setattr(os, name, _counted_descriptor(name, getattr(os, name)))
    os.open = _counted_open(os.open)
    os.close = _forgetting_close(os.close)  # type: ignore[assignment]


def arm(fault: Fault | None) -> None:
    """Begin to count, and let a fault happen when its operation comes."""
    _INJECTOR.fault = fault
    _INJECTOR.names.clear()


def operations() -> tuple[str, ...]:
    """The names of the operations so far."""
    return tuple(_INJECTOR.names)


def can_happen(kind: Kind, operation: str) -> bool:
    """Only a write can be short or torn, and permission to write is checked before."""
    if kind in {"short write", "torn write"}:
        return operation == "write"
    return kind != "EACCES" or operation not in _DESCRIPTORS


def _counted_path(name: str, real: Callable[..., Any]) -> Callable[..., Any]:
    def operation(path: Any, *arguments: Any, **options: Any) -> Any:
        if _INJECTOR.is_due(name):
            _INJECTOR.strike(path, lambda: 0)
        return real(path, *arguments, **options)

    return operation


def _counted_descriptor(name: str, real: Callable[..., Any]) -> Callable[..., Any]:
    def operation(descriptor: int, *arguments: Any, **options: Any) -> Any:
        is_counted = name == "fsync" or descriptor in _INJECTOR.descriptors  # folders are open for reading
        if is_counted and _INJECTOR.is_due(name):
            result = _INJECTOR.strike(None, lambda: _write_half(real, descriptor, arguments))
            if result is not None:
                return result
        return real(descriptor, *arguments, **options)

    return operation


def _write_half(real: Callable[..., int], descriptor: int, arguments: tuple[Any, ...]) -> int:
    content = bytes(arguments[0])
    return real(descriptor, content[: max(1, len(content) // 2)])


def _counted_open(real: Callable[..., int]) -> Callable[..., int]:
    def operation(path: Any, flags: int, *arguments: Any, **options: Any) -> int:
        is_writing = bool(flags & _WRITES) and path != os.devnull
        if is_writing and _INJECTOR.is_due("open"):
            _INJECTOR.strike(path, lambda: 0)
        descriptor = real(path, flags, *arguments, **options)
        if is_writing:
            _INJECTOR.descriptors.add(descriptor)
        return descriptor

    return operation


def _forgetting_close(real: Callable[[int], None]) -> Callable[[int], None]:
    def operation(descriptor: int) -> None:
        _INJECTOR.descriptors.discard(descriptor)
        real(descriptor)

    return operation
