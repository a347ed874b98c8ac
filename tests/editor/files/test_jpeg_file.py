"""JPEG files whose coefficients are kept as they are."""

from __future__ import annotations

import dataclasses
import io

import numpy as np
import pytest
from PIL import Image

from editor.files.decoding import decode_picture
from editor.files.encoding import ExportFormat, encode_picture
from editor.files.picture import Metadata, Picture
from tests.editor.files.picture_samples import display_p3, exif_block, photo

XMP = (
    b'<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF '
    b'xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"></rdf:RDF></x:xmpmeta>'
)


def bare_jpeg(picture: Picture, **settings: object) -> bytes:
    file = io.BytesIO()
    Image.fromarray(np.asarray(picture.pixels)).save(file, "JPEG", **settings)
    return file.getvalue()


@pytest.mark.parametrize("progressive", [False, True])
@pytest.mark.parametrize("keep_metadata", [False, True])
def test_metadata_are_put_into_a_file_that_is_ready(progressive: bool, keep_metadata: bool) -> None:
    metadata = Metadata(exif_block(order="<"), XMP, display_p3(), (300, 300))
    picture = Picture(photo(), metadata=metadata)
    ready = bare_jpeg(picture, quality=61, progressive=progressive, comment="another program")
    fmt = ExportFormat("jpeg", 95)
    options = {"keep_metadata": keep_metadata, "recipe": '{"edits": []}'}
    data = encode_picture(picture, fmt, jpeg=ready, **options)  # type: ignore[arg-type]
    usual = decode_picture(encode_picture(picture, fmt, **options))  # type: ignore[arg-type]
    opened = decode_picture(data)
    assert np.array_equal(opened.pixels, decode_picture(ready).pixels)
    assert opened.metadata == usual.metadata
    assert b"another program" not in data


@pytest.mark.parametrize("orientation", range(1, 9))
def test_an_opened_jpeg_keeps_its_file_and_how_it_is_turned(orientation: int) -> None:
    exif = Image.Exif()
    exif[0x0112] = orientation
    data = bare_jpeg(Picture(photo()), exif=exif)
    opened = decode_picture(data)
    assert opened.jpeg is not None
    assert (opened.jpeg.data, opened.jpeg.orientation) == (data, orientation)
    assert opened.with_pixels(opened.pixels).jpeg is None
    assert dataclasses.replace(opened, notes=()).jpeg is opened.jpeg


def test_other_files_have_no_jpeg() -> None:
    assert decode_picture(encode_picture(Picture(photo()), ExportFormat("png"))).jpeg is None
