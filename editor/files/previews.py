"""Metadata that may show a photo as it was before it was edited."""

from __future__ import annotations

import re
from dataclasses import replace

from editor.files import exif, xmp_tree
from editor.files.picture import Metadata

_IPTC_PREVIEW = re.compile(rb"\x1c(\x02[\xc8-\xca]|\x08\x0a)")
"""Data sets of IPTC-IIM 4.2 that hold a preview (2:200 to 2:202) or the object itself (8:10)."""


def without_previews(metadata: Metadata) -> Metadata:
    """The same without anything that can hold a picture, or an edit list.

    Thumbnails in EXIF and XMP go or are renewed whenever a file is written; makers' notes are
    opaque, and cameras put previews into them.
    """
    block, packet = exif.tiff_block(metadata.exif), metadata.xmp
    if packet is not None:
        try:
            packet = xmp_tree.without_companions(packet)[0]
        except xmp_tree.NotXml:
            packet = None
    iptc = metadata.iptc
    if iptc is not None and _IPTC_PREVIEW.search(iptc):
        iptc = None
    return replace(
        metadata,
        exif=None if block is None else exif.without_pictures(block),
        xmp=packet,
        iptc=iptc,
    )
