"""XMP packets: kept as they are but for the orientation, and for the recipe written into them.

The recipe (the edit list, a JSON string) is one property, ``pentimento:Recipe``, in a namespace of
its own, in an ``rdf:Description`` of its own: the rest of a packet is not touched, byte for byte.
Every format the editor writes holds XMP, so this is the only place a recipe is kept.
Serialisation: ISO 16684-1:2019 (XMP part 1), section 7.
"""

from __future__ import annotations

import re
from xml.etree import ElementTree
from xml.sax.saxutils import escape, quoteattr

NAMESPACE = "urn:pentimento-editor:recipe#"
_RECIPE = f"{{{NAMESPACE}}}Recipe"
_RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"

_ORIENTATION = re.compile(rb"""(\btiff:Orientation(?:\s*=\s*["']|\s*>))\s*[2-8]\b""")
_SIZES = {
    name: re.compile(rb"""(\b""" + name + rb"""(?:\s*=\s*["']|\s*>))\s*\d+\b""")
    for name in (
        b"tiff:ImageWidth",
        b"tiff:ImageLength",
        b"exif:PixelXDimension",
        b"exif:PixelYDimension",
    )
}
_OWN_PREFIX = re.compile(
    rb"""xmlns:([\w.-]+)\s*=\s*["']""" + re.escape(NAMESPACE.encode()) + rb"""["']"""
)
_END_OF_RDF = re.compile(rb"</(?P<prefix>[\w.-]+):RDF\s*>")
_EMPTY_RDF = re.compile(rb"<([\w.-]+):RDF\b((?:[^>\"']|\"[^\"]*\"|'[^']*')*?)\s*/>")
_PADDING = re.compile(rb"\s{2,}(?=<\?xpacket end)")
_NOT_IN_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")

_FRESH_PACKET = (
    b'<?xpacket begin="\xef\xbb\xbf" id="W5M0MpCehiHzreSzNTczkc9d"?>\n'
    b'<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="' + _RDF.encode() + b'">\n'
    b'</rdf:RDF></x:xmpmeta>\n<?xpacket end="w"?>'
)


def packet(xmp: bytes | None) -> bytes | None:
    """The packet without the zero bytes some writers end it with; None when damaged or empty."""
    xmp = _as_utf8(xmp.rstrip(b"\0")) if xmp else None
    return xmp if xmp and _parse(xmp) is not None else None


def _as_utf8(xmp: bytes) -> bytes:
    """A packet in UTF-16, as some programs write it, in UTF-8."""
    if xmp[:2] not in (b"\xff\xfe", b"\xfe\xff"):
        return xmp
    try:
        return (xmp + bytes(len(xmp) % 2)).decode("utf-16").encode()
    except UnicodeError:
        return xmp


def upright(xmp: bytes) -> bytes:
    """The packet with any tiff:Orientation set to 1."""
    return _ORIENTATION.sub(rb"\g<1>1", xmp)


def with_size(xmp: bytes, width: int, height: int) -> bytes:
    """The packet with the picture's width and height, in pixels, where it states them."""
    for (_, pattern), value in zip(_SIZES.items(), (width, height) * 2, strict=True):
        xmp = pattern.sub(rb"\g<1>" + str(value).encode(), xmp)
    return xmp


def recipe(xmp: bytes | None) -> str | None:
    """The recipe of a packet, None without one."""
    root = _parse(xmp) if xmp else None
    for element in root.iter() if root is not None else ():
        if element.tag == _RECIPE:
            return element.text
        if _RECIPE in element.attrib:  # the same property, as other programs may rewrite it
            return element.attrib[_RECIPE]
    return None


def with_recipe(xmp: bytes | None, text: str | None) -> bytes | None:
    """The packet (a fresh one for None) with this recipe in place of any other.

    Args:
        xmp: a sound packet, as from `packet`.
        text: JSON; None takes a recipe out, and leaves no packet where there was none.

    Raises:
        ValueError: for a text with characters that XML cannot hold (JSON escapes them).
    """
    rest = _without_recipe(xmp) if xmp else None
    if text is None:
        return rest
    if _NOT_IN_XML.search(text):
        raise ValueError("a recipe must be JSON: control characters in it are escaped")
    base = _EMPTY_RDF.sub(rb"<\1:RDF\2></\1:RDF>", rest or _FRESH_PACKET, count=1)
    end = list(_END_OF_RDF.finditer(base))[-1]
    prefix = end["prefix"].decode()
    description = (
        f"<{prefix}:Description {prefix}:about={quoteattr(_about(base))}"
        f' xmlns:pentimento="{NAMESPACE}"><pentimento:Recipe>'
        # A bare carriage return would be read back as a line feed.
        f"{escape(text, {chr(13): '&#13;'})}"
        f"</pentimento:Recipe></{prefix}:Description>\n"
    )
    return base[: end.start()] + description.encode() + base[end.start() :]


def without_padding(xmp: bytes) -> bytes:
    """The packet without the blanks that editors leave in it for changes in place."""
    return _PADDING.sub(b"\n", xmp)


def _without_recipe(xmp: bytes) -> bytes:
    """The packet without our property, as element or attribute, and without its own shell."""
    for match in {found[1] for found in _OWN_PREFIX.finditer(xmp)}:
        name = re.escape(match + b":Recipe")
        xmp = re.sub(
            rb"<" + name + rb"\b[^>]*?(?:/>|>.*?</" + name + rb"\s*>)", b"", xmp, flags=re.S
        )
        xmp = re.sub(rb"\s" + name + rb"""\s*=\s*(?:"[^"]*"|'[^']*')""", b"", xmp)
        about = rb"\1:about=(?:\"[^\"]*\"|'[^']*')"
        own = _OWN_PREFIX.pattern.replace(rb"([\w.-]+)", re.escape(match))
        both = rb"(?:" + about + rb"\s+" + own + rb"|" + own + rb"\s+" + about + rb")"
        end = rb"\s*(?:/>|>\s*</\1:Description\s*>)\n?"
        xmp = re.sub(rb"<([\w.-]+):Description\s+" + both + end, b"", xmp)
    return xmp


def _about(xmp: bytes) -> str:
    """What the packet's descriptions are about: they all must name the same (section 7.4)."""
    root = _parse(xmp)
    description = root.find(f".//{{{_RDF}}}Description") if root is not None else None
    if description is None:
        return ""
    return description.get(f"{{{_RDF}}}about") or description.get("about") or ""


def _parse(xmp: bytes) -> ElementTree.Element | None:
    """The packet's XML; None when it is not well formed, or not RDF under a named prefix."""
    if not (_END_OF_RDF.search(xmp) or _EMPTY_RDF.search(xmp)):
        return None
    if b"<!DOCTYPE" in xmp:  # XMP has none, and the entities it could declare are an attack
        return None
    try:
        root = ElementTree.fromstring(xmp)
    except (ElementTree.ParseError, ValueError, LookupError):
        return None
    is_rdf = root.tag == f"{{{_RDF}}}RDF" or root.find(f".//{{{_RDF}}}RDF") is not None
    return root if is_rdf else None
