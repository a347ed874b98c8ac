"""However a file names its colour space, every export has its colours."""

from __future__ import annotations

import dataclasses
import io
import struct
import zlib

import cv2
import numpy as np
import pytest
from PIL import Image, ImageCms

from editor.files import boxes, exif, rgb_spaces
from editor.files.decoding import decode_picture
from editor.files.encoding import ExportFormat, encode_picture
from tests.editor.files.picture_samples import display_p3

ALL = ["png", "jpeg", "webp", "tiff"]

# Linear RGB to linear sRGB: CSS Color 4, section 18 (sample code), and Adobe RGB (1998), 4.3.
P3_TO_SRGB = np.array(
    [[1.22494, -0.22494, 0.0], [-0.04206, 1.04206, 0.0], [-0.01964, -0.07864, 1.09827]]
)
ADOBE_TO_SRGB = np.array([[1.39836, -0.39836, 0.0], [0.0, 1.0, 0.0], [0.0, -0.04293, 1.04293]])
BT2020_TO_SRGB = np.array(
    [[1.66049, -0.58764, -0.07285], [-0.12455, 1.1329, -0.00835], [-0.01815, -0.10058, 1.11873]]
)


def patches() -> np.ndarray:
    """64 x 96 of colours in the middle of any gamut, in patches of 32."""
    colours = [(150, 130, 110), (120, 140, 150), (200, 190, 170), (90, 80, 100), (128, 128, 128)]
    rows = [np.repeat(np.array(colours[i : i + 3], np.uint8)[None], 32, 0) for i in (0, 2)]
    return np.concatenate([np.repeat(row, 32, 1) for row in rows])


def srgb_light(values: np.ndarray) -> np.ndarray:
    x = values / 255
    return np.where(x <= 0.04045, x / 12.92, ((x + 0.055) / 1.055) ** 2.4)


def srgb_code(light: np.ndarray) -> np.ndarray:
    light = np.clip(light, 0, 1)
    return 255 * np.where(light <= 0.0031308, 12.92 * light, 1.055 * light ** (1 / 2.4) - 0.055)


def shown(data: bytes) -> np.ndarray:
    """What a program that manages colours shows of a file on an sRGB screen."""
    image = Image.open(io.BytesIO(data))
    icc = image.info.get("icc_profile")
    if icc is None:
        return np.asarray(image.convert("RGB")).astype(float)
    profile = ImageCms.ImageCmsProfile(io.BytesIO(icc))
    out = ImageCms.profileToProfile(image.convert("RGB"), profile, ImageCms.createProfile("sRGB"))
    assert out is not None
    return np.asarray(out).astype(float)


def assert_right(data: bytes, expected: np.ndarray) -> None:
    """Opened and exported, with its metadata and without, the picture has the expected colours."""
    picture = decode_picture(data)
    for kind in ALL:
        for keep in (True, False):
            export = encode_picture(picture, ExportFormat(kind), keep_metadata=keep)
            assert np.abs(shown(export) - expected).max() <= 2.5, (kind, keep)
            again = decode_picture(export)
            assert again.metadata.icc == picture.metadata.icc


def png(*chunks: tuple[bytes, bytes], **more: object) -> bytes:
    """A PNG of the patches with chunks behind its header."""
    target = io.BytesIO()
    Image.fromarray(patches()).save(target, "PNG", **more)
    data = target.getvalue()
    extra = b""
    for name, content in chunks:
        body = name + content
        extra += struct.pack(">I", len(content)) + body + struct.pack(">I", zlib.crc32(body))
    return data[:33] + extra + data[33:]


def chromaticities(*values: float) -> bytes:
    return struct.pack(">8I", *(round(value * 100_000) for value in values))


P3 = chromaticities(0.3127, 0.3290, 0.68, 0.32, 0.265, 0.69, 0.15, 0.06)
SRGB = chromaticities(0.3127, 0.3290, 0.64, 0.33, 0.30, 0.60, 0.15, 0.06)


def test_cicp_in_png_names_display_p3():
    expected = srgb_code(srgb_light(patches()) @ P3_TO_SRGB.T)
    assert np.abs(expected - patches()).max() > 5
    assert_right(png((b"cICP", bytes([12, 13, 0, 1]))), expected)


def test_cicp_goes_before_a_profile():
    expected = srgb_code(srgb_light(patches()) @ BT2020_TO_SRGB.T)
    assert_right(png((b"cICP", bytes([9, 13, 0, 1])), icc_profile=display_p3()), expected)


def test_cicp_in_narrow_range():
    narrow = np.rint(patches() * (219 / 255) + 16).astype(np.uint8)
    target = io.BytesIO()
    Image.fromarray(narrow).save(target, "PNG")
    data = target.getvalue()
    body = b"cICP" + bytes([1, 13, 0, 0])
    chunk = struct.pack(">I", 4) + body + struct.pack(">I", zlib.crc32(body))
    assert_right(data[:33] + chunk + data[33:], patches())


def test_gamma_and_chromaticities_in_png():
    gamma = struct.pack(">I", round(100_000 / 1.8))
    expected = srgb_code((patches() / 255) ** 1.8 @ P3_TO_SRGB.T)
    assert_right(png((b"gAMA", gamma), (b"cHRM", P3)), expected)
    assert_right(png((b"gAMA", gamma)), srgb_code((patches() / 255) ** 1.8))
    assert_right(png((b"cHRM", P3)), srgb_code(srgb_light(patches()) @ P3_TO_SRGB.T))


@pytest.mark.parametrize(
    "chunks",
    [
        [(b"sRGB", b"\0"), (b"gAMA", struct.pack(">I", 55_556)), (b"cHRM", P3)],
        [(b"gAMA", struct.pack(">I", 45_455)), (b"cHRM", SRGB)],
        [(b"gAMA", struct.pack(">I", 45_455))],
        [(b"cICP", bytes([1, 13, 0, 1]))],
        [(b"cICP", bytes([2, 2, 0, 1]))],
        [(b"cHRM", bytes(32))],
        [(b"gAMA", bytes(4))],
    ],
)
def test_what_is_srgb_stays_without_a_profile(chunks):
    picture = decode_picture(png(*chunks))
    assert picture.metadata.icc is None
    np.testing.assert_array_equal(picture.pixels, patches())
    assert picture.notes == ()


def test_grey_with_a_gamma():
    target = io.BytesIO()
    grey = Image.fromarray(patches()[..., 0])
    grey.save(target, "PNG")
    body = b"gAMA" + struct.pack(">I", 100_000)
    chunk = struct.pack(">I", 4) + body + struct.pack(">I", zlib.crc32(body))
    data = target.getvalue()[:33] + chunk + target.getvalue()[33:]
    assert_right(data, srgb_code(np.repeat(patches()[..., :1], 3, 2) / 255))


def exif_with(space: int, index: bytes | None) -> bytes:
    tags = Image.Exif()
    inner = tags.get_ifd(0x8769)
    inner[0xA001] = space
    if index is not None:
        inner[0xA005] = {1: index.decode(), 2: b"0100"}
    tags[0x8769] = 0
    return tags.tobytes()


def with_exif(kind: str, block: bytes, **more: object) -> bytes:
    target = io.BytesIO()
    settings = {"quality": 100, "subsampling": 0} if kind == "JPEG" else {"lossless": True}
    Image.fromarray(patches()).save(target, kind, exif=block, **settings, **more)
    return target.getvalue()


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
@pytest.mark.parametrize(("space", "index"), [(0xFFFF, b"R03"), (2, None)])
def test_adobe_rgb_told_by_exif(kind, space, index):
    block = exif_with(space, index)
    sound = exif.tiff_block(block)
    assert sound is not None
    assert exif.is_adobe_rgb(sound)
    expected = srgb_code((patches() / 255) ** (563 / 256) @ ADOBE_TO_SRGB.T)
    assert np.abs(expected - patches()).max() > 5
    assert_right(with_exif(kind, block), expected)


@pytest.mark.parametrize(("space", "index"), [(1, b"R98"), (0xFFFF, None), (1, b"R03")])
def test_other_spaces_of_exif_are_srgb(space, index):
    assert decode_picture(with_exif("JPEG", exif_with(space, index))).metadata.icc is None


def test_a_profile_goes_before_exif():
    picture = decode_picture(with_exif("JPEG", exif_with(2, b"R03"), icc_profile=display_p3()))
    assert picture.metadata.icc == display_p3()


def test_exif_does_not_call_converted_pixels_adobe_rgb():
    target = io.BytesIO()
    block = exif_with(0xFFFF, b"R03")
    Image.fromarray(patches()).convert("CMYK").save(target, "JPEG", exif=block, quality=100)
    picture = decode_picture(target.getvalue())
    assert picture.metadata.icc is None
    for kind in ALL:
        again = decode_picture(encode_picture(picture, ExportFormat(kind)))
        assert again.metadata.icc is None
        tags = Image.open(io.BytesIO(encode_picture(picture, ExportFormat(kind)))).getexif()
        assert tags.get_ifd(0x8769)[0xA001] == 1


def test_nclx_in_avif():
    target = io.BytesIO()
    Image.fromarray(patches()).save(target, "AVIF", quality=100, subsampling="4:4:4")
    data = bytearray(target.getvalue())
    assert boxes.nclx(bytes(data)) is not None
    at = data.index(b"colrnclx") + 8
    struct.pack_into(">HH", data, at, 12, 13)
    assert boxes.nclx(bytes(data))[:2] == (12, 13)
    assert_right(bytes(data), srgb_code(srgb_light(patches()) @ P3_TO_SRGB.T))


def box(kind: bytes, *content: bytes) -> bytes:
    body = b"".join(content)
    return struct.pack(">I", 8 + len(body)) + kind + body


def heif(*links: int) -> bytes:
    """The boxes of a HEIF file with two spaces; the primary item has the given properties."""
    spaces = [box(b"colr", b"nclx", struct.pack(">HHHB", p, 13, 6, 128)) for p in (9, 12)]
    container = box(b"ipco", box(b"ispe", bytes(12)), *spaces)
    other = struct.pack(">HBB", 1, 1, 2)
    primary = struct.pack(">HB", 7, len(links)) + bytes(links)
    ipma = box(b"ipma", bytes(4), struct.pack(">I", 2), other, primary)
    meta = box(b"meta", bytes(4), box(b"pitm", bytes(4), b"\0\7"), box(b"iprp", container, ipma))
    return box(b"ftyp", b"heic", bytes(4)) + meta


def test_nclx_of_the_primary_item():
    assert boxes.nclx(heif(1, 0x83)) == (12, 13, 6, 1)
    assert boxes.nclx(heif(1, 2)) == (9, 13, 6, 1)
    assert boxes.nclx(heif(1)) is None


def test_boxes_that_make_no_sense_name_nothing():
    sound = heif(1, 3)
    for end in range(len(sound)):
        boxes.nclx(sound[:end])
    random = np.random.default_rng(0)
    for _ in range(300):
        broken = bytearray(sound)
        for at in random.integers(0, len(sound), 3):
            broken[at] = random.integers(256)
        boxes.nclx(bytes(broken))


def bitmap(pixels: np.ndarray, version: int, space: bytes, profile: bytes = b"", **more) -> bytes:
    """A 32-bit BMP of version 4 or 5, top down."""
    height, width = pixels.shape[:2]
    alpha = more.get("alpha", 255)
    size = {4: 108, 5: 124}[version]
    rows = np.dstack([pixels[..., ::-1], np.full((height, width), alpha, np.uint8)]).tobytes()
    head = struct.pack("<IiiHHIIiiII", size, width, -height, 1, 32, 3, len(rows), 0, 0, 0, 0)
    head += struct.pack("<4I", 0xFF0000, 0xFF00, 0xFF, 0xFF000000) + space
    head += more.get("endpoints", bytes(36)) + more.get("gammas", bytes(12))
    if version == 5:
        head += struct.pack("<IIII", 4, size + len(rows), len(profile), 0)
    offset = 14 + size
    total = offset + len(rows) + len(profile)
    return struct.pack("<2sIHHI", b"BM", total, 0, 0, offset) + head + rows + profile


def test_a_profile_in_a_bitmap():
    picture = decode_picture(bitmap(patches(), 5, b"DEBM", display_p3()))
    np.testing.assert_array_equal(picture.pixels, patches())
    assert picture.metadata.icc == display_p3()


def test_endpoints_and_gamma_in_a_bitmap():
    xyz = rgb_spaces.PRIMARIES[12].to_xyz().T.ravel()
    endpoints = struct.pack("<9i", *(round(v * 2**30) for v in xyz))
    gammas = struct.pack("<3I", *[round(1.8 * 2**16)] * 3)
    data = bitmap(patches(), 4, bytes(4), endpoints=endpoints, gammas=gammas)
    assert_right(data, srgb_code((patches() / 255) ** 1.8 @ P3_TO_SRGB.T))
    assert decode_picture(bitmap(patches(), 4, bytes(4))).metadata.icc is None
    assert decode_picture(bitmap(patches(), 4, b"BGRs")).metadata.icc is None


def test_an_empty_transparency_channel_of_a_bitmap_hides_nothing():
    picture = decode_picture(bitmap(patches(), 4, b"BGRs", alpha=0))
    assert picture.alpha is None
    assert [note.code for note in picture.notes] == ["empty-alpha-left-out"]
    np.testing.assert_array_equal(picture.pixels, patches())


def test_colorimetry_in_tiff():
    target = io.BytesIO()
    numbers = {318: (0.3127, 0.3290), 319: (0.68, 0.32, 0.265, 0.69, 0.15, 0.06)}
    Image.fromarray(patches()).save(target, "TIFF", tiffinfo=numbers)
    assert_right(target.getvalue(), srgb_code(srgb_light(patches()) @ P3_TO_SRGB.T))


def pq_code(light: np.ndarray) -> np.ndarray:
    """SMPTE ST 2084, light in cd/m2."""
    y = (light / 10_000) ** 0.1593017578125
    return 255 * ((0.8359375 + 18.8515625 * y) / (1 + 18.6875 * y)) ** 78.84375


def test_pq_of_ordinary_brightness_looks_as_it_should():
    target = io.BytesIO()
    codes = np.rint(pq_code(203 * srgb_light(patches()))).astype(np.uint8)
    Image.fromarray(codes).save(target, "PNG")
    body = b"cICP" + bytes([1, 16, 0, 1])
    chunk = struct.pack(">I", 4) + body + struct.pack(">I", zlib.crc32(body))
    picture = decode_picture(target.getvalue()[:33] + chunk + target.getvalue()[33:])
    assert [note.code for note in picture.notes] == ["hdr-converted"]
    assert picture.metadata.icc is None
    assert np.abs(picture.pixels.astype(float) - patches()).max() <= 4


def test_hlg_is_monotone_and_reaches_white():
    target = io.BytesIO()
    ramp = np.repeat(np.repeat(np.arange(256, dtype=np.uint8)[None, :, None], 8, 0), 3, 2)
    Image.fromarray(ramp).save(target, "PNG")
    body = b"cICP" + bytes([9, 18, 0, 1])
    chunk = struct.pack(">I", 4) + body + struct.pack(">I", zlib.crc32(body))
    picture = decode_picture(target.getvalue()[:33] + chunk + target.getvalue()[33:])
    row = picture.pixels[0].astype(int)
    assert (np.diff(row, axis=0) >= 0).all()
    assert row[0].max() == 0
    assert row[255].min() == 255
    assert np.ptp(row, axis=1).max() <= 2


def test_profiles_are_valid_and_neutral():
    for number, primaries in rgb_spaces.PRIMARIES.items():
        icc = rgb_spaces.profile(f"space {number}", primaries, rgb_spaces.SRGB_CURVE)
        profile = ImageCms.ImageCmsProfile(io.BytesIO(icc))
        assert ImageCms.getProfileDescription(profile).strip() == f"space {number}"
        grey = Image.new("RGB", (1, 1), (128, 128, 128))
        out = ImageCms.profileToProfile(grey, profile, ImageCms.createProfile("sRGB"))
        assert out is not None
        assert np.abs(np.asarray(out).astype(int) - 128).max() <= 1


def test_primaries_that_span_nothing_are_refused():
    line = rgb_spaces.Primaries((0.3, 0.3), (0.2, 0.2), (0.3, 0.3), (0.4, 0.4))
    with pytest.raises(ValueError, match="line"):
        rgb_spaces.profile("x", line, rgb_spaces.SRGB_CURVE)
    flat = dataclasses.replace(rgb_spaces.SRGB, red=(0.5, 0.0))
    with pytest.raises(ValueError, match="luminance"):
        rgb_spaces.profile("x", flat, rgb_spaces.SRGB_CURVE)


def test_sixteen_bits_made_of_eight_by_shifting():
    ramp = np.repeat(np.arange(256, dtype=np.uint16)[None, :, None], 4, 0).repeat(3, 2) << 8

    done, data = cv2.imencode(".png", ramp)
    assert done
    np.testing.assert_array_equal(decode_picture(data.tobytes()).pixels, ramp >> 8)
    done, data = cv2.imencode(".png", ramp[..., 0])
    np.testing.assert_array_equal(decode_picture(data.tobytes()).pixels, ramp >> 8)
