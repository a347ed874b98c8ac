"""Changes in XMP packets that need their structure.

Parts are joined and split, regions turned, and what belonged to other pictures in the file goes.

Only a packet in which there is something to change is written anew; its prefixes stay.
Regions: MWG Guidelines for Handling Image Metadata 2.0, section 5.9; Microsoft's People Tagging.
Extended XMP: XMP specification part 3 (2020), section 1.1.3.1.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Any
from xml.dom import minidom
from xml.parsers.expat import ExpatError
from xml.sax.saxutils import quoteattr

from editor.files.turns import Cut, Turn

_RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
_XMLNS = "http://www.w3.org/2000/xmlns/"
_NOTE = "http://ns.adobe.com/xmp/note/"
_AREA = "http://ns.adobe.com/xmp/sType/Area#"
_DIMENSIONS = "http://ns.adobe.com/xap/1.0/sType/Dimensions#"
_MWG = "http://www.metadataworkinggroup.com/schemas/regions/"
_MICROSOFT = "http://ns.microsoft.com/photo/1.2/t/Region#"
_GOOGLE = "http://ns.google.com/photos/"
_CAMERA = _GOOGLE + "1.0/camera/"
_CONTAINER = _GOOGLE + "1.0/container/"
_XMP = "http://ns.adobe.com/xap/1.0/"

_ABOUT = (_RDF, "about")

GAIN_MAP, MOTION, DEPTH = "gain-map", "motion", "depth"
"""What a file may hold beside its picture."""

_NAMESPACES: Mapping[str, str] = MappingProxyType(
    {
        "http://ns.adobe.com/hdr-gain-map/1.0/": GAIN_MAP,
        "http://ns.apple.com/HDRGainMap/1.0/": GAIN_MAP,
        "http://ns.apple.com/depthData/1.0/": DEPTH,
        _GOOGLE + "1.0/depthmap/": DEPTH,
        _GOOGLE + "1.0/image/": DEPTH,
        _GOOGLE + "1.0/audio/": "",
    }
)
_SEMANTICS = {"GainMap": GAIN_MAP, "MotionPhoto": MOTION, "Depth": DEPTH, "Confidence": DEPTH}


class NotXml(ValueError):
    """The packet cannot be taken apart."""


def without_companions(packet: bytes) -> tuple[bytes, frozenset[str]]:
    """The packet without what it says of other pictures in the file, and what those were.

    A thumbnail in it goes, too: it may show what an edit has hidden. Raises NotXml.
    """
    if not any(
        mark in packet for mark in (b"hdr-gain-map", b"ns.google", b"ns.apple", b"humbnail")
    ):
        return packet, frozenset()
    document, found, gone = _parsed(packet), set(), 0
    for element in list(_elements(document)):
        for attribute in list((element.attributes or {}).values()):
            what = _companion(attribute)
            if what is not None:
                found.add(what)
                element.removeAttributeNode(attribute)
                gone += 1
        if element.parentNode is not None and (what := _companion(element)) is not None:
            found |= {what, *_semantics(element)}
            element.parentNode.removeChild(element)
            gone += 1
    for element in _elements(document):  # nothing is left that these prefixes would stand for
        for attribute in list(element.attributes.values()):
            if attribute.namespaceURI == _XMLNS and _is_foreign(attribute.value):
                element.removeAttributeNode(attribute)
    return (_written(document) if gone else packet), frozenset(found - {""})


def _companion(node: Any) -> str | None:
    """What a property promises; None where it is true of the picture itself."""
    space, name = node.namespaceURI or "", node.localName or ""
    if space in _NAMESPACES:
        return _NAMESPACES[space]
    if space == _CAMERA:
        return MOTION if name.startswith(("MotionPhoto", "MicroVideo")) else None
    if space.startswith(_GOOGLE + "dd/"):
        return DEPTH
    if _is_foreign(space):
        return ""
    return "" if space == _XMP and name == "Thumbnails" else None


def _is_foreign(space: str) -> bool:
    """Whether all properties of a namespace are of other pictures in the file."""
    return space in _NAMESPACES or space.startswith((_CONTAINER, _GOOGLE + "dd/"))


def _semantics(element: Any) -> Iterator[str]:
    """What the items of a directory of pictures are."""
    for inner in element.getElementsByTagName("*"):
        values = [a.value for a in inner.attributes.values() if a.localName == "Semantic"]
        values += [_text(inner)] if inner.localName == "Semantic" else []
        yield from (_SEMANTICS[value] for value in values if value in _SEMANTICS)


# -- regions ---------------------------------------------------------------------------------------


def turned(packet: bytes, turn: Turn | Cut, width: int, height: int) -> bytes:
    """The packet of a picture whose pixels are turned: its regions turn, too. Those that are cut
    off go.

    Args:
        turn: how.
        width, height: of the picture as it is stored, in pixels.

    Raises:
        NotXml: for a packet that cannot be taken apart.
    """
    if _AREA.encode() not in packet and _MICROSOFT.encode() not in packet:
        return packet
    document = _parsed(packet)
    for regions in document.getElementsByTagNameNS(_MWG, "Regions"):
        _turn_regions(regions, turn, width, height)
    for node in _named(document, _MICROSOFT, "Rectangle"):
        _turn_rectangle(node, turn)
    return _written(document)


def _turn_regions(regions: Any, turn: Turn | Cut, width: int, height: int) -> None:
    sizes = {name: _named(regions, _DIMENSIONS, name) for name in "wh"}
    across, down = (_number(sizes[name][0]) if sizes[name] else None for name in "wh")
    if across and down and turn.swaps and width != height:
        already_upright = (across > down) != (width > height)
        if already_upright:
            return
    if across and down and len(sizes["w"]) == 1 and len(sizes["h"]) == 1:
        for name, new in zip("wh", turn.size(across, down), strict=True):
            if isinstance(turn, Cut):
                new = float(max(1, round(new)))
            _set(sizes[name][0], _plain(new))
    for area in regions.getElementsByTagNameNS(_MWG, "Area"):
        nodes = {name: _named(area, _AREA, name) for name in "xywh"}
        unit = _named(area, _AREA, "unit")
        numbers = {name: _number(found[0]) if found else None for name, found in nodes.items()}
        x, y = numbers["x"], numbers["y"]
        if x is None or y is None:
            continue
        in_pixels = bool(unit) and _value(unit[0]).strip() == "pixel"
        before = (across or width, down or height) if in_pixels else (1.0, 1.0)
        after = turn.size(*before) if in_pixels else (1.0, 1.0)
        new_x, new_y = turn.point(x / before[0], y / before[1])
        if not (0 <= new_x <= 1 and 0 <= new_y <= 1) and isinstance(turn, Cut):
            _remove_item(area)
            continue
        _set(nodes["x"][0], _plain(new_x * after[0]))
        _set(nodes["y"][0], _plain(new_y * after[1]))
        if nodes["w"] and nodes["h"]:
            values = [_value(nodes[name][0]) for name in "wh"]
            values = values[::-1] if turn.swaps else values
            for name, value, growth in zip("wh", values, turn.growth, strict=True):
                _set(nodes[name][0], value if in_pixels else _grown(value, growth))


def _grown(value: str, growth: float) -> str:
    """A number as it is written, times a factor."""
    try:
        return value if growth == 1 else _plain(float(value) * growth)
    except ValueError:
        return value


def _remove_item(node: Any) -> None:
    """Take the item of a list that a node is in out of it."""
    while node is not None and (node.namespaceURI, node.localName) != (_RDF, "li"):
        node = node.parentNode
        if node is None or node.nodeType != node.ELEMENT_NODE:
            return
    node.parentNode.removeChild(node)


def _turn_rectangle(node: Any, turn: Turn | Cut) -> None:
    """Left, top, width and height, in shares of the picture's."""
    try:
        left, top, width, height = (float(part) for part in _value(node).split(","))
    except ValueError:
        return
    x, y = turn.point(left + width / 2, top + height / 2)
    if isinstance(turn, Cut) and not (0 <= x <= 1 and 0 <= y <= 1):
        holder = node.ownerElement if isinstance(node, minidom.Attr) else node
        _remove_item(holder)
        return
    if turn.swaps:
        width, height = height, width
    width, height = width * turn.growth[0], height * turn.growth[1]
    values = (x - width / 2, y - height / 2, width, height)
    _set(node, ", ".join(_plain(value) for value in values))


# -- extended XMP ----------------------------------------------------------------------------------


def extension_id(packet: bytes) -> str | None:
    """The name of the extension that belongs to a packet in a JPEG."""
    if b"HasExtendedXMP" not in packet:
        return None
    try:
        found = _named(_parsed(packet), _NOTE, "HasExtendedXMP")
    except NotXml:
        return None
    return _value(found[0]).strip() if found else None


def joined(packet: bytes, extension: bytes | None) -> bytes:
    """A packet with the properties of its extension, and no word of there being one.

    Raises NotXml.
    """
    document = _parsed(packet)
    for node in _named(document, _NOTE, "HasExtendedXMP"):
        holder: Any = node.ownerElement if isinstance(node, minidom.Attr) else node.parentNode
        _remove(node)
        _drop_if_empty(holder)
    if extension is not None:
        other = _parsed(extension)
        target = _rdf(document)
        about = _about(document)
        for description in list(_descriptions(other)):
            _declare_here(description)
            copy = document.importNode(description, True)
            if copy.hasAttributeNS(_RDF, "about"):
                copy.getAttributeNodeNS(_RDF, "about").value = about
            target.appendChild(copy)
    return _written(document)


def split(packet: bytes, most: int) -> tuple[bytes, bytes | None]:
    """A packet of no more than `most` bytes, and the extension with its longest properties.

    Raises NotXml, also where no property can be moved to make it so short.
    """
    if len(packet) <= most:
        return packet, None
    document = _parsed(packet)
    about = _about(document)
    moved: list[str] = []
    properties = [
        (len(child.toxml().encode()), child, description)
        for description in _descriptions(document)
        for child in description.childNodes
        if child.nodeType == child.ELEMENT_NODE
    ]
    size = len(_written(document)) + 200  # the word of the extension comes to it
    for length, child, description in sorted(properties, key=lambda found: -found[0]):
        if size <= most:
            break
        _declare_here(child)
        moved.append(child.toxml())
        description.removeChild(child)
        _drop_if_empty(description)
        size -= length
    body = (
        f'<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="{_RDF}">'
        f"<rdf:Description rdf:about={quoteattr(about)}>{''.join(moved)}</rdf:Description>"
        "</rdf:RDF></x:xmpmeta>"
    )
    extension = body.encode()
    name = hashlib.md5(extension, usedforsecurity=False).hexdigest().upper()
    note = document.createElementNS(_RDF, "note:Description")
    for key, value in (
        ("xmlns:note", _RDF),
        ("note:about", about),
        ("xmlns:xmpNote", _NOTE),
        ("xmpNote:HasExtendedXMP", name),
    ):
        note.setAttribute(key, value)
    _rdf(document).appendChild(note)
    main = _written(document)
    if len(main) > most or not moved:
        raise NotXml("the packet cannot be made short enough")
    return main, extension


# -- XML -------------------------------------------------------------------------------------------


def _parsed(packet: bytes) -> Any:
    if b"<!DOCTYPE" in packet or b"<!ENTITY" in packet:
        raise NotXml("XMP has no document type")
    try:
        return minidom.parseString(packet)
    except (ExpatError, ValueError, LookupError, RecursionError) as error:
        raise NotXml(str(error)) from error


def _written(document: Any) -> bytes:
    try:
        return "".join(node.toxml() for node in document.childNodes).encode()
    except (RecursionError, UnicodeEncodeError) as error:
        raise NotXml("too deep") from error


def _elements(document: Any) -> list[Any]:
    return list(document.getElementsByTagName("*"))


def _rdf(document: Any) -> Any:
    found = document.getElementsByTagNameNS(_RDF, "RDF")
    if not found:
        raise NotXml("no RDF")
    return found[0]


def _descriptions(document: Any) -> list[Any]:
    """The descriptions right below the RDF element; nested ones are values."""
    return [
        node
        for node in _rdf(document).childNodes
        if node.nodeType == node.ELEMENT_NODE
        and (node.namespaceURI, node.localName) == (_RDF, "Description")
    ]


def _about(document: Any) -> str:
    return next((str(d.getAttributeNS(_RDF, "about")) for d in _descriptions(document)), "")


def _declare_here(element: Any) -> None:
    """Repeat at an element the prefixes that are declared around it."""
    around = element.parentNode
    while around is not None and around.nodeType == around.ELEMENT_NODE:
        for attribute in around.attributes.values():
            if attribute.namespaceURI == _XMLNS and not element.hasAttribute(attribute.name):
                element.setAttributeNS(_XMLNS, attribute.name, attribute.value)
        around = around.parentNode


def _named(parent: Any, space: str, name: str) -> list[Any]:
    """Properties of a name below a node, as attributes and as elements."""
    found: list[Any] = []
    own = [parent] if isinstance(parent, minidom.Element) else []
    for element in [*own, *parent.getElementsByTagName("*")]:
        if (element.namespaceURI, element.localName) == (space, name):
            found.append(element)
        if element.hasAttributeNS(space, name):
            found.append(element.getAttributeNodeNS(space, name))
    return found


def _remove(node: Any) -> None:
    if isinstance(node, minidom.Attr):
        holder: Any = node.ownerElement
        holder.removeAttributeNode(node)
    else:
        node.parentNode.removeChild(node)


def _drop_if_empty(description: Any) -> None:
    """Take a description out that says nothing any more."""
    names = {(a.namespaceURI, a.localName) for a in description.attributes.values()}
    says = {name for name in names if name[0] != _XMLNS} - {_ABOUT}
    elements = any(child.nodeType == child.ELEMENT_NODE for child in description.childNodes)
    if not says and not elements and not _text(description).strip():
        _remove(description)


def _text(element: Any) -> str:
    return "".join(child.data for child in element.childNodes if child.nodeType == child.TEXT_NODE)


def _value(node: Any) -> str:
    return str(node.value) if isinstance(node, minidom.Attr) else _text(node)


def _number(node: Any) -> float | None:
    try:
        return float(_value(node))
    except ValueError:
        return None


def _set(node: Any, value: str) -> None:
    if isinstance(node, minidom.Attr):
        node.value = value
        return
    for child in list(node.childNodes):
        node.removeChild(child)
    node.appendChild(node.ownerDocument.createTextNode(value))


def _plain(value: float) -> str:
    """A number without exponent or trailing zeros."""
    return f"{value:.6f}".rstrip("0").rstrip(".") or "0"
