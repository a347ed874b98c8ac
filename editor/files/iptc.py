"""IPTC-IIM records as the formats pack them: Photoshop's image resources, and text in PNG.

Adobe Photoshop File Formats Specification (2019), "Image Resource Blocks"; IPTC-NAA Information
Interchange Model 4.2, section 1.5 (a record begins with the byte 0x1C).
"""

from __future__ import annotations

import struct

RESOURCES = b"Photoshop 3.0\0"
DAMAGED_RESOURCES = b"Photoshop ?.?\0"
"""Stands for the former where they make no sense; of the same length."""
_SIGNATURE, _IPTC = b"8BIM", 0x0404
BEGINNING = _SIGNATURE + b"\x04\x04"
"""Of the resource that has the records."""
_TAG_MARKER = 0x1C


def of_resources(resources: bytes) -> bytes | None:
    """The IPTC records among Photoshop's image resources; empty where these are there and empty,
    None where they are not there or make no sense.

    Args:
        resources: the blocks, of several JPEG segments one after another.
    """
    at = 0
    while resources[at : at + 4] == _SIGNATURE and at + 12 <= len(resources):
        (number,) = struct.unpack_from(">H", resources, at + 4)
        name = 1 + resources[at + 6]
        at += 6 + name + name % 2
        if at + 4 > len(resources):
            return None
        (size,) = struct.unpack_from(">I", resources, at)
        content = resources[at + 4 : at + 4 + size]
        if number == _IPTC:
            return (records(content) if content else b"") if len(content) == size else None
        at += 4 + size + size % 2
    return None


def records(found: bytes) -> bytes | None:
    """The records without the zeros that fill them up; None where they are none."""
    found = found.rstrip(b"\0") if found[-1:] == b"\0" and not _is_whole(found) else found
    return found if found[:1] == bytes([_TAG_MARKER]) else None


def in_resources(iptc: bytes) -> bytes:
    """The records as an image resource."""
    head = _SIGNATURE + struct.pack(">HHI", _IPTC, 0, len(iptc))
    return head + iptc + bytes(len(iptc) % 2)


def _is_whole(found: bytes) -> bool:
    """Whether records end exactly where the data end."""
    at = 0
    while at + 5 <= len(found) and found[at] == _TAG_MARKER:
        (size,) = struct.unpack_from(">H", found, at + 3)
        if size & 0x8000:  # an extended length, of so many bytes
            length = size & 0x7FFF
            size = int.from_bytes(found[at + 5 : at + 5 + length], "big") + length
        at += 5 + size
    return at == len(found)
