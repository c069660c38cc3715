"""Faults injected into the file operations of this process.

`install()` comes before anything of the product is imported. From then on, files are opened and written by Python's own
`_pyio`, which calls `os`. All operations of `os` that change a file system are counted, and the fault happens at one,
or from one on. Nothing is really synced: that would take the most time, and the power log knows what is safe.
"""

from __future__ import annotations

import _pyio  # type: ignore[import-not-found]
import builtins
import datetime
import errno
import fcntl
import io
import os
import signal
from collections.abc import Callable, Iterable
from types import ModuleType
from typing import Any, Literal, get_args

import msgspec

from tests.torture.power import Loss, PowerLog, resolve

Kind = Literal[
    "kill", "torn write", "short write", "EIO", "ENOSPC", "EACCES", "failing fsync", "full disk", "read-only",
    "no locks", "lost writes", "lost names", "reordered", "clock ahead", "clock behind",
]  # fmt: skip
KINDS: tuple[Kind, ...] = get_args(Kind)
LOSSES: tuple[Loss, ...] = get_args(Loss)
CLOCKS = {"clock ahead": 3650, "clock behind": -3650}
"""Days by which the clock jumps."""

END = 2**31
"""In the place of an operation: the end of a run. Its number is not known before, since a collection writes in one go
what has arrived by then."""

_ERRORS = {"failing fsync": errno.EIO, "full disk": errno.ENOSPC, "read-only": errno.EROFS, "no locks": errno.ENOLCK}
_LASTING = frozenset({"full disk", "read-only", "no locks"})
_PATHS = ("rename", "replace", "link", "symlink", "mkdir", "unlink", "remove", "rmdir", "truncate", "chmod", "utime")
_FREEING = frozenset({"unlink", "remove", "rmdir", "truncate", "ftruncate", "rename", "replace", "chmod", "utime"})
"""Operations that still succeed on a full disk."""
_DESCRIPTORS = ("write", "pwrite", "fsync", "ftruncate", "sendfile", "copy_file_range")
_WRITES = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC

_ONLY_AT = {"short write": {"write"}, "torn write": {"write"}, "failing fsync": {"fsync"}, "no locks": {"flock"}}
_NEVER_AT = {
    "EACCES": {*_DESCRIPTORS, "flock"},  # permission is checked before
    "ENOSPC": {*_FREEING, "flock"},
    "full disk": {*_FREEING, "flock"},
    "read-only": {"fsync", "flock"},
}
NOW = datetime.datetime(2026, 11, 20, 8, tzinfo=datetime.UTC)
"""The time in every run, until the clock jumps."""


class Fault(msgspec.Struct, frozen=True, kw_only=True):
    """A fault and its operation. The first operation is 1."""

    kind: Kind
    at: int


def can_happen(kind: Kind, operation: str) -> bool:
    """Whether a kind of fault can begin at an operation."""
    return operation in _ONLY_AT.get(kind, {operation}) and operation not in _NEVER_AT.get(kind, ())


class _Injector:
    """Counts operations, and causes the fault."""

    def __init__(self) -> None:
        self.fault: Fault | None = None
        self.names: list[str] = []
        """The names of the operations so far."""
        self.descriptors: set[int] = set()
        """The descriptors of files that are open for writing. Pipes and terminals are not counted."""
        self.power: PowerLog | None = None
        self.jump = datetime.timedelta()

    def arm(self, fault: Fault | None, folder: str) -> None:
        self.fault = fault
        self.names.clear()
        if fault and fault.kind in LOSSES:
            self.power = PowerLog()
            self.power.start(folder)

    def is_due(self, name: str) -> bool:
        self.names.append(name)
        if self.fault is None or len(self.names) < self.fault.at:
            return False
        if self.fault.kind in _LASTING:
            return can_happen(self.fault.kind, name)
        return len(self.names) == self.fault.at

    def strike(self, path: object, write_half: Callable[[], int]) -> int | None:
        """Cause the fault at an operation; a number is the result of a short write."""
        assert self.fault
        match self.fault.kind:
            case "torn write":
                write_half()
                _die()
            case "short write":
                return write_half()
            case "kill":
                _die()
            case "lost writes" | "lost names" | "reordered" as loss:
                power, self.power = self.power, None
                assert power
                power.lose(loss, self.fault.at)
                _die()
            case "clock ahead" | "clock behind" as kind:
                self.jump = datetime.timedelta(days=CLOCKS[kind])
            case kind:
                number = _ERRORS.get(kind) or getattr(errno, kind)
                raise OSError(number, os.strerror(number), path)
        return None

    def end(self) -> None:
        """End the run; a power loss may still follow."""
        if self.power and self.fault and self.fault.at == END:
            self.strike(None, lambda: 0)


def _die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


_INJECTOR = _Injector()
arm = _INJECTOR.arm
"""Begin to count, and cause a fault at its operation."""
end = _INJECTOR.end


def operations() -> tuple[str, ...]:
    """The names of the operations so far."""
    return tuple(_INJECTOR.names)


def install() -> None:
    """Route all file operations of this process through the counter."""
    builtins.open = io.open = _pyio.open
    io.FileIO = _pyio.FileIO  # type: ignore[misc]
    for name in _PATHS:
        setattr(os, name, _counted_path(name, getattr(os, name)))
    for name in _DESCRIPTORS:
        setattr(os, name, _counted_descriptor(name, getattr(os, name)))
    os.open = _counted_open(os.open)
    os.close = _forgetting_close(os.close)  # type: ignore[assignment]
    fcntl.flock = _counted_lock(fcntl.flock)


def install_clock(modules: Iterable[ModuleType]) -> None:
    """Make imported modules use our clock."""
    for module in modules:
        if getattr(module, "datetime", None) is datetime.datetime:
            vars(module)["datetime"] = _Clock


class _Clock(datetime.datetime):
    @classmethod
    def now(cls, tz: datetime.tzinfo | None = None) -> datetime.datetime:  # type: ignore[override]
        return (NOW + _INJECTOR.jump).astimezone(tz)


def _counted_path(name: str, real: Callable[..., Any]) -> Callable[..., Any]:
    def operation(path: Any, *arguments: Any, **options: Any) -> Any:
        if _INJECTOR.is_due(name):
            _INJECTOR.strike(path, lambda: 0)
        if _INJECTOR.power and name not in {"truncate", "chmod", "utime"}:
            _log(_INJECTOR.power, name, path, arguments, options)
        return real(path, *arguments, **options)

    return operation


def _log(power: PowerLog, name: str, path: Any, arguments: tuple[Any, ...], options: dict[str, Any]) -> None:
    first = resolve(path, options.get("src_dir_fd") if "src_dir_fd" in options else options.get("dir_fd"))
    if name in {"rename", "replace"}:
        power.renaming(first, resolve(arguments[0], options.get("dst_dir_fd")))
    elif name in {"unlink", "remove", "rmdir"}:
        power.removing(first)
    elif name == "mkdir":
        if not os.path.lexists(first):
            power.making(first)
    else:
        power.making(resolve(arguments[0], options.get("dst_dir_fd")))


def _counted_descriptor(name: str, real: Callable[..., Any]) -> Callable[..., Any]:
    def operation(descriptor: int, *arguments: Any, **options: Any) -> Any:
        is_counted = name == "fsync" or descriptor in _INJECTOR.descriptors  # folders are open for reading
        if is_counted and _INJECTOR.is_due(name):
            result = _INJECTOR.strike(None, lambda: _write_half(real, descriptor, arguments))
            if result is not None:
                return result
        if name != "fsync":
            return real(descriptor, *arguments, **options)
        if _INJECTOR.power:
            _INJECTOR.power.synced(descriptor)
        return None

    return operation


def _write_half(real: Callable[..., int], descriptor: int, arguments: tuple[Any, ...]) -> int:
    content = bytes(arguments[0])
    return real(descriptor, content[: max(1, len(content) // 2)], *arguments[1:])


def _counted_open(real: Callable[..., int]) -> Callable[..., int]:
    def operation(path: Any, flags: int, *arguments: Any, **options: Any) -> int:
        if not flags & _WRITES or path == os.devnull:
            return real(path, flags, *arguments, **options)
        if _INJECTOR.is_due("open"):
            _INJECTOR.strike(path, lambda: 0)
        opened = _INJECTOR.power.opening(path, flags, options.get("dir_fd")) if _INJECTOR.power else None
        descriptor = real(path, flags, *arguments, **options)
        if opened:
            opened(descriptor)
        _INJECTOR.descriptors.add(descriptor)
        return descriptor

    return operation


def _forgetting_close(real: Callable[[int], None]) -> Callable[[int], None]:
    def operation(descriptor: int) -> None:
        _INJECTOR.descriptors.discard(descriptor)
        real(descriptor)

    return operation


def _counted_lock(real: Callable[..., None]) -> Callable[..., None]:
    def operation(file: Any, how: int) -> None:
        if _INJECTOR.is_due("flock"):
            _INJECTOR.strike(None, lambda: 0)
        real(file, how)

    return operation
