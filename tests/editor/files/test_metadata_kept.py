"""What a file says beside EXIF is kept where a format can hold it, mended, or its loss is said."""

from __future__ import annotations

import dataclasses
import hashlib
import io
import struct

import numpy as np
import pytest
from PIL import Image, PngImagePlugin

from editor.engine.edits import edit
from editor.engine.geometry import framed
from editor.files import exif, iptc, xmp
from editor.files.decoding import decode_picture
from editor.files.encoding import ExportFormat, encode_picture, left_out
from editor.files.picture import Metadata, Picture
from editor.files.turns import TURNS
from tests.editor.files.picture_samples import exif_block, photo

ALL = ["png", "jpeg", "webp", "tiff"]
CAPTION = b"\x1c\x02\x78\x00\x13Evening at the lake"
IPTC = b"\x1c\x01\x5a\x00\x03\x1b%G" + CAPTION
TIFF = ExportFormat("tiff")
RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"


def saved(image: Image.Image, kind: str, **settings: object) -> bytes:
    target = io.BytesIO()
    image.save(target, kind, **settings)
    return target.getvalue()


def segment(marker: int, content: bytes) -> bytes:
    return struct.pack(">BBH", 0xFF, marker, 2 + len(content)) + content


def jpeg(extra: bytes = b"", **settings: object) -> bytes:
    return saved(Image.fromarray(photo()), "JPEG", extra=extra, **settings)


def packet(attributes: str, inside: str = "", prefix: str = "rdf") -> bytes:
    return (
        f'<x:xmpmeta xmlns:x="adobe:ns:meta/"><{prefix}:RDF xmlns:{prefix}="{RDF}">'
        f'<{prefix}:Description {prefix}:about="" {attributes}>{inside}</{prefix}:Description>'
        f"</{prefix}:RDF></x:xmpmeta>"
    ).encode()


def codes(picture: Picture) -> list[str]:
    return [note.code for note in picture.notes]


# -- IPTC, comments, texts -------------------------------------------------------------------------


def resources(content: bytes) -> bytes:
    """Another resource of odd length with a name, then IPTC."""
    other = b"8BIM" + struct.pack(">H", 0x0425) + b"\x03abc" + struct.pack(">I", 3) + b"xyz\0"
    return other + iptc.in_resources(content)


def holds_iptc() -> dict[str, bytes]:
    text = PngImagePlugin.PngInfo()
    digits = resources(IPTC).hex()
    text.add_text("Raw profile type iptc", f"\niptc\n{len(digits) // 2:8}\n{digits}\n", zip=True)
    tiff = bytearray(encode_picture(Picture(photo(), metadata=Metadata(iptc=IPTC)), TIFF))
    at = tiff.index(struct.pack("<HHI", 33723, 7, len(IPTC)))
    struct.pack_into("<HHI", tiff, at, 33723, 4, len(IPTC) // 4)  # LONG, as many programs say
    return {
        "jpeg": jpeg(segment(0xED, iptc.RESOURCES + resources(IPTC))),
        "png": saved(Image.fromarray(photo()), "PNG", pnginfo=text),
        "tiff": bytes(tiff),
    }


@pytest.mark.parametrize("source", ["jpeg", "png", "tiff"])
@pytest.mark.parametrize("kind", ALL)
def test_iptc_is_kept_or_said(source, kind):
    picture = decode_picture(holds_iptc()[source])
    assert picture.metadata.iptc == IPTC
    fmt = ExportFormat(kind)
    back = decode_picture(encode_picture(picture, fmt)).metadata.iptc
    said = [note.code for note in left_out(picture, fmt)]
    if kind == "webp":
        assert (back, said) == (None, ["iptc-left-out"])
    else:
        assert (back, said) == (IPTC, [])
    assert CAPTION not in encode_picture(picture, fmt, keep_metadata=False)
    assert left_out(picture, fmt, keep_metadata=False) == ()


def test_iptc_longer_than_a_segment():
    long = IPTC + b"\x1c\x02\x14\x80\x04" + struct.pack(">I", 150_000) + b"a" * 150_000
    picture = Picture(photo(), metadata=Metadata(iptc=long))
    assert decode_picture(encode_picture(picture, ExportFormat("jpeg"))).metadata.iptc == long


@pytest.mark.parametrize("cut", range(60))
def test_resources_that_are_cut_off_cost_nothing_else(cut):
    whole = resources(IPTC)
    picture = decode_picture(jpeg(segment(0xED, iptc.RESOURCES + whole[:cut])))
    assert picture.metadata.iptc in (None, IPTC)
    assert set(codes(picture)) <= {"iptc-damaged"}
    again = decode_picture(encode_picture(picture, ExportFormat("jpeg")))
    assert again.notes == ()


def test_empty_iptc_as_photoshop_writes_it_is_no_damage():
    picture = decode_picture(jpeg(segment(0xED, iptc.RESOURCES + iptc.in_resources(b""))))
    assert picture.metadata.iptc is None
    assert picture.notes == ()


def test_comments_of_a_jpeg():
    data = jpeg(segment(0xFE, b"scanned by me") + segment(0xFE, "Schöne Grüße".encode("latin-1")))
    picture = decode_picture(data)
    assert picture.metadata.comments == (b"scanned by me", "Schöne Grüße".encode("latin-1"))
    again = decode_picture(encode_picture(picture, ExportFormat("jpeg")))
    assert again.metadata.comments == picture.metadata.comments
    png = decode_picture(encode_picture(picture, ExportFormat("png")))
    assert ("Comment", "scanned by me") in png.metadata.texts or png.metadata.texts == (
        ("Comment", "Schöne Grüße"),
    )
    for kind in ("webp", "tiff"):
        notes = left_out(picture, ExportFormat(kind))
        assert [note.code for note in notes] == ["comments-left-out"]


def test_texts_of_a_png():
    info = PngImagePlugin.PngInfo()
    info.add_text("Title", "Ebb tide")
    info.add_text("Author", "渡辺")
    info.add_text("Comment", "by hand", zip=True)
    picture = decode_picture(saved(Image.fromarray(photo()), "PNG", pnginfo=info))
    texts = (("Title", "Ebb tide"), ("Author", "渡辺"), ("Comment", "by hand"))
    assert picture.metadata.texts == texts
    png = decode_picture(encode_picture(picture, ExportFormat("png")))
    assert png.metadata.texts == texts
    as_jpeg = decode_picture(encode_picture(picture, ExportFormat("jpeg")))
    assert as_jpeg.metadata.comments == (b"by hand",)
    said = [note.code for note in left_out(picture, ExportFormat("jpeg"))]
    assert said == ["texts-left-out"]
    bare = encode_picture(picture, ExportFormat("png"), keep_metadata=False)
    assert decode_picture(bare).metadata.texts == ()


def test_the_comment_of_a_gif():
    data = saved(Image.fromarray(photo()).quantize(8), "GIF", comment=b"from the web")
    picture = decode_picture(data)
    assert picture.metadata.comments == (b"from the web",)


# -- XMP of other packings -------------------------------------------------------------------------


def extended(main: bytes, extension: bytes, *, part: int = 400, backwards: bool = False) -> bytes:
    """A JPEG with XMP in two, the second in parts."""
    name = hashlib.md5(extension).hexdigest().upper().encode()
    main = main.replace(b"NAME", name)
    parts = [
        segment(
            0xE1,
            b"http://ns.adobe.com/xmp/extension/\0"
            + name
            + struct.pack(">II", len(extension), at)
            + extension[at : at + part],
        )
        for at in range(0, len(extension), part)
    ]
    foreign = segment(
        0xE1,
        b"http://ns.adobe.com/xmp/extension/\0" + b"0" * 32 + struct.pack(">II", 9, 0) + b"x" * 9,
    )
    order = parts[::-1] if backwards else parts
    return jpeg(foreign + b"".join(order), xmp=main)


MAIN = packet(
    'xmlns:xmp="http://ns.adobe.com/xap/1.0/" xmp:Rating="4" '
    'xmlns:xmpNote="http://ns.adobe.com/xmp/note/" xmpNote:HasExtendedXMP="NAME"'
)
LONG = "many words " * 200
EXTENSION = packet('xmlns:d="urn:d"', f"<d:Story>{LONG}</d:Story>", "r")


@pytest.mark.parametrize("backwards", [False, True])
def test_extended_xmp_is_put_together(backwards):
    picture = decode_picture(extended(MAIN, EXTENSION, backwards=backwards))
    assert picture.notes == ()
    kept = picture.metadata.xmp
    assert kept is not None
    assert LONG.encode() in kept
    assert b'Rating="4"' in kept
    assert b"HasExtendedXMP" not in kept
    assert xmp.packet(kept) == kept
    for kind in ALL:
        data = encode_picture(picture, ExportFormat(kind), recipe='["r"]')
        back = decode_picture(data).metadata.xmp
        assert back is not None
        assert LONG.encode() in back
        assert xmp.recipe(back) == '["r"]'


def test_extended_xmp_with_a_part_missing_is_said():
    data = extended(MAIN, EXTENSION)
    at = data.index(b"http://ns.adobe.com/xmp/extension/\0", data.index(EXTENSION[:50])) - 4
    (length,) = struct.unpack_from(">H", data, at + 2)
    picture = decode_picture(data[:at] + data[at + 2 + length :])
    assert codes(picture) == ["xmp-partly-left-out"]
    assert picture.metadata.xmp is not None
    assert b'Rating="4"' in picture.metadata.xmp


def test_xmp_too_long_for_a_segment_is_split_in_jpeg():
    story = "".join(f"{n} words, " for n in range(20_000))
    inside = f"<d:Story>{story}</d:Story><d:Short>word</d:Short>"
    long = packet('xmlns:d="urn:d" d:a="b"', inside)
    assert len(long) > 200_000
    picture = Picture(photo(), metadata=Metadata(xmp=long))
    assert left_out(picture, ExportFormat("jpeg")) == ()
    data = encode_picture(picture, ExportFormat("jpeg"), recipe='["r"]')
    main = Image.open(io.BytesIO(data)).info["xmp"]
    assert b"<d:Short>word</d:Short>" in main  # what reads no extension still reads the rest
    assert xmp.recipe(main) == '["r"]'
    back = decode_picture(data)
    assert back.notes == ()
    assert back.metadata.xmp is not None
    assert story.encode() in back.metadata.xmp
    size = len(back.metadata.xmp)
    for _ in range(2):  # again and again: it does not grow
        back = decode_picture(encode_picture(back, ExportFormat("jpeg"), recipe='["r"]'))
    assert back.metadata.xmp is not None
    assert len(back.metadata.xmp) <= size + 20


def test_xmp_that_cannot_be_split_is_said():
    long = packet(f'xmlns:d="urn:d" d:a="{"b" * 70_000}"')
    picture = Picture(photo(), metadata=Metadata(xmp=long))
    assert [note.code for note in left_out(picture, ExportFormat("jpeg"))] == ["xmp-too-long"]
    data = encode_picture(picture, ExportFormat("jpeg"), recipe='["r"]')
    assert xmp.recipe(decode_picture(data).metadata.xmp) == '["r"]'


def test_xmp_of_imagemagick_in_png():
    content = b"http://ns.adobe.com/xap/1.0/\0" + packet('xmlns:d="urn:d" d:a="b"')
    info = PngImagePlugin.PngInfo()
    lines = content.hex()
    info.add_text("Raw profile type APP1", f"\nAPP1\n{len(content)}\n{lines}\n", zip=True)
    picture = decode_picture(saved(Image.fromarray(photo()), "PNG", pnginfo=info))
    assert picture.metadata.xmp == packet('xmlns:d="urn:d" d:a="b"')
    assert picture.metadata.texts == ()


def test_xmp_in_utf_16():
    wide = packet('xmlns:d="urn:d" d:a="ü"').decode().encode("utf-16")
    assert xmp.packet(wide) == packet('xmlns:d="urn:d" d:a="ü"')


@pytest.mark.parametrize(
    "hostile",
    [
        b'<!DOCTYPE a [<!ENTITY b "c">]>' + packet('xmlns:d="urn:d" d:ns.google="b"'),
        packet("", "<a>" * 60_000 + "ns.google" + "</a>" * 60_000),
        packet('xmlns:n="http://ns.adobe.com/xmp/note/" n:HasExtendedXMP=""'),
    ],
)
def test_hostile_packets_cost_nothing_else(hostile):
    picture = decode_picture(saved(Image.fromarray(photo()), "PNG", pnginfo=with_xmp(hostile)))
    np.testing.assert_array_equal(picture.pixels, photo())
    decode_picture(jpeg(xmp=hostile[:60_000]))


def with_xmp(content: bytes) -> PngImagePlugin.PngInfo:
    info = PngImagePlugin.PngInfo()
    info.add_itxt("XML:com.adobe.xmp", content.decode())
    return info


# -- what the export is no longer ------------------------------------------------------------------

GAIN = packet(
    'xmlns:hdrgm="http://ns.adobe.com/hdr-gain-map/1.0/" hdrgm:Version="1.0" '
    'xmlns:Container="http://ns.google.com/photos/1.0/container/" '
    'xmlns:Item="http://ns.google.com/photos/1.0/container/item/" '
    'xmlns:dc="http://purl.org/dc/elements/1.1/" dc:format="image/jpeg"',
    '<Container:Directory><rdf:Seq><rdf:li rdf:parseType="Resource"><Container:Item '
    'Item:Semantic="GainMap" Item:Length="3286"/></rdf:li></rdf:Seq></Container:Directory>',
)
MOTION = packet(
    'xmlns:GCamera="http://ns.google.com/photos/1.0/camera/" GCamera:MotionPhoto="1" '
    'GCamera:MotionPhotoPresentationTimestampUs="1" GCamera:SpecialTypeID="portrait"'
)
DEPTH = packet(
    'xmlns:GDepth="http://ns.google.com/photos/1.0/depthmap/" GDepth:Format="RangeInverse" '
    'xmlns:GImage="http://ns.google.com/photos/1.0/image/" GImage:Mime="image/jpeg"'
)


@pytest.mark.parametrize(
    ("content", "code", "gone", "kept"),
    [
        (GAIN, "gain-map-left-out", [b"hdrgm", b"Container", b"GainMap"], b"dc:format"),
        (MOTION, "motion-left-out", [b"MotionPhoto"], b"SpecialTypeID"),
        (DEPTH, "depth-left-out", [b"GDepth", b"GImage"], b"about"),
    ],
)
def test_promises_that_no_longer_hold_go_and_are_said(content, code, gone, kept):
    picture = decode_picture(jpeg(xmp=content))
    assert codes(picture) == [code]
    for kind in ALL:
        data = encode_picture(picture, ExportFormat(kind))
        back = decode_picture(data)
        assert back.notes == ()
        assert back.metadata.xmp is not None
        assert kept in back.metadata.xmp
        for word in gone:
            assert word not in back.metadata.xmp


def test_a_gain_map_that_only_a_segment_tells():
    picture = decode_picture(jpeg(segment(0xE2, b"urn:iso:std:iso:ts:21496:-1\0" + bytes(4))))
    assert codes(picture) == ["gain-map-left-out"]


def test_several_pictures_in_a_file_are_said():
    frames = [Image.fromarray(photo(seed=n)) for n in range(2)]
    data = saved(frames[0], "MPO", save_all=True, append_images=frames[1:])
    picture = decode_picture(data)
    assert codes(picture) == ["first-picture-only"]
    assert b"MPF\0" not in encode_picture(picture, ExportFormat("jpeg"))


def test_a_thumbnail_in_xmp_goes():
    content = packet(
        'xmlns:xmp="http://ns.adobe.com/xap/1.0/" xmp:Rating="3" '
        'xmlns:xmpGImg="http://ns.adobe.com/xap/1.0/g/img/"',
        '<xmp:Thumbnails><rdf:Alt><rdf:li rdf:parseType="Resource"><xmpGImg:image>SECRET'
        "</xmpGImg:image></rdf:li></rdf:Alt></xmp:Thumbnails>",
    )
    picture = decode_picture(jpeg(xmp=content))
    assert picture.metadata.xmp is not None
    assert b"SECRET" not in picture.metadata.xmp
    assert b'Rating="3"' in picture.metadata.xmp
    assert picture.notes == ()


# -- regions ---------------------------------------------------------------------------------------

SPOT = (0.2, 0.3, 0.1, 0.06)  # x and y of the middle, width, height


def regions(width: int, height: int, *, as_elements: bool = False) -> bytes:
    x, y, w, h = SPOT
    spaces = (
        'xmlns:mwg-rs="http://www.metadataworkinggroup.com/schemas/regions/" '
        'xmlns:stDim="http://ns.adobe.com/xap/1.0/sType/Dimensions#" '
        'xmlns:stArea="http://ns.adobe.com/xmp/sType/Area#" '
        'xmlns:MP="http://ns.microsoft.com/photo/1.2/" '
        'xmlns:MPRI="http://ns.microsoft.com/photo/1.2/t/RegionInfo#" '
        'xmlns:MPReg="http://ns.microsoft.com/photo/1.2/t/Region#"'
    )
    area = f'<mwg-rs:Area stArea:x="{x}" stArea:y="{y}" stArea:w="{w}" stArea:h="{h}"/>'
    if as_elements:
        values = "".join(f"<stArea:{n}>{v}</stArea:{n}>" for n, v in zip("xywh", SPOT, strict=True))
        area = f'<mwg-rs:Area rdf:parseType="Resource">{values}</mwg-rs:Area>'
    return packet(
        spaces,
        '<mwg-rs:Regions rdf:parseType="Resource"><mwg-rs:AppliedToDimensions '
        f'stDim:w="{width}" stDim:h="{height}" stDim:unit="pixel"/><mwg-rs:RegionList><rdf:Bag>'
        f'<rdf:li rdf:parseType="Resource"><mwg-rs:Name>Ann</mwg-rs:Name>{area}</rdf:li>'
        "</rdf:Bag></mwg-rs:RegionList></mwg-rs:Regions>"
        '<MP:RegionInfo rdf:parseType="Resource"><MPRI:Regions><rdf:Bag><rdf:li '
        f'MPReg:Rectangle="{x - w / 2:.3f}, {y - h / 2:.3f}, {w}, {h}"/></rdf:Bag>'
        "</MPRI:Regions></MP:RegionInfo>",
    )


def values_of(content: bytes) -> tuple[list[float], list[float], tuple[float, float]]:
    """Area, rectangle and dimensions."""
    from xml.etree import ElementTree

    root = ElementTree.fromstring(content)
    found: dict[str, str] = {}
    for element in root.iter():
        found |= element.attrib
        found[element.tag] = element.text or ""
    area = [float(found[f"{{http://ns.adobe.com/xmp/sType/Area#}}{n}"]) for n in "xywh"]
    rectangle = found["{http://ns.microsoft.com/photo/1.2/t/Region#}Rectangle"].split(",")
    sizes = "{http://ns.adobe.com/xap/1.0/sType/Dimensions#}"
    return (
        area,
        [float(v) for v in rectangle],
        (float(found[sizes + "w"]), float(found[sizes + "h"])),
    )


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("as_elements", [False, True])
def test_regions_turn_with_the_pixels(orientation, as_elements):
    """A white spot is where the region says that it is, before and after."""
    height, width = 200, 300
    stored = np.zeros((height, width, 3), np.uint8)
    x, y, w, h = SPOT
    rows = slice(round((y - h / 2) * height), round((y + h / 2) * height))
    columns = slice(round((x - w / 2) * width), round((x + w / 2) * width))
    stored[rows, columns] = 255
    data = saved(
        Image.fromarray(stored),
        "PNG",
        exif=b"Exif\0\0" + exif_block(orientation),
        pnginfo=with_xmp(regions(width, height, as_elements=as_elements)),
    )
    picture = decode_picture(data)
    assert picture.metadata.xmp is not None
    area, rectangle, dimensions = values_of(picture.metadata.xmp)
    assert dimensions == picture.size
    ys, xs = np.nonzero(picture.pixels[..., 0])
    left, right = xs.min() / picture.size[0], (xs.max() + 1) / picture.size[0]
    top, bottom = ys.min() / picture.size[1], (ys.max() + 1) / picture.size[1]
    expected = [(left + right) / 2, (top + bottom) / 2, right - left, bottom - top]
    assert area == pytest.approx(expected, abs=0.006)
    assert rectangle == pytest.approx([left, top, right - left, bottom - top], abs=0.006)
    for kind in ALL:
        back = decode_picture(encode_picture(picture, ExportFormat(kind))).metadata.xmp
        assert values_of(back or b"") == (area, rectangle, dimensions)


CUTS = {
    "crop": [edit("crop", rectangle=(0.1, 0.2, 0.5, 0.4))],
    "turn": [edit("crop", rectangle=(0.1, 0.2, 0.5, 0.4)), edit("turn", 90)],
    "straighten": [edit("straighten", 2.0), edit("mirror")],
}


@pytest.mark.parametrize("how", CUTS)
def test_regions_are_cropped_and_turned_with_the_pixels(how):
    x, y, w, h = SPOT
    pixels = np.zeros((400, 600, 3), np.uint8)
    pixels[round((y - h / 2) * 400) : round((y + h / 2) * 400),
           round((x - w / 2) * 600) : round((x + w / 2) * 600)] = 255  # fmt: skip
    data = saved(Image.fromarray(pixels), "PNG", pnginfo=with_xmp(regions(600, 400)))
    picture = framed(decode_picture(data), CUTS[how])
    area, rectangle, dimensions = values_of(picture.metadata.xmp)
    assert dimensions == picture.size
    ys, xs = np.nonzero(picture.pixels[..., 0] > 127)
    left, right = xs.min() / picture.size[0], (xs.max() + 1) / picture.size[0]
    top, bottom = ys.min() / picture.size[1], (ys.max() + 1) / picture.size[1]
    expected = [(left + right) / 2, (top + bottom) / 2, right - left, bottom - top]
    assert area == pytest.approx(expected, abs=0.02)
    assert rectangle == pytest.approx([left, top, right - left, bottom - top], abs=0.02)
    assert picture.notes == ()


def test_a_region_that_is_cut_off_goes():
    data = saved(Image.fromarray(photo()), "PNG", pnginfo=with_xmp(regions(64, 48)))
    cut = framed(decode_picture(data), [edit("crop", rectangle=(0.5, 0.5, 0.5, 0.5))])
    assert b"stArea:x" not in cut.metadata.xmp
    assert b"Rectangle" not in cut.metadata.xmp
    assert b"Ann" not in cut.metadata.xmp
    assert b"mwg-rs:Regions" in cut.metadata.xmp


def test_regions_of_the_upright_picture_are_left():
    data = saved(
        Image.new("RGB", (300, 200)),
        "PNG",
        exif=b"Exif\0\0" + exif_block(6),
        pnginfo=with_xmp(regions(200, 300)),
    )
    area, _, dimensions = values_of(decode_picture(data).metadata.xmp or b"")
    assert area == pytest.approx(SPOT)
    assert dimensions == (200, 300)


def test_the_subject_in_exif_turns():
    tags = Image.Exif()
    tags.get_ifd(0x8769)[0x9214] = (60, 50, 40, 20)
    tags[0x8769], tags[0x0112] = 0, 6
    data = saved(Image.new("RGB", (300, 200)), "JPEG", exif=tags.tobytes())
    picture = decode_picture(data)
    back = Image.open(io.BytesIO(encode_picture(picture, ExportFormat("jpeg")))).getexif()
    assert back.get_ifd(0x8769)[0x9214] == (150, 60, 20, 40)


# -- resolution ------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ALL)
@pytest.mark.parametrize("block", [None, exif_block()])
def test_resolution_and_aspect_are_kept(kind, block):
    for told in ({"dpi": (300.0, 150.0)}, {"aspect": (2, 1)}):
        picture = Picture(photo(), metadata=Metadata(exif=block, **told))
        back = decode_picture(encode_picture(picture, ExportFormat(kind))).metadata
        assert back.dpi == pytest.approx(told.get("dpi"), abs=0.02)
        assert back.aspect == told.get("aspect")
        if block is not None:
            assert b"Nikon" in (back.exif or b"")


def test_resolution_turns_with_the_pixels():
    data = jpeg(exif=b"Exif\0\0" + exif_block(6), dpi=(300, 150))
    assert decode_picture(data).metadata.dpi == (150, 300)
    tags = Image.Exif()
    tags[282], tags[283], tags[296], tags[0x0112] = 300.0, 150.0, 2, 8
    block = decode_picture(jpeg(exif=tags.tobytes())).metadata.exif
    assert block is not None
    assert exif.resolution(block) == (150.0, 300.0, 2)


def test_xmp_states_the_size_of_the_export():
    content = packet(
        'xmlns:tiff="http://ns.adobe.com/tiff/1.0/" tiff:ImageWidth="4000" '
        'xmlns:exif="http://ns.adobe.com/exif/1.0/"',
        "<exif:PixelYDimension>3000</exif:PixelYDimension>",
    )
    back = decode_picture(
        encode_picture(Picture(photo(), metadata=Metadata(xmp=content)), ExportFormat("png"))
    )
    assert b'ImageWidth="53"' in (back.metadata.xmp or b"")
    assert b"Dimension>37<" in (back.metadata.xmp or b"")


def test_turning_a_place_is_turning_the_pixel():
    stored = np.zeros((4, 6), np.uint8)
    stored[1, 4] = 1
    for turn in TURNS.values():
        upright = turn.pixels(stored)
        row, column = np.argwhere(upright)[0]
        x, y = turn.point(4.5 / 6, 1.5 / 4)
        assert (x * upright.shape[1], y * upright.shape[0]) == pytest.approx(
            (column + 0.5, row + 0.5)
        )


# -- pages of a TIFF, transparency -----------------------------------------------------------------


def pages(*sizes: tuple[int, int], kinds: tuple[int, ...] = ()) -> bytes:
    images = [Image.new("RGB", size, (10 * n + 10, 0, 0)) for n, size in enumerate(sizes)]
    for image, kind in zip(images, kinds, strict=False):
        image.encoderinfo = {"tiffinfo": {254: kind}}
    target = io.BytesIO()
    images[0].save(
        target,
        "TIFF",
        save_all=True,
        append_images=images[1:],
        tiffinfo={254: kinds[0]} if kinds else {},
    )
    return target.getvalue()


@pytest.mark.parametrize(
    ("sizes", "kinds", "chosen", "said"),
    [
        (((80, 60), (320, 240)), (1, 0), 1, False),
        (((80, 60), (320, 240)), (), 1, False),
        (((320, 240), (80, 60)), (), 0, False),
        (((320, 240), (300, 260)), (), 0, True),
        (((100, 240), (320, 240)), (), 0, True),
    ],
)
def test_the_page_that_is_the_picture(sizes, kinds, chosen, said):
    picture = decode_picture(pages(*sizes, kinds=kinds))
    assert picture.size == sizes[chosen]
    assert picture.pixels[0, 0, 0] == 10 * chosen + 10
    assert (codes(picture) == ["first-picture-only"]) == said


def test_what_was_clear_is_white_in_a_jpeg():
    pixels = np.full((32, 32, 3), 10, np.uint8)
    alpha = np.full((32, 32), 255, np.uint8)
    alpha[:16] = 0
    picture = Picture(pixels, alpha)
    back = decode_picture(encode_picture(picture, ExportFormat("jpeg")))
    assert back.pixels[:8].min() >= 250
    assert back.pixels[24:].max() <= 14
    assert back.alpha is None
    half = dataclasses.replace(picture, alpha=np.full((32, 32), 128, np.uint8))
    shown = decode_picture(encode_picture(half, ExportFormat("jpeg"))).pixels
    assert np.abs(shown.astype(int) - 132).max() <= 2
    assert [note.code for note in left_out(picture, ExportFormat("jpeg"))] == [
        "transparency-left-out"
    ]
