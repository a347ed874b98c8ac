"""Pictures go in from every format with the right colours, and come out as they were asked for."""

from __future__ import annotations

import base64
import errno
import io
import os
import stat
import tracemalloc
import zlib
from pathlib import Path

import cv2
import numpy as np
import pytest
from PIL import Image, ImageOps

from editor.files import colour
from editor.files.decoding import decode_picture
from editor.files.encoding import ExportFormat, encode_picture, over_white
from editor.files.picture import Metadata, Picture, PictureError
from editor.files.picture_files import open_picture, write_atomically
from editor.messages import message
from tests.editor.files.picture_samples import (
    display_p3,
    exif_block,
    grey_gamma,
    photo,
    swapped_cmyk,
)

LOSSLESS = ["png", "webp", "tiff"]
ALL = ["png", "jpeg", "webp", "tiff"]
SIXTEEN = message("bits-reduced", bits=16)
GREY = message("grey-converted")

# 48 x 32 pixels stored, to be turned a quarter clockwise (irot and EXIF orientation 6): red top
# left, white top right, blue below, as stored. Encoded once with pillow-heif 1.8.1 (x265).
TURNED_HEIC = zlib.decompress(
    base64.b85decode(
        "c-muNV30{GsVvAy%}izhg51nBLl8SRGck>Uf$>CcYDppk1Sn>t<P<^K3<a6VB@Af5Br_);Y>0~k0}}%yh{gB@LIX"
        "iJPz(r|%Hbk5Kx~njnU@CUfn-I2oK&zfpqh-bWJ3ldK}L`g*NRNAa=wDhl3WI;N=Ej~f}#Q-`&ni|az2nQ1L}2VW"
        "CjUM04tLF!0_kqj~@&S{LBeJ9TE<VJdFSUgA_1>R4{{(+%6`EM4+UW6C)#<%mRf*)@iSvEZez*Bf~%eD8vjR7!;F"
        "$%Gq2P4;CNj1X?1ToS##amz+}p6y;@LYXAy~WEK~sLcQw%#Tv;ui6EC5KpfAY0HXi@|Nj9L2tfJ)G%y4TGAlAc8k"
        "spbIDiyqW>J0#&^-*2nFYD9NMU4PWNTz%W^HK$a-=egQq!Oke90-r$>3-J*>OHMB@q-~?HY{hIUhXcp3|TIf1Bt3"
        "Kf2cX+dkW<)`a~use6}o{@>eFR(`c_VLw&A{=e98>#78=_7=ups(a49yu4`Bj`Z2(!oE-He;yW>mrSgGx9ZBi`U!"
        "Dn)d}xsE!^W)>ZcdN{b;iBym(0k{dKcL4tZR9d$YDa=;Z69c%h{(bGJLWx=+&6{!{Ss_u(jz_t_v(>Fdj&1>|usF"
        "fsCjz0D28YK%glkOze>#5Vz{c_o>-Kmr)M0H<oCq5"
    )
)


def saved(image: Image.Image, kind: str, **settings: object) -> bytes:
    target = io.BytesIO()
    image.save(target, kind, **settings)
    return target.getvalue()


def psnr(a: np.ndarray, b: np.ndarray) -> float:
    error = np.mean((a.astype(float) - b) ** 2)
    return 10 * np.log10(255**2 / error) if error else np.inf


# -- out and in again ----------------------------------------------------------------------------


@pytest.mark.parametrize("kind", LOSSLESS)
@pytest.mark.parametrize("size", [(37, 53), (1, 1), (1, 300), (300, 1)])
@pytest.mark.parametrize("with_alpha", [False, True])
def test_lossless_formats_give_every_bit_back(kind, size, with_alpha):
    rng = np.random.default_rng(3)
    pixels = rng.integers(0, 256, (*size, 3), dtype=np.uint8)
    alpha = rng.integers(0, 256, size, dtype=np.uint8) if with_alpha else None
    fmt = ExportFormat(kind)
    back = decode_picture(encode_picture(Picture(pixels, alpha), fmt))
    assert fmt.lossless
    assert back.format == kind.upper()
    assert back.notes == ()
    np.testing.assert_array_equal(back.pixels, pixels)
    if with_alpha:
        np.testing.assert_array_equal(back.alpha, alpha)
    else:
        assert back.alpha is None


@pytest.mark.parametrize("kind", LOSSLESS)
def test_colours_under_fully_transparent_pixels_survive(kind):
    picture = Picture(photo(), np.zeros((37, 53), np.uint8))
    back = decode_picture(encode_picture(picture, ExportFormat(kind)))
    np.testing.assert_array_equal(back.pixels, picture.pixels)
    assert not back.alpha.any()


def test_tiff_of_many_strips_is_read_alike_by_two_programs():
    pixels = np.random.default_rng(5).integers(0, 256, (900, 700, 3), dtype=np.uint8)
    data = encode_picture(Picture(pixels), ExportFormat("tiff"))
    opened = Image.open(io.BytesIO(data))
    assert len(opened.tag_v2[273]) > 1
    np.testing.assert_array_equal(np.asarray(opened), pixels)
    read = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_COLOR)
    np.testing.assert_array_equal(read[..., ::-1], pixels)


@pytest.mark.parametrize("quality", [1, 40, 75, 90, 95, 100])
@pytest.mark.parametrize("subsampling", ["444", "420"])
def test_jpeg_has_exactly_the_asked_quality_and_subsampling(quality, subsampling):
    fmt = ExportFormat("jpeg", quality, subsampling)
    made = Image.open(io.BytesIO(encode_picture(Picture(photo()), fmt)))
    image = Image.fromarray(photo())
    wanted = Image.open(io.BytesIO(saved(image, "JPEG", quality=quality)))
    assert made.quantization == wanted.quantization
    sampling = [(h, v) for _, h, v, _ in made.layer]
    assert sampling == [(1, 1) if subsampling == "444" else (2, 2), (1, 1), (1, 1)]
    assert not fmt.lossless


def test_jpeg_decodes_as_the_reference_decoder_does():
    data = encode_picture(Picture(photo()), ExportFormat("jpeg", 92, "420"))
    np.testing.assert_array_equal(
        decode_picture(data).pixels, np.asarray(Image.open(io.BytesIO(data)))
    )


def test_jpeg_leaves_alpha_out_and_shows_the_picture_on_white():
    picture = Picture(photo(), np.zeros((37, 53), np.uint8))
    fmt = ExportFormat("jpeg", 100)
    data = encode_picture(picture, fmt)
    assert data == encode_picture(Picture(np.full((37, 53, 3), 255, np.uint8)), fmt)
    opaque = Picture(photo(), np.full((37, 53), 255, np.uint8))
    assert encode_picture(opaque, fmt) == encode_picture(Picture(photo()), fmt)
    assert decode_picture(data).alpha is None


@pytest.mark.parametrize("kind", LOSSLESS)
def test_a_view_with_strides_is_encoded_as_it_looks(kind):
    view = photo()[::-2, ::3]
    back = decode_picture(encode_picture(Picture(view), ExportFormat(kind)))
    np.testing.assert_array_equal(back.pixels, view)


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("a.png", "png"),
        ("a.JPG", "jpeg"),
        ("a.b.jpeg", "jpeg"),
        ("a.webp", "webp"),
        ("a.Tif", "tiff"),
    ],
)
def test_the_name_chooses_the_format(name, kind):
    assert ExportFormat.for_path(name, 80, "420") == ExportFormat(kind, 80, "420")


@pytest.mark.parametrize("name", ["photo", "photo.gif", "photo.heic", ".png"])
def test_a_name_without_a_writable_format_is_refused(name):
    with pytest.raises(PictureError, match=r"\.png, \.jpg, \.webp or \.tif"):
        ExportFormat.for_path(name)


@pytest.mark.parametrize(
    "wrong", [{"quality": 0}, {"quality": 101}, {"subsampling": "422"}, {"kind": "gif"}]
)
def test_settings_out_of_range_are_refused(wrong):
    with pytest.raises(ValueError, match=r"quality|subsampling|format"):
        ExportFormat(**{"kind": "jpeg", **wrong})


@pytest.mark.parametrize(("kind", "limit"), [("webp", 16_383), ("jpeg", 65_500)])
def test_a_picture_longer_than_the_format_allows_is_refused(kind, limit):
    encode_picture(Picture(np.zeros((limit, 1, 3), np.uint8)), ExportFormat(kind))
    with pytest.raises(PictureError, match=f"{limit}.*choose PNG or TIFF"):
        encode_picture(Picture(np.zeros((limit + 1, 1, 3), np.uint8)), ExportFormat(kind))


# -- every kind of pixel -------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["PNG", "TIFF", "BMP", "WEBP", "JPEG"])
def test_rgb_opens_as_it_is_without_notes(kind):
    picture = decode_picture(
        saved(Image.fromarray(photo()), kind, lossless=True, quality=100, subsampling=0)
    )
    assert picture.notes == ()
    assert picture.format == kind
    assert psnr(picture.pixels, photo()) > (38 if kind == "JPEG" else 200)


@pytest.mark.parametrize("kind", ["PNG", "TIFF", "JPEG", "BMP"])
def test_grey_becomes_rgb_and_is_noted(kind):
    grey = photo()[..., 0]
    data = saved(Image.fromarray(grey), kind)
    picture = decode_picture(data)
    assert picture.notes == (GREY,)
    expected = np.asarray(Image.open(io.BytesIO(data)))
    np.testing.assert_array_equal(picture.pixels, np.repeat(expected[..., None], 3, axis=2))


def test_one_bit_becomes_black_and_white():
    bits = photo()[..., 0] > 128
    picture = decode_picture(saved(Image.fromarray(bits), "PNG"))
    np.testing.assert_array_equal(picture.pixels, np.where(bits[..., None], 255, [0, 0, 0]))


@pytest.mark.parametrize("kind", ["PNG", "TIFF", "WEBP"])
def test_alpha_is_kept_aside(kind):
    alpha = photo(seed=8)[..., 1]
    image = Image.fromarray(np.dstack([photo(), alpha]))
    picture = decode_picture(saved(image, kind, lossless=True, exact=True))
    np.testing.assert_array_equal(picture.pixels, photo())
    np.testing.assert_array_equal(picture.alpha, alpha)


def test_grey_with_alpha():
    grey, alpha = photo()[..., 0], photo()[..., 1]
    picture = decode_picture(saved(Image.fromarray(np.dstack([grey, alpha]), "LA"), "PNG"))
    np.testing.assert_array_equal(picture.pixels[..., 2], grey)
    np.testing.assert_array_equal(picture.alpha, alpha)
    assert picture.notes == (GREY,)


@pytest.mark.parametrize("mode", ["L", "RGB", "P"])
def test_a_transparent_colour_of_png_becomes_alpha(mode):
    image = Image.fromarray(photo()).quantize(16) if mode == "P" else Image.fromarray(photo())
    image = image.convert(mode)
    key = image.getpixel((20, 20))
    picture = decode_picture(saved(image, "PNG", transparency=key))
    is_key = np.asarray(image) == key
    is_key = is_key.all(axis=2) if mode == "RGB" else is_key
    np.testing.assert_array_equal(picture.alpha, np.where(is_key, 0, 255))
    np.testing.assert_array_equal(picture.pixels, np.asarray(image.convert("RGB")))


@pytest.mark.parametrize("kind", ["PNG", "GIF", "BMP", "TIFF"])
def test_palette_opens_as_its_colours(kind):
    image = Image.fromarray(photo()).quantize(32)
    picture = decode_picture(saved(image, kind))
    np.testing.assert_array_equal(picture.pixels, np.asarray(image.convert("RGB")))


def test_eight_bits_are_the_correctly_rounded_sixteen():
    every = np.arange(65536, dtype=np.uint16)
    exact = np.array([int(v * 255 / 65535 + 0.5) for v in range(65536)], np.uint8)
    np.testing.assert_array_equal(colour.to_8_bits(every), exact)


@pytest.mark.parametrize("extension", [".png", ".tiff"])
@pytest.mark.parametrize("channels", [1, 3, 4])
def test_sixteen_bits_are_rounded_and_noted(extension, channels):
    deep = np.random.default_rng(1).integers(0, 65536, (31, 23, channels), dtype=np.uint16)
    picture = decode_picture(cv2.imencode(extension, deep)[1].tobytes())
    exact = np.rint(deep / 257).astype(np.uint8)
    rgb = np.repeat(exact, 3, axis=2) if channels == 1 else exact[..., 2::-1]
    np.testing.assert_array_equal(picture.pixels, rgb)
    assert picture.notes == ((SIXTEEN, GREY) if channels == 1 else (SIXTEEN,))
    if channels == 4:
        np.testing.assert_array_equal(picture.alpha, exact[..., 3])


def test_sixteen_bit_tiff_lying_on_its_side_is_turned_once():
    deep = np.random.default_rng(1).integers(0, 65536, (31, 23, 3), dtype=np.uint16)
    data = bytearray(cv2.imencode(".tiff", deep)[1].tobytes())
    # Give the last tag, SampleFormat (339: unsigned, the default), the meaning orientation 6.
    at = data.rindex(b"\x53\x01\x03\x00")
    del data[at : at + 12]
    ifd = int.from_bytes(data[4:8], "little")
    first = data.index(b"\x15\x01\x03\x00", ifd)  # SamplesPerPixel, 277, comes after orientation
    data[first:first] = b"\x12\x01\x03\x00\x01\x00\x00\x00\x06\x00\x00\x00"
    expected = np.rint(deep[..., ::-1] / 257).astype(np.uint8)
    picture = decode_picture(bytes(data))
    np.testing.assert_array_equal(picture.pixels, np.rot90(expected, -1))


def test_cmyk_goes_through_its_own_profile():
    inks = Image.new("CMYK", (16, 8), (255, 0, 0, 0))
    inks.paste((0, 255, 255, 255), (8, 0, 16, 8))
    for kind in ("JPEG", "TIFF"):
        picture = decode_picture(saved(inks, kind, icc_profile=swapped_cmyk()))
        assert picture.notes == (message("converted", space="CMYK"),)
        assert picture.metadata.icc is None
        # This press prints cyan as black and the other inks not at all.
        assert picture.pixels[:, :8].max() <= 2
        assert picture.pixels[:, 8:].min() >= 253


@pytest.mark.parametrize("kind", ["JPEG", "TIFF"])
def test_cmyk_without_a_profile_has_about_the_right_colours(kind):
    inks = Image.new("CMYK", (16, 8), (255, 0, 0, 0))
    picture = decode_picture(saved(inks, kind))
    assert "approximate" in str(picture.notes[0])
    red, green, blue = picture.pixels[4, 4]
    assert red < 10
    assert min(green, blue) > 245


def test_ycck_jpeg_has_the_right_colours():
    # Red is no cyan, full magenta, full yellow, no black. Adobe's YCCK stores the inks (0, 255,
    # 255) as Y 179, Cb 171, Cr 1 and black inverted, 255. Pillow inverts what it writes.
    data = bytearray(saved(Image.new("CMYK", (16, 16), (76, 84, 254, 0)), "JPEG", quality=100))
    transform = data.index(b"Adobe") + 11
    assert data[transform] == 0
    data[transform] = 2  # YCCK
    assert np.abs(decode_picture(bytes(data)).pixels.astype(int) - [255, 0, 0]).max() <= 4


def test_grey_goes_through_its_own_profile():
    data = saved(Image.new("L", (8, 8), 128), "PNG", icc_profile=grey_gamma(1.0))
    picture = decode_picture(data)
    linear = 128 / 255
    srgb = 255 * (1.055 * linear ** (1 / 2.4) - 0.055)
    assert abs(int(picture.pixels[0, 0, 0]) - srgb) <= 1
    assert picture.metadata.icc is None


def test_a_profile_of_another_colour_space_is_left_out():
    for wrong in (swapped_cmyk(), grey_gamma(2.2)):
        picture = decode_picture(saved(Image.fromarray(photo()), "PNG", icc_profile=wrong))
        assert picture.metadata.icc is None
        assert "does not suit" in str(picture.notes[0])


@pytest.mark.parametrize("kind", ALL)
def test_wide_gamut_pixels_stay_in_their_space_with_their_profile(kind):
    source = saved(Image.fromarray(photo()), "PNG", icc_profile=display_p3())
    picture = decode_picture(source)
    np.testing.assert_array_equal(picture.pixels, photo())
    for keep in (True, False):
        data = encode_picture(picture, ExportFormat(kind, 100), keep_metadata=keep)
        assert Image.open(io.BytesIO(data)).info["icc_profile"] == display_p3()
        assert decode_picture(data).metadata.icc == display_p3()


def test_cielab_tiff_opens_in_srgb():
    lab = Image.new("LAB", (4, 4), (138, 128, 128))  # L* 54, a* 0, b* 0
    picture = decode_picture(saved(lab, "TIFF"))
    assert picture.notes == (message("converted", space="CIELAB"),)
    expected = 255 * (1.055 * (((138 / 2.55 + 16) / 116) ** 3) ** (1 / 2.4) - 0.055)
    assert np.abs(picture.pixels - expected).max() <= 1.5


def test_interlaced_png_opens():
    """Adam7 of one pixel and of nothing else: its only pass with pixels is the first."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return (
            len(body).to_bytes(4, "big") + kind + body + zlib.crc32(kind + body).to_bytes(4, "big")
        )

    head = (2).to_bytes(4, "big") * 2 + bytes([8, 2, 0, 0, 1])
    passes = b"\0abc" + b"\0def" + b"\0ghijkl"  # passes 1 (0, 0), 6 (1, 0) and 7 (row 1)
    data = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head)
    data += chunk(b"IDAT", zlib.compress(passes)) + chunk(b"IEND", b"")
    assert decode_picture(data).pixels.tobytes() == b"abcdefghijkl"


@pytest.mark.parametrize("kind", ["PNG", "GIF", "WEBP"])
def test_of_an_animation_the_first_frame_opens_and_is_noted(kind):
    first, second = Image.new("RGB", (9, 7), (255, 0, 0)), Image.new("RGB", (9, 7), (0, 0, 255))
    data = saved(first, kind, save_all=True, append_images=[second], lossless=True)
    picture = decode_picture(data)
    assert (picture.pixels == [255, 0, 0]).all()
    assert picture.notes == (message("first-frame-only"),)


@pytest.mark.parametrize("kind", ["TIFF", "MPO"])
def test_of_several_pictures_the_first_opens_and_is_noted(kind):
    first, second = Image.new("RGB", (9, 7), (255, 0, 0)), Image.new("RGB", (9, 7), (0, 0, 255))
    picture = decode_picture(saved(first, kind, save_all=True, append_images=[second]))
    assert (np.abs(picture.pixels.astype(int) - [255, 0, 0]) <= 2).all()
    assert picture.notes == (message("first-picture-only"),)
    assert picture.format == ("JPEG" if kind == "MPO" else kind)


# -- upright, once -------------------------------------------------------------------------------


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP", "TIFF"])
def test_orientation_is_baked_in_and_only_once(kind, orientation):
    alpha = photo(seed=4)[..., 2]
    has_alpha = kind != "JPEG"
    image = Image.fromarray(np.dstack([photo(), alpha]) if has_alpha else photo())
    exif = Image.Exif()
    exif[0x0112] = orientation
    data = saved(image, kind, exif=exif, lossless=True, exact=True)
    expected = np.asarray(ImageOps.exif_transpose(Image.open(io.BytesIO(data))))
    picture = decode_picture(data)
    np.testing.assert_array_equal(picture.pixels, expected[..., :3])
    if has_alpha:
        np.testing.assert_array_equal(picture.alpha, expected[..., 3])
    for fmt in (ExportFormat(k, 100) for k in ALL):
        exported = encode_picture(picture, fmt)
        assert Image.open(io.BytesIO(exported)).getexif().get(0x0112, 1) == 1
        again = decode_picture(exported)
        assert again.pixels.shape == (*expected.shape[:2], 3)
        shown = picture if fmt.file_format.has_alpha else over_white(picture)
        assert psnr(again.pixels, shown.pixels) > 30


@pytest.mark.skipif("AVIF" not in Image.SAVE, reason="Pillow 11.3 and later know AVIF")
def test_avif_orientation_is_baked_in():
    exif = Image.Exif()
    exif[0x0112] = 6
    data = saved(Image.fromarray(photo()), "AVIF", exif=exif, quality=100, subsampling="4:4:4")
    picture = decode_picture(data)
    assert picture.format == "AVIF"
    assert psnr(picture.pixels, np.rot90(photo(), -1)) > 40


def test_heic_of_a_phone_is_turned_once():
    picture = decode_picture(TURNED_HEIC)
    assert picture.format == "HEIF"
    assert picture.pixels.shape == (48, 32, 3)
    centre = {"blue": (24, 6), "red": (10, 24), "white": (38, 24)}
    colours = {"blue": (20, 40, 200), "red": (230, 30, 30), "white": (245, 245, 245)}
    for name, (y, x) in centre.items():
        assert np.abs(picture.pixels[y, x].astype(int) - colours[name]).max() <= 6, name
    exported = encode_picture(picture, ExportFormat("jpeg"))
    assert decode_picture(exported).pixels.shape == (48, 32, 3)
    assert Image.open(io.BytesIO(exported)).getexif()[0x010F] == "Pentimento"


# -- the picture itself --------------------------------------------------------------------------


@pytest.mark.parametrize("orientation", [1, 6])
def test_arrays_are_read_only_and_contiguous(orientation):
    image = Image.fromarray(np.dstack([photo(), photo()[..., 0]]))
    picture = decode_picture(saved(image, "PNG", exif=exif_block(orientation)))
    for array in (picture.pixels, picture.alpha):
        assert array.flags.c_contiguous
        with pytest.raises(ValueError, match="read-only"):
            array[0, 0] = 0


def test_a_picture_is_replaced_not_changed():
    picture = decode_picture(saved(Image.fromarray(photo()), "PNG", dpi=(300, 300)))
    edited = picture.with_pixels(255 - picture.pixels)
    assert edited.metadata == picture.metadata
    assert edited.size == (53, 37)
    np.testing.assert_array_equal(picture.pixels, photo())


@pytest.mark.parametrize(
    ("pixels", "alpha"),
    [
        (np.zeros((4, 4), np.uint8), None),
        (np.zeros((4, 4, 4), np.uint8), None),
        (np.zeros((4, 4, 3), np.float32), None),
        (np.zeros((0, 4, 3), np.uint8), None),
        (np.zeros((4, 4, 3), np.uint8), np.zeros((4, 5), np.uint8)),
    ],
)
def test_other_arrays_are_not_pictures(pixels, alpha):
    with pytest.raises(ValueError, match="expected"):
        Picture(pixels, alpha)


def test_opening_needs_no_more_than_three_copies():
    pixels = np.zeros((3000, 4000, 3), np.uint8)
    data = saved(Image.fromarray(pixels), "PNG", exif=exif_block(6))
    tracemalloc.start()
    decode_picture(data)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    # NumPy's share; Pillow's own copy of 4 bytes per pixel is not counted.
    assert peak < 2.2 * pixels.nbytes


# -- writing -------------------------------------------------------------------------------------


def test_open_picture_keeps_the_path(tmp_path):
    path = tmp_path / "Größe & Wärme.png"
    write_atomically(path, saved(Image.fromarray(photo()), "PNG"))
    picture = open_picture(str(path))
    assert picture.path == path
    np.testing.assert_array_equal(picture.pixels, photo())
    assert [p.name for p in tmp_path.iterdir()] == [path.name]


def test_nothing_is_overwritten_unasked(tmp_path):
    path = tmp_path / "a.png"
    path.write_bytes(b"precious")
    with pytest.raises(PictureError, match=r"“a\.png” exists already"):
        write_atomically(path, b"new")
    assert path.read_bytes() == b"precious"
    write_atomically(path, b"new", overwrite=True)
    assert path.read_bytes() == b"new"
    assert list(tmp_path.iterdir()) == [path]


def test_a_name_taken_at_the_last_moment_is_not_overwritten(tmp_path, monkeypatch):
    path = tmp_path / "a.png"
    real = os.fsync

    def another_program_writes(handle: int) -> None:
        path.write_bytes(b"precious")
        real(handle)

    monkeypatch.setattr(os, "fsync", another_program_writes)
    with pytest.raises(PictureError, match="exists already"):
        write_atomically(path, b"new")
    assert path.read_bytes() == b"precious"
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.skipif(os.name == "nt", reason="links are not used on Windows")
@pytest.mark.parametrize("taken", [False, True])
def test_file_systems_without_links(tmp_path, monkeypatch, taken):
    def no_links(*_: object) -> None:
        raise OSError(errno.EPERM, "no links here")

    monkeypatch.setattr(os, "link", no_links)
    path = tmp_path / "a.png"
    if taken:
        monkeypatch.setattr(os.path, "lexists", lambda _: False)
        path.write_bytes(b"precious")
        with pytest.raises(PictureError, match="exists already"):
            write_atomically(path, b"new")
        assert path.read_bytes() == b"precious"
    else:
        write_atomically(path, b"new")
        assert path.read_bytes() == b"new"
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("step", ["open", "fsync", "link", "replace"])
@pytest.mark.parametrize("overwrite", [False, True])
@pytest.mark.parametrize(
    ("code", "words"),
    [(errno.ENOSPC, "disk is full"), (errno.EROFS, "may not write"), (errno.EIO, "not written")],
)
def test_a_failure_leaves_no_part_and_no_loss(tmp_path, monkeypatch, step, overwrite, code, words):
    path = tmp_path / "a.png"
    if overwrite:
        path.write_bytes(b"precious")

    def fails(*_: object, **__: object) -> None:
        raise OSError(code, os.strerror(code))

    if step == "open":
        monkeypatch.setattr("editor.files.picture_files.open", fails, raising=False)
    else:
        monkeypatch.setattr(os, step, fails)
    if step == "link" and not overwrite:
        monkeypatch.setattr(os, "replace", fails)  # else the way without links succeeds
    if (step == "replace" and not overwrite) or (step == "link" and overwrite):
        write_atomically(path, b"new", overwrite=overwrite)  # these do not take that step
        assert path.read_bytes() == b"new"
    else:
        with pytest.raises(PictureError, match=words) as caught:
            write_atomically(path, b"new", overwrite=overwrite)
        assert "a.png" in str(caught.value)
        assert path.exists() == overwrite
        if overwrite:
            assert path.read_bytes() == b"precious"
    assert [p for p in tmp_path.iterdir() if p != path] == []


def test_a_full_disk_in_the_middle_of_the_file(tmp_path):
    """A real one: the process may write files of at most 4 KB."""
    resource = pytest.importorskip("resource")
    signal = pytest.importorskip("signal")
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    handler = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (4096, before[1]))
    try:
        with pytest.raises(PictureError, match=r"“a\.png” was not written"):
            write_atomically(tmp_path / "a.png", bytes(100_000))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
        signal.signal(signal.SIGXFSZ, handler)
    assert list(tmp_path.iterdir()) == []


def test_places_that_cannot_be_written_to(tmp_path):
    with pytest.raises(PictureError, match="There is no folder"):
        write_atomically(tmp_path / "missing" / "a.png", b"x")
    for overwrite in (False, True):
        with pytest.raises(PictureError, match="is a folder"):
            write_atomically(tmp_path, b"x", overwrite=overwrite)
    with pytest.raises(PictureError, match="too long"):
        write_atomically(tmp_path / ("a" * 300 + ".png"), b"x")
    with pytest.raises(PictureError, match="not written"):
        write_atomically(tmp_path / "a\0.png", b"x")


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="root may write anywhere")
def test_a_read_only_folder(tmp_path):
    tmp_path.chmod(0o500)
    try:
        with pytest.raises(PictureError, match="may not write into the folder"):
            write_atomically(tmp_path / "a.png", b"x")
    finally:
        tmp_path.chmod(0o700)


@pytest.mark.skipif(os.name == "nt", reason="permissions of POSIX")
def test_permissions_are_those_of_any_new_file_or_of_the_replaced_one(tmp_path):
    mask = os.umask(0o027)
    try:
        write_atomically(tmp_path / "a.png", b"x")
        assert stat.S_IMODE((tmp_path / "a.png").stat().st_mode) == 0o640
        (tmp_path / "a.png").chmod(0o604)
        write_atomically(tmp_path / "a.png", b"y", overwrite=True)
        assert stat.S_IMODE((tmp_path / "a.png").stat().st_mode) == 0o604
    finally:
        os.umask(mask)


def test_a_link_is_followed_not_replaced(tmp_path):
    real, link = tmp_path / "real.png", tmp_path / "link.png"
    real.write_bytes(b"old")
    link.symlink_to(real)
    write_atomically(link, b"new", overwrite=True)
    assert link.is_symlink()
    assert real.read_bytes() == b"new"


def test_metadata_is_optional():
    assert Picture(photo()).metadata == Metadata(None, None, None, None)
    assert Picture(photo(), path=Path("a.png")).path == Path("a.png")
