"""What the operating system says went wrong, as parts of sentences."""

from __future__ import annotations

import errno

from editor.messages import Message, message


def system_reason(error: Exception) -> Message:
    """Why a file could not be read or written; the system's own words stay in the error."""
    code = error.errno if isinstance(error, OSError) else None
    if code in (errno.ENOSPC, errno.EDQUOT):
        return message("reason-disk-full")
    if code in (errno.EACCES, errno.EPERM):
        return message("reason-no-permission")
    if code in (errno.ENOENT, errno.ENOTDIR):
        return message("reason-not-found")
    if code == errno.EROFS:
        return message("reason-read-only")
    if code == errno.ENAMETOOLONG:
        return message("reason-name-too-long")
    if isinstance(error, ValueError):  # such as a null character in a path
        return message("reason-bad-name")
    return message("reason-system-error", number=type(error).__name__ if code is None else code)
