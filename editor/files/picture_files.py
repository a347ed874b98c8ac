"""Pictures in and out of files: the one door through which the editor touches a user's photos."""

from __future__ import annotations

import contextlib
import errno
import os
import secrets
import stat
from dataclasses import replace
from pathlib import Path

from editor.files import xmp
from editor.files.decoding import decode_picture
from editor.files.encoding import ExportFormat, encode_picture
from editor.files.picture import MAX_PIXELS, Metadata, Picture, PictureError
from editor.files.system_errors import system_reason
from editor.messages import Message, message

__all__ = [
    "MAX_PIXELS",
    "ExportFormat",
    "Metadata",
    "Picture",
    "PictureError",
    "decode_picture",
    "encode_picture",
    "open_picture",
    "read_recipe",
    "same_file",
    "why_not_into",
    "write_atomically",
]

MAX_FILE_BYTES = 2 << 30
"""200 megapixels of 16-bit RGBA are 1.5 GiB: a larger file is no picture that can be opened."""


def open_picture(path: str | Path) -> Picture:
    """The picture in a file, whatever its name ends in.

    Raises:
        PictureError: for a file that cannot be read, or is not a whole, readable picture.
    """
    path = Path(path)
    picture = decode_picture(_read(path), path.name)
    return replace(picture, path=path)


def read_recipe(picture: Picture | bytes) -> str | None:
    """The recipe (a JSON string) in an exported picture, or in its file's bytes; None without one.

    Raises:
        PictureError: for bytes that are not a picture.
    """
    if isinstance(picture, bytes):
        picture = decode_picture(picture)
    return xmp.recipe(picture.metadata.xmp)


def same_file(a: str | Path, b: str | Path) -> bool:
    """Whether two names lead to one file, by links too, or would if it were there."""
    try:
        return os.path.samefile(a, b)
    except (OSError, ValueError):  # one of them is not there
        return os.path.realpath(a) == os.path.realpath(b)


def why_not_into(path: Path) -> Message | None:
    """Why no file can be written into the folder of this one; None where nothing speaks against."""
    if not path.parent.is_dir():
        return message("no-such-folder", folder=str(path.parent), name=path.name)
    if not os.access(path.parent, os.W_OK):
        return message("may-not-write", folder=str(path.parent), name=path.name)
    return None


def write_atomically(path: str | Path, data: bytes, *, overwrite: bool = False) -> None:
    """Write a file whole or not at all: no reader ever sees half of it, and no failure leaves it.

    The data goes to a new file in the same folder, to the disk, and only then takes the name.

    Args:
        path: where to; a link is followed.
        data: the whole content.
        overwrite: whether an existing file may be replaced (it keeps its permissions).

    Raises:
        PictureError: when the name is taken, the disk full, the folder missing or read-only.
    """
    path = Path(path)
    part: Path | None = None
    try:
        target = Path(os.path.realpath(path)) if overwrite else path
        if target.is_dir():
            raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR))
        if not overwrite and os.path.lexists(target):
            raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST))
        part = target.parent / f".pentimento-{secrets.token_hex(8)}.part"
        # Not `tempfile`: its files are private (0600), an exported photo follows the umask.
        with open(part, "xb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        _move(part, target, overwrite)
    except (OSError, ValueError) as error:
        raise PictureError(_why_not_written(path, error)) from error
    finally:
        if part is not None:
            with contextlib.suppress(OSError):
                part.unlink()
    _sync_folder(target.parent)


def take_name(part: Path, target: Path, *, overwrite: bool = False) -> None:
    """Give a finished file its name in the same file system, in one step.

    Args and errors are those of `write_atomically`.
    """
    try:
        _move(part, Path(os.path.realpath(target)) if overwrite else target, overwrite)
    except (OSError, ValueError) as error:
        raise PictureError(_why_not_written(target, error)) from error
    part.unlink(missing_ok=True)
    _sync_folder(target.parent)


def _move(part: Path, target: Path, overwrite: bool) -> None:
    if not overwrite:
        _move_to_free_name(part, target)
        return
    if target.exists():
        part.chmod(stat.S_IMODE(target.stat().st_mode))
    os.replace(part, target)


def _move_to_free_name(part: Path, target: Path) -> None:
    """Give a finished file its name, unless another file has it (FileExistsError), in one step."""
    if os.name == "nt":
        os.rename(part, target)  # refuses a taken name on Windows
        return
    try:
        os.link(part, target)
    except FileExistsError:
        raise
    except OSError:  # a file system without links (FAT, some network drives): reserve the name
        with open(target, "xb"):
            pass
        try:
            os.replace(part, target)
        except BaseException:
            target.unlink(missing_ok=True)
            raise


def _sync_folder(folder: Path) -> None:
    """Bring the new name itself to the disk, where the system can (not on Windows)."""
    with contextlib.suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def _read(path: Path) -> bytes:
    name = path.name or str(path)
    try:
        with open(path, "rb", opener=_open_without_waiting) as file:
            found = os.fstat(file.fileno())
            if not stat.S_ISREG(found.st_mode):
                raise PictureError(message("not-a-file", name=name))
            if found.st_size > MAX_FILE_BYTES:
                most = MAX_FILE_BYTES >> 30
                raise PictureError(message("file-too-large", name=name, gigabytes=most))
            return file.read()
    except MemoryError:
        raise PictureError(message("no-memory-to-open", name=name)) from None
    except (OSError, ValueError) as error:
        raise PictureError(_why_not_read(path, name, error)) from error


def _open_without_waiting(path: str, flags: int) -> int:
    """Open a file; a named pipe at once instead of when somebody writes into it."""
    return os.open(path, flags | getattr(os, "O_NONBLOCK", 0))


def _why_not_read(path: Path, name: str, error: Exception) -> Message:
    if isinstance(error, IsADirectoryError) or os.path.isdir(path):
        return message("is-a-folder", name=name)
    if isinstance(error, (FileNotFoundError, NotADirectoryError)):
        return message("no-such-file", path=str(path))
    if isinstance(error, PermissionError):
        return message("may-not-read", name=name)
    return message("not-read", name=name, why=system_reason(error))


def _why_not_written(path: Path, error: Exception) -> Message:
    code = error.errno if isinstance(error, OSError) else None
    name, folder = path.name, str(path.parent)
    if isinstance(error, FileExistsError):
        return message("exists-already", name=name)
    if isinstance(error, IsADirectoryError):
        return message("output-is-a-folder", path=str(path))
    if code in (errno.ENOSPC, errno.EDQUOT):
        return message("disk-full", name=name)
    if code in (errno.EACCES, errno.EPERM, errno.EROFS):
        return message("may-not-write", folder=folder, name=name)
    if isinstance(error, (FileNotFoundError, NotADirectoryError)):
        return message("no-such-folder", folder=folder, name=name)
    if code == errno.ENAMETOOLONG:
        return message("name-too-long", start=name[:40])
    return message("not-written", name=name, why=system_reason(error))
