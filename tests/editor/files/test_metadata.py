"""What a file says about itself comes through: EXIF byte for byte, XMP, profile, resolution."""

from __future__ import annotations

import io
import json
import struct
from xml.etree import ElementTree

import numpy as np
import pytest
from PIL import ExifTags, Image, PngImagePlugin

from editor.files import exif, xmp
from editor.files.decoding import decode_picture
from editor.files.encoding import ExportFormat, encode_picture
from editor.files.picture import Metadata, Picture
from editor.files.picture_files import read_recipe
from tests.editor.files.picture_samples import (
    MAKER_NOTE,
    USER_COMMENT,
    display_p3,
    exif_block,
    photo,
)

ALL = ["png", "jpeg", "webp", "tiff"]
RECIPE = json.dumps(
    {"edits": [{"look": "l0-smoothing", "strength": 0.8}], "title": 'Ünï <&> "quoted"\n', "n": 1.5},
    ensure_ascii=False,
)
PACKET = (
    '<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>\n'
    '<x:xmpmeta xmlns:x="adobe:ns:meta/" x:xmptk="Adobe XMP Core 7.0">\n'
    '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">\n'
    '<rdf:Description rdf:about="uuid:faf5bdd5" xmlns:xmp="http://ns.adobe.com/xap/1.0/"\n'
    ' xmlns:tiff="http://ns.adobe.com/tiff/1.0/" xmlns:dc="http://purl.org/dc/elements/1.1/"\n'
    ' xmp:Rating="4" tiff:Orientation="6">\n'
    "<dc:creator><rdf:Seq><rdf:li>Zoë Ångström &amp; Söhne</rdf:li></rdf:Seq></dc:creator>\n"
    "</rdf:Description>\n</rdf:RDF>\n</x:xmpmeta>\n" + " " * 2000 + "\n" + '<?xpacket end="w"?>'
).encode()


def thumbnail() -> bytes:
    target = io.BytesIO()
    Image.new("RGB", (160, 120), (200, 0, 0)).save(target, "JPEG")
    return target.getvalue()


def jpeg(**settings: object) -> bytes:
    target = io.BytesIO()
    Image.fromarray(photo()).save(target, "JPEG", **settings)
    return target.getvalue()


# -- EXIF ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("order", ["<", ">"])
@pytest.mark.parametrize("orientation", [1, 6])
def test_on_opening_only_the_orientation_changes(order, orientation):
    block = exif_block(orientation, order)
    kept = decode_picture(jpeg(exif=b"Exif\0\0" + block)).metadata.exif
    assert kept == exif_block(1, order)


@pytest.mark.parametrize("kind", ["png", "jpeg", "webp"])
@pytest.mark.parametrize("order", ["<", ">"])
@pytest.mark.parametrize("with_thumbnail", [False, True])
def test_every_byte_of_the_exif_stays_in_its_place(kind, order, with_thumbnail):
    """But for the picture's size, the thumbnail and the pointer to it."""
    block = exif_block(1, order, thumbnail() if with_thumbnail else None)
    picture = Picture(photo(), metadata=Metadata(exif=block))
    back = decode_picture(encode_picture(picture, ExportFormat(kind))).metadata.exif
    assert back is not None
    bare = exif_block(1, order)
    pointer = 8 + 2 + 3 * 12
    inner_size = range(pointer + 4 + 2 + 2 * 12, pointer + 4 + 2 + 4 * 12)
    changed = {n for n in range(len(bare)) if back[n] != bare[n]}
    assert changed <= {*inner_size, *range(pointer, pointer + 4)}
    if not with_thumbnail:
        assert len(back) == len(bare)


@pytest.mark.parametrize("kind", ALL)
@pytest.mark.parametrize("order", ["<", ">"])
def test_maker_note_survives_in_every_format(kind, order):
    picture = Picture(photo(), metadata=Metadata(exif=exif_block(1, order, thumbnail())))
    data = encode_picture(picture, ExportFormat(kind))
    for reread in (data, encode_picture(decode_picture(data), ExportFormat("jpeg"))):
        tags = Image.open(io.BytesIO(reread)).getexif()
        inner = tags.get_ifd(0x8769)
        assert tags[0x010F] == "Nikon"
        assert inner[0x927C] == MAKER_NOTE
        assert inner[0x9286] == USER_COMMENT


@pytest.mark.parametrize("order", ["<", ">"])
def test_tiff_keeps_the_maker_note_at_its_offset(order):
    block = exif_block(1, order)
    picture = Picture(photo(), metadata=Metadata(exif=block))
    data = encode_picture(picture, ExportFormat("tiff"))
    assert data.index(MAKER_NOTE) == block.index(MAKER_NOTE)
    np.testing.assert_array_equal(np.asarray(Image.open(io.BytesIO(data))), photo())


@pytest.mark.parametrize("order", ["<", ">"])
def test_exif_of_a_tiff_is_gathered_with_its_types(order):
    picture = Picture(photo(), metadata=Metadata(exif=exif_block(1, order)))
    block = decode_picture(encode_picture(picture, ExportFormat("tiff"))).metadata.exif
    assert block is not None
    assert struct.pack(order + "HHI", 0x927C, 7, len(MAKER_NOTE)) in block  # UNDEFINED, as it was
    tags = Image.Exif()
    tags.load(block)
    assert set(tags) == {0x010F, 0x8769}
    inner = tags.get_ifd(0x8769)
    assert inner == {0x927C: MAKER_NOTE, 0x9286: USER_COMMENT, 0xA002: 53, 0xA003: 37}


def test_exif_and_gps_of_a_tiff_written_by_another_program():
    tags = Image.Exif()
    tags[0x010E] = "Ebb tide"
    tags.get_ifd(0x8825).update({1: "N", 2: (54.0, 39.0, 0.5), 3: "E", 4: (8.0, 21.0, 0.25)})
    tags.get_ifd(0x8769).update({0x9003: "2024:07:01 12:00:00", 0xA40C: 2})
    tags[0x8825] = tags[0x8769] = 0  # that they are there; Pillow fills in where
    target = io.BytesIO()
    Image.fromarray(photo()).save(target, "TIFF", exif=tags)
    picture = decode_picture(target.getvalue())
    for kind in ALL:
        again = Image.open(io.BytesIO(encode_picture(picture, ExportFormat(kind)))).getexif()
        assert again[0x010E] == "Ebb tide"
        assert again.get_ifd(0x8825) == {1: "N", 2: (54, 39, 0.5), 3: "E", 4: (8, 21, 0.25)}
        assert again.get_ifd(0x8769) == {0x9003: "2024:07:01 12:00:00", 0xA40C: 2}


def test_values_that_claim_to_lie_outside_the_block_do_not_spoil_a_tiff():
    block = bytearray(exif_block())
    at = block.index(struct.pack("<HHI", 0x010F, 2, 6))
    struct.pack_into("<I", block, at + 4, 0x00FF0006)
    picture = Picture(photo(), metadata=Metadata(exif=bytes(block)))
    data = encode_picture(picture, ExportFormat("tiff"), recipe="{}")
    assert read_recipe(data) == "{}"
    assert MAKER_NOTE in data


@pytest.mark.parametrize("kind", ALL)
def test_exif_states_the_size_of_the_exported_picture(kind):
    picture = Picture(photo(), metadata=Metadata(exif=exif_block()))
    data = encode_picture(picture, ExportFormat(kind))
    inner = Image.open(io.BytesIO(data)).getexif().get_ifd(0x8769)
    assert (inner[0xA002], inner[0xA003]) == (53, 37)


@pytest.mark.parametrize("order", ["<", ">"])
@pytest.mark.parametrize("kind", ALL)
def test_metadata_not_yet_upright_is_exported_upright(kind, order):
    picture = Picture(photo(), metadata=Metadata(exif=exif_block(6, order), xmp=PACKET))
    data = encode_picture(picture, ExportFormat(kind))
    assert Image.open(io.BytesIO(data)).getexif().get(0x0112, 1) == 1
    assert b'tiff:Orientation="6"' not in data
    assert decode_picture(data).pixels.shape == (37, 53, 3)


@pytest.mark.parametrize("kind", ["png", "jpeg", "webp"])
def test_the_thumbnail_is_of_the_exported_picture(kind):
    old = thumbnail()
    opened = decode_picture(jpeg(exif=b"Exif\0\0" + exif_block(6, thumbnail=old)))
    blue = np.zeros((1200, 800, 3), np.uint8) + np.array([0, 0, 200], np.uint8)
    edited = opened.with_pixels(blue)
    data = encode_picture(edited, ExportFormat(kind))
    ifd1 = Image.open(io.BytesIO(data)).getexif().get_ifd(ExifTags.IFD.IFD1)
    block = decode_picture(data).metadata.exif
    assert block is not None
    small = Image.open(io.BytesIO(block[ifd1[0x0201] : ifd1[0x0201] + ifd1[0x0202]]))
    assert small.size == (107, 160)
    assert np.abs(np.asarray(small).astype(int) - [0, 0, 200]).max() <= 4
    assert old[-200:] not in data
    # Again and again: the block does not grow.
    again = decode_picture(encode_picture(decode_picture(data), ExportFormat(kind))).metadata.exif
    assert again is not None
    assert len(again) <= len(block) + 64


@pytest.mark.parametrize("kind", ALL)
def test_nothing_is_left_of_the_old_thumbnail(kind):
    old = thumbnail()
    picture = Picture(photo(), metadata=Metadata(exif=exif_block(thumbnail=old)))
    assert old[-200:] not in encode_picture(picture, ExportFormat(kind))
    inside = exif_block(thumbnail=old) + b"a MakerNote after the thumbnail"
    picture = Picture(photo(), metadata=Metadata(exif=inside))
    data = encode_picture(picture, ExportFormat(kind))
    assert old[-200:] not in data
    assert b"a MakerNote after the thumbnail" in data


def test_a_thumbnail_that_lies_about_its_place_costs_nothing_else():
    block = bytearray(exif_block(thumbnail=thumbnail()))
    at = block.index(struct.pack("<HHI", 0x0201, 4, 1))
    for wrong in (0, 8, 60, len(block) + 5, 0xFFFFFFFF):
        struct.pack_into("<I", block, at + 8, wrong)
        bare = exif.with_thumbnail(bytes(block), None)
        assert MAKER_NOTE in bare
        assert not exif.has_thumbnail(bare)
        assert exif.tiff_block(bare) == bare


@pytest.mark.parametrize(("spare", "kept"), [(10, True), (-10, False)])
def test_exif_too_long_for_jpeg_loses_first_its_thumbnail(spare, kept):
    block = exif_block(thumbnail=thumbnail())
    block += bytes(65_533 - len("Exif..") - spare - len(block))  # stays when the thumbnail goes
    picture = Picture(photo(400, 600), metadata=Metadata(exif=block))
    back = decode_picture(encode_picture(picture, ExportFormat("jpeg"))).metadata.exif
    assert (back is not None) == kept
    if back is not None:
        assert not exif.has_thumbnail(back)
        assert MAKER_NOTE in back
    png = decode_picture(encode_picture(picture, ExportFormat("png"))).metadata.exif
    assert png is not None
    assert exif.has_thumbnail(png)


def test_a_directory_without_a_pointer_to_the_next():
    entry = struct.pack("<HHIHH", 0x0112, 3, 1, 8, 0)
    block = b"II*\0\x08\0\0\0\x01\0" + entry
    assert exif.orientation(block) == 8
    assert not exif.has_thumbnail(block)
    assert exif.upright(block) == b"II*\0\x08\0\0\0\x01\0" + struct.pack(
        "<HHIHH", 0x0112, 3, 1, 1, 0
    )


@pytest.mark.parametrize("value", [0, 9, 65535])
def test_an_undefined_orientation_turns_nothing(value):
    picture = decode_picture(jpeg(exif=b"Exif\0\0" + exif_block(value)))
    assert picture.pixels.shape == (37, 53, 3)


def test_exif_of_imagemagick_in_png():
    lines = (b"Exif\0\0" + exif_block(6)).hex()
    info = PngImagePlugin.PngInfo()
    info.add_text("Raw profile type exif", f"\nexif\n{len(lines) // 2}\n{lines}\n", zip=True)
    target = io.BytesIO()
    Image.fromarray(photo()).save(target, "PNG", pnginfo=info)
    picture = decode_picture(target.getvalue())
    np.testing.assert_array_equal(picture.pixels, np.rot90(photo(), -1))
    assert picture.metadata.exif == exif_block(1)


# -- XMP and the recipe --------------------------------------------------------------------------


def properties(packet: bytes) -> list[tuple[str, str | None, tuple]]:
    """Every element and attribute of a packet but our own."""
    found = []
    for element in ElementTree.fromstring(packet).iter():
        if xmp.NAMESPACE not in element.tag:
            about = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}about"
            attributes = tuple(sorted((k, v) for k, v in element.attrib.items() if k != about))
            if attributes or (element.text or "").strip():
                found.append((element.tag, (element.text or "").strip(), attributes))
    return found


@pytest.mark.parametrize("kind", ALL)
@pytest.mark.parametrize("packet", [None, PACKET])
@pytest.mark.parametrize("keep", [True, False])
def test_the_recipe_comes_back_from_every_format(kind, packet, keep):
    picture = Picture(photo(), metadata=Metadata(xmp=packet))
    data = encode_picture(picture, ExportFormat(kind), keep_metadata=keep, recipe=RECIPE)
    assert read_recipe(data) == RECIPE
    assert read_recipe(decode_picture(data)) == RECIPE
    kept = decode_picture(data).metadata.xmp
    assert kept is not None
    if packet and keep:
        assert properties(kept) == properties(xmp.upright(PACKET))
    else:
        assert properties(kept) == []


@pytest.mark.parametrize("kind", ALL)
def test_xmp_is_kept_but_for_the_orientation(kind):
    data = encode_picture(Picture(photo(), metadata=Metadata(xmp=PACKET)), ExportFormat(kind))
    expected = PACKET.replace(b'Orientation="6"', b'Orientation="1"')
    assert decode_picture(data).metadata.xmp == expected
    assert read_recipe(data) is None


def test_taking_the_recipe_out_gives_the_packet_back():
    with_it = xmp.with_recipe(PACKET, RECIPE)
    assert xmp.recipe(with_it) == RECIPE
    assert xmp.with_recipe(with_it, None) == PACKET
    assert xmp.with_recipe(None, None) is None


def test_an_exported_picture_exported_again_has_one_recipe_the_new_one_or_none():
    first = decode_picture(encode_picture(Picture(photo()), ExportFormat("png"), recipe=RECIPE))
    second = encode_picture(first, ExportFormat("jpeg"), recipe="[2]")
    assert read_recipe(second) == "[2]"
    assert second.count(b"pentimento:Recipe>") == 2  # opening and closing tag
    third = encode_picture(decode_picture(second), ExportFormat("jpeg"))
    assert read_recipe(third) is None
    assert b"pentimento" not in third


@pytest.mark.parametrize(
    "body",
    [
        '<r:Description r:about="" xmlns:p="{ns}" xmlns:q="urn:q" p:Recipe="[1]" q:a="b"/>',
        "<r:Description r:about='' xmlns:q='urn:q' xmlns:p='{ns}' q:a='b'>"
        "<p:Recipe>[1]</p:Recipe></r:Description>",
    ],
)
def test_a_recipe_rewritten_by_another_program_is_read_and_only_it_is_taken_out(body):
    """Programs merge descriptions, turn properties into attributes and rename prefixes."""
    packet = (
        '<r:RDF xmlns:r="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
        + body.format(ns=xmp.NAMESPACE)
        + "</r:RDF>"
    ).encode()
    assert xmp.recipe(packet) == "[1]"
    bare = xmp.with_recipe(packet, None)
    assert bare is not None
    assert xmp.recipe(bare) is None
    assert b"urn:q" in bare
    assert ElementTree.fromstring(bare)[0].attrib["{urn:q}a"] == "b"
    assert xmp.recipe(xmp.with_recipe(packet, "[2]")) == "[2]"


def test_a_packet_with_an_empty_rdf_element():
    rdf = 'xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"'
    packet = f'<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF {rdf}/></x:xmpmeta>'.encode()
    assert xmp.packet(packet) == packet
    assert xmp.recipe(xmp.with_recipe(packet, RECIPE)) == RECIPE


def test_the_recipe_is_about_what_the_packet_is_about():
    root = ElementTree.fromstring(xmp.with_recipe(PACKET, "{}") or b"")
    rdf = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}"
    assert {d.get(f"{rdf}about") for d in root.iter(f"{rdf}Description")} == {"uuid:faf5bdd5"}


def test_in_jpeg_a_long_recipe_and_long_xmp_are_split():
    padded = PACKET.replace(b" " * 2000, b" " * 60_000)
    long = json.dumps("x" * 62_000)
    picture = Picture(photo(), metadata=Metadata(xmp=padded))
    fits = encode_picture(picture, ExportFormat("jpeg"), recipe=json.dumps("x" * 60_000))
    assert read_recipe(fits) == json.dumps("x" * 60_000)  # the padding has made room
    real = PACKET.replace(b"S\xc3\xb6hne", b"S\xc3\xb6hne" * 1000)
    data = encode_picture(
        Picture(photo(), metadata=Metadata(xmp=real)), ExportFormat("jpeg"), recipe=long
    )
    assert read_recipe(data) == long
    kept = decode_picture(data).metadata.xmp
    assert kept is not None
    assert properties(kept) == properties(xmp.upright(real))
    png = encode_picture(
        Picture(photo(), metadata=Metadata(xmp=real)), ExportFormat("png"), recipe=long
    )
    assert read_recipe(png) == long


def test_control_characters_are_not_json():
    with pytest.raises(ValueError, match="JSON"):
        encode_picture(Picture(photo()), ExportFormat("png"), recipe="\x00")


def test_line_ends_in_a_recipe_survive_xml():
    assert xmp.recipe(xmp.with_recipe(None, "a\r\nb\rc\td")) == "a\r\nb\rc\td"


# -- resolution, and nothing at all ---------------------------------------------------------------


@pytest.mark.parametrize("kind", ["png", "jpeg", "tiff"])
def test_resolution_is_kept(kind):
    picture = Picture(photo(), metadata=Metadata(dpi=(300.0, 240.0)))
    back = decode_picture(encode_picture(picture, ExportFormat(kind))).metadata.dpi
    assert back == pytest.approx((300, 240), abs=0.01)


def test_no_resolution_is_not_invented():
    for kind in ALL:
        data = encode_picture(Picture(photo()), ExportFormat(kind))
        assert decode_picture(data).metadata == Metadata()


@pytest.mark.parametrize("kind", ALL)
def test_the_privacy_switch_leaves_pixels_and_profile_alone(kind):
    meta = Metadata(exif_block(thumbnail=thumbnail()), PACKET, display_p3(), (300, 300))
    picture = Picture(photo(), metadata=meta)
    data = encode_picture(picture, ExportFormat(kind), keep_metadata=False)
    back = decode_picture(data)
    assert back.metadata == Metadata(icc=display_p3())
    for secret in (b"Nikon", b"Amrum", "Ångström".encode(), b"rdf:RDF", b"Exif"):
        assert secret not in data
