"""Bad files: one clear sentence, never a traceback, never a warning, never half a picture."""

from __future__ import annotations

import inspect
import io
import os
import struct
import sys
import warnings
import zlib
from functools import cache
from types import FrameType

import cv2
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image

from editor.engine.progress import Cancelled
from editor.files.decoding import decode_picture
from editor.files.encoding import ExportFormat, encode_picture
from editor.files.picture import Metadata, Picture, PictureError
from editor.files.picture_files import open_picture, read_recipe
from editor.messages import message
from tests.editor.files.picture_samples import MAKER_NOTE, display_p3, exif_block, photo

PACKET = (
    b'<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-'
    b'syntax-ns#"><rdf:Description rdf:about=""/></rdf:RDF></x:xmpmeta>'
)
KINDS = ["JPEG", "progressive JPEG", "CMYK JPEG", "MPO", "PNG", "16-bit PNG", "palette PNG", "APNG"]
KINDS += ["WEBP", "lossless WEBP", "TIFF", "16-bit TIFF", "BMP", "GIF"]
KINDS += ["AVIF"] if "AVIF" in Image.SAVE else []  # Pillow 11.3 and later


@cache
def sample(kind: str) -> bytes:
    """A valid file of each kind, with EXIF, XMP and ICC where they can be."""
    image = Image.fromarray(photo(64, 80))
    extras = {"exif": exif_block(6), "icc_profile": display_p3()}
    if kind == "16-bit PNG" or kind == "16-bit TIFF":
        deep = photo(64, 80).astype(np.uint16) * 257
        return cv2.imencode(".png" if "PNG" in kind else ".tiff", deep)[1].tobytes()
    if kind in ("TIFF", "PNG"):
        meta = Metadata(exif_block(), PACKET, display_p3(), (300, 300))
        return encode_picture(Picture(photo(64, 80), metadata=meta), ExportFormat(kind.lower()))
    if kind == "palette PNG":
        image = image.quantize(64)
    if kind == "CMYK JPEG":
        image = image.convert("CMYK")
        del extras["icc_profile"]
    if kind in ("APNG", "MPO"):
        extras |= {"save_all": True, "append_images": [image.transpose(0)]}
    if kind in ("GIF", "BMP"):
        extras = {}
    if "JPEG" in kind:
        extras |= {"progressive": "progressive" in kind, "xmp": PACKET}
    if "WEBP" in kind:
        extras |= {"lossless": "lossless" in kind, "xmp": PACKET}
    target = io.BytesIO()
    name = {"APNG": "PNG"}.get(kind, kind.split()[-1])
    image.save(target, name, **extras)
    return target.getvalue()


def refused(data: bytes, name: str = "holiday.jpg") -> str:
    with pytest.raises(PictureError) as caught:
        decode_picture(data, name)
    message = str(caught.value)
    assert f"“{name}”" in message
    assert message.endswith(".")
    assert "\n" not in message
    assert len(message) < 400
    return message


def chunk(kind: bytes, body: bytes) -> bytes:
    crc = zlib.crc32(kind + body).to_bytes(4, "big")
    return len(body).to_bytes(4, "big") + kind + body + crc


def png_of_size(width: int, height: int) -> bytes:
    head = struct.pack(">II5B", width, height, 8, 2, 0, 0, 0)
    pixels = zlib.compress(bytes(1000))
    signature = b"\x89PNG\r\n\x1a\n"
    return signature + chunk(b"IHDR", head) + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")


# -- files ---------------------------------------------------------------------------------------


def test_a_missing_file(tmp_path):
    with pytest.raises(PictureError, match=r"There is no file.*gone\.jpg.*moved, renamed or del"):
        open_picture(tmp_path / "gone.jpg")
    with pytest.raises(PictureError, match="There is no file"):
        open_picture(tmp_path / "no" / "such" / "folder.jpg")


def test_a_folder(tmp_path):
    with pytest.raises(PictureError, match="is a folder"):
        open_picture(tmp_path)


@pytest.mark.parametrize("path", ["", ".", "/", "a\0b.jpg", "a" * 5000, "~nobody/x.png"])
def test_strange_paths(path):
    with pytest.raises(PictureError):
        open_picture(path)


def test_an_empty_file(tmp_path):
    (tmp_path / "a.jpg").touch()
    with pytest.raises(PictureError, match=r"“a\.jpg” is empty"):
        open_picture(tmp_path / "a.jpg")


def test_a_file_that_may_not_be_read(tmp_path, monkeypatch):
    path = tmp_path / "a.png"
    path.write_bytes(sample("PNG"))
    if os.name == "nt" or os.geteuid() == 0:  # permissions do not hold root back

        def denied(*_: object, **__: object) -> None:
            raise PermissionError(13, "Permission denied")

        monkeypatch.setattr("editor.files.picture_files.open", denied, raising=False)
    else:
        path.chmod(0)
    with pytest.raises(PictureError, match=r"You may not read “a\.png”"):
        open_picture(path)


def test_a_disk_that_fails_while_reading(tmp_path, monkeypatch):
    path = tmp_path / "a.png"
    path.write_bytes(sample("PNG"))

    def fails(*_: object, **__: object) -> None:
        raise OSError(5, "Input/output error")

    monkeypatch.setattr("editor.files.picture_files.open", fails, raising=False)
    with pytest.raises(PictureError, match=r"“a\.png” cannot .* reports error 5"):
        open_picture(path)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no named pipes here")
def test_a_pipe_or_device_neither_blocks_nor_floods(tmp_path):
    os.mkfifo(tmp_path / "pipe.jpg")
    with pytest.raises(PictureError, match="is not a file"):
        open_picture(tmp_path / "pipe.jpg")
    with pytest.raises(PictureError, match="is not a file"):
        open_picture("/dev/zero")


def test_a_file_of_absurd_length(tmp_path):
    with open(tmp_path / "a.tif", "wb") as file:
        file.truncate((2 << 30) + 1)  # sparse: it takes no space
    with pytest.raises(PictureError, match="larger than 2 GB"):
        open_picture(tmp_path / "a.tif")


@pytest.mark.parametrize("kind", KINDS)
def test_the_extension_does_not_matter(tmp_path, kind):
    path = tmp_path / "photo.xyz"
    path.write_bytes(sample(kind))
    assert open_picture(path).format == {"MPO": "JPEG", "APNG": "PNG"}.get(kind, kind.split()[-1])


# -- content -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "data",
    [b"\0", b"hello, world\n", bytes(5000), b"%PDF-1.7\n", b"PK\x03\x04" + bytes(100), b"<svg/>"],
)
def test_what_is_not_a_picture(data):
    assert "not a picture of a known kind: JPEG, PNG, WebP" in refused(data)
    with pytest.raises(PictureError):
        read_recipe(data)


def test_a_postscript_file_is_not_run():
    target = io.BytesIO()
    Image.fromarray(photo()).save(target, "EPS")
    assert "not a picture of a known kind" in refused(target.getvalue())


@pytest.mark.parametrize(
    ("width", "height"),
    [(20_000, 10_001), (2**31 - 1, 2**31 - 1), (200_000_001, 1), (15_000, 20_000)],
)
def test_a_decompression_bomb_is_refused_before_decoding(width, height):
    assert "more than 200 megapixels" in refused(png_of_size(width, height))


def test_bombs_of_other_formats():
    bmp = b"BM" + struct.pack("<IHHI", 100, 0, 0, 54)
    bmp += struct.pack("<IiiHHIIiiII", 40, 30_000, 30_000, 1, 24, 0, 0, 0, 0, 0, 0) + bytes(40)
    assert "more than 200 megapixels" in refused(bmp)
    gif = b"GIF89a" + struct.pack("<HH3B", 65_535, 65_535, 0, 0, 0)
    gif += b"," + struct.pack("<4HB", 0, 0, 65_535, 65_535, 0) + b"\x02\x02\x4c\x01\0;"
    assert "more than 200 megapixels" in refused(gif)
    jpeg = bytearray(sample("JPEG"))
    at = jpeg.index(b"\xff\xc0")
    jpeg[at + 5 : at + 9] = struct.pack(">HH", 60_000, 60_000)
    assert "more than 200 megapixels" in refused(bytes(jpeg))


def test_a_size_just_allowed_is_not_called_a_bomb():
    assert "megapixels" not in refused(png_of_size(20_000, 10_000))  # its pixels are missing


@pytest.mark.parametrize(("width", "height"), [(0, 5), (5, 0), (0, 0)])
def test_a_picture_without_pixels(width, height):
    refused(png_of_size(width, height))


def test_floating_point_and_integer_tiffs_are_refused_clearly():
    for mode in ("F", "I"):
        target = io.BytesIO()
        Image.new(mode, (4, 4), 1).save(target, "TIFF")
        assert "32 bits per channel" in refused(target.getvalue())


def test_a_raw_file_is_not_taken_for_its_thumbnail():
    target = io.BytesIO()
    Image.new("RGB", (16, 12)).save(target, "TIFF", tiffinfo={50706: b"\1\4\0\0"})
    assert "camera RAW" in refused(target.getvalue(), "holiday.dng")


def test_memory_running_out(monkeypatch):
    def no_memory(*_: object, **__: object) -> None:
        raise MemoryError

    monkeypatch.setattr("editor.files.decoding.read_pixels", no_memory)
    assert "not enough memory" in refused(sample("PNG"))


@pytest.mark.parametrize("kind", KINDS)
def test_cancelling_is_no_damage(kind):
    """The worker stops a job at any call it makes, also inside a decoder ready for any failure."""
    data = sample(kind)
    decode_picture(data)  # what is done once only is done
    # The fewest of some runs: finalisers of what other tests left behind count as well.
    calls = min(calls_before_the_end(data, stop_at=1 << 30) for _ in range(3))
    for number in range(2, calls, max(1, calls // 40)):
        with pytest.raises(Cancelled):
            calls_before_the_end(data, stop_at=number)


def calls_before_the_end(data: bytes, stop_at: int) -> int:
    """How many Python functions are called while data are decoded; cancelled at one of them."""
    made = 0

    def count(frame: FrameType, event: str, argument: object) -> None:
        nonlocal made
        made += event == "call"
        # What a generator raises that is closed because nobody holds it is lost.
        if made >= stop_at and not frame.f_code.co_flags & inspect.CO_GENERATOR:
            raise Cancelled

    sys.setprofile(count)
    try:
        decode_picture(data)
    finally:
        sys.setprofile(None)
    return made


# -- damaged metadata: the picture opens ----------------------------------------------------------


@pytest.mark.parametrize(
    "block",
    [b"garbage", b"II*\0\xff\xff\xff\xff", b"II*\0\x08\0\0\0\xff\xff", b"MM\0*", b"II*\0\0\0\0\0"],
)
def test_damaged_exif(block):
    target = io.BytesIO()
    Image.fromarray(photo()).save(target, "JPEG", exif=b"Exif\0\0" + block)
    picture = decode_picture(target.getvalue())
    assert picture.pixels.shape == (37, 53, 3)
    assert picture.metadata.exif is None
    assert picture.notes == (message("exif-left-out"),)


def test_damaged_inner_exif_directory_is_carried_along():
    block = bytearray(exif_block(6))
    at = block.index(b"\x69\x87")
    block[at + 8 : at + 12] = b"\xff\xff\xff\x7f"
    target = io.BytesIO()
    Image.fromarray(photo()).save(target, "JPEG", exif=b"Exif\0\0" + bytes(block))
    picture = decode_picture(target.getvalue())
    assert picture.pixels.shape == (53, 37, 3)
    for kind in ("png", "jpeg", "webp", "tiff"):
        assert MAKER_NOTE in encode_picture(picture, ExportFormat(kind))


@pytest.mark.parametrize("icc", [b"garbage", bytes(200), display_p3()[:200], display_p3()[:131]])
def test_damaged_profile(icc):
    target = io.BytesIO()
    Image.fromarray(photo()).save(target, "JPEG", icc_profile=icc)
    picture = decode_picture(target.getvalue())
    assert picture.metadata.icc is None
    assert picture.notes == (message("profile-damaged"),)


ENTITIES = b'<!DOCTYPE a [<!ENTITY b "bbbbbbbb"><!ENTITY c "&b;&b;&b;&b;">]>'


@pytest.mark.parametrize(
    "packet",
    [b"garbage", PACKET[:-5], ENTITIES + PACKET, b"<a/>", b"\xff\xfe" + PACKET, b"</rdf:RDF>"],
)
def test_damaged_xmp(packet):
    target = io.BytesIO()
    Image.fromarray(photo()).save(target, "JPEG", xmp=packet)
    picture = decode_picture(target.getvalue())
    assert picture.metadata.xmp is None
    assert picture.notes == (message("xmp-left-out"),)
    exported = encode_picture(picture, ExportFormat("jpeg"), recipe="{}")
    assert read_recipe(exported) == "{}"


def test_no_warning_reaches_the_user(capfd):
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        for kind in KINDS:
            decode_picture(sample(kind))
            for data in (sample(kind)[:-40], sample(kind)[:200]):
                try:
                    decode_picture(data)
                except PictureError:
                    continue
        refused(png_of_size(15_000, 20_000))
    assert [w for w in caught if "PIL" in w.filename] == []
    assert capfd.readouterr().err == ""


# -- truncated and altered at random ---------------------------------------------------------------


@pytest.mark.parametrize("kind", KINDS)
def test_a_truncated_file_is_refused_or_whole(kind):
    """Wherever it is cut: never a picture with a grey bottom."""
    data = sample(kind)
    whole = decode_picture(data).pixels
    cuts = {
        *range(1, 40),
        *range(len(data) - 24, len(data)),
        *range(40, len(data), len(data) // 40),
    }
    for length in sorted(cuts):
        try:
            picture = decode_picture(data[:length])
        except PictureError:
            continue
        np.testing.assert_array_equal(picture.pixels, whole, err_msg=f"cut at {length}")
    assert "damaged or incomplete" in refused(data[: len(data) // 2])


@pytest.mark.parametrize("kind", ["JPEG", "progressive JPEG", "MPO"])
def test_a_download_that_broke_off_and_was_filled_with_zeros(kind):
    data = sample(kind)
    cut = data.index(b"\xff\xd9") - 300  # within the last scan of the (main) picture
    assert "its end is blank" in refused(data[:cut] + bytes(len(data) - cut))
    whole = decode_picture(data + bytes(1000))  # zeros after the end do no harm
    np.testing.assert_array_equal(whole.pixels, decode_picture(data).pixels)


def test_a_second_picture_that_broke_off_does_not_cost_the_first():
    data = sample("MPO")
    cut = data.rindex(b"\xff\xd9") - 300
    broken = decode_picture(data[:cut] + bytes(len(data) - cut))
    np.testing.assert_array_equal(broken.pixels, decode_picture(data).pixels)


@settings(
    max_examples=400,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow],
)
@given(data=st.data(), kind=st.sampled_from(KINDS))
def test_altered_bytes_raise_nothing_but_picture_errors(data, kind):
    altered = bytearray(sample(kind))
    # Headers and metadata, at the front of most files, are where the traps are.
    for _ in range(data.draw(st.integers(1, 6))):
        front = data.draw(st.booleans())
        at = data.draw(st.integers(0, min(300, len(altered) - 1) if front else len(altered) - 1))
        altered[at] = data.draw(st.integers(0, 255))
    if data.draw(st.booleans()):
        del altered[data.draw(st.integers(1, len(altered))) :]
    try:
        picture = decode_picture(bytes(altered))
    except PictureError:
        return
    assert picture.pixels.dtype == np.uint8
    for target in ("jpeg", "tiff"):  # what was opened can also be written, and read again
        exported = encode_picture(picture, ExportFormat(target), recipe="{}")
        assert decode_picture(exported).size == picture.size


@settings(max_examples=200, deadline=None, derandomize=True)
@given(changes=st.lists(st.tuples(st.integers(0, 371), st.integers(0, 255)), max_size=8))
def test_altered_exif_never_costs_the_picture(changes):
    block = bytearray(exif_block(1))
    for at, value in changes:
        block[at % len(block)] = value
    target = io.BytesIO()
    Image.fromarray(photo()).save(target, "JPEG", exif=b"Exif\0\0" + bytes(block))
    picture = decode_picture(target.getvalue())
    assert sorted(picture.size) == [37, 53]
    for kind in ("png", "jpeg", "tiff"):
        back = decode_picture(encode_picture(picture, ExportFormat(kind)))
        assert back.size == picture.size
