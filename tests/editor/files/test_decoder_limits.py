"""Small files that ask for much: they are refused, or opened without what asks, in bounded memory.

All of them in one process whose memory and time the system limits.
"""

from __future__ import annotations

import io
import itertools
import json
import struct
import subprocess
import sys
import zlib
from pathlib import Path

import pytest
from PIL import Image, PngImagePlugin

MEMORY = 2 << 30  # bytes, of addresses
SECONDS = 60  # of the processor

LIMITED = f"""
import json, resource, sys
from pathlib import Path
from editor.files.decoding import decode_picture
from editor.files.picture import PictureError
resource.setrlimit(resource.RLIMIT_AS, ({MEMORY}, {MEMORY}))
resource.setrlimit(resource.RLIMIT_CPU, ({SECONDS}, {SECONDS}))
said = {{}}
for path in sorted(Path(sys.argv[1]).iterdir()):
    try:
        said[path.stem] = [str(note) for note in decode_picture(path.read_bytes()).notes]
    except PictureError as error:
        said[path.stem] = str(error)
print(json.dumps(said))
"""


def chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png_with(extra: bytes) -> bytes:
    """A small PNG with more chunks after its header."""
    target = io.BytesIO()
    Image.new("RGB", (16, 16), "red").save(target, "PNG")
    return target.getvalue()[:33] + extra + target.getvalue()[33:]


def laughing_xmp() -> bytes:
    """A PNG whose XMP is a sentence of a gigabyte, written as entities of entities."""
    entities = "".join(
        f'<!ENTITY {b} "{f"&{a};" * 10}">' for a, b in itertools.pairwise("abcdefghij")
    )
    text = (
        f'<!DOCTYPE x [<!ENTITY a "ha">{entities}]><x:xmpmeta xmlns:x="adobe:ns:meta/">'
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
        "<rdf:Description>&j;</rdf:Description></rdf:RDF></x:xmpmeta>"
    )
    info, target = PngImagePlugin.PngInfo(), io.BytesIO()
    info.add_itxt("XML:com.adobe.xmp", text)
    Image.new("RGB", (16, 16), "red").save(target, "PNG", pnginfo=info)
    return target.getvalue()


def jpeg_with_scans(count: int) -> bytes:
    """A progressive JPEG that goes on refining what is refined already."""
    target = io.BytesIO()
    Image.effect_noise((64, 64), 60).convert("RGB").save(target, "JPEG", progressive=True)
    data = target.getvalue()
    last = data[data.rindex(b"\xff\xda") : -2]
    return data[:-2] + last * (count - data.count(b"\xff\xda")) + data[-2:]


@pytest.fixture(scope="module")
def said(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str | list[str]]:
    """What was said of each file: a sentence, or the notes on a picture."""
    pytest.importorskip("resource", reason="this system limits no process")
    folder: Path = tmp_path_factory.mktemp("bombs")
    gigabyte = zlib.compress(bytes(1 << 30), 9)
    files = {
        "text.png": png_with(chunk(b"zTXt", b"Comment\0\0" + gigabyte)),
        "profile.png": png_with(chunk(b"iCCP", b"p\0\0" + gigabyte)),
        "xmp.png": png_with(chunk(b"iTXt", b"XML:com.adobe.xmp\0\1\0\0\0" + gigabyte)),
        "laughs.png": laughing_xmp(),
        "scans-100.jpg": jpeg_with_scans(100),
        "scans-101.jpg": jpeg_with_scans(101),
        "scans-9000.jpg": jpeg_with_scans(9000),
    }
    for name, data in files.items():
        (folder / name).write_bytes(data)
    command = [sys.executable, "-c", LIMITED, str(folder)]
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=300)
    found: dict[str, str | list[str]] = json.loads(done.stdout)
    assert len(found) == len(files)
    return found


@pytest.mark.parametrize("name", ["text", "profile", "xmp"])
def test_a_gigabyte_in_a_megabyte_of_metadata(said, name):
    assert "cannot be read" in said[name]


def test_entities_of_entities_in_xmp(said):
    assert said["laughs"] == ["The XMP metadata is damaged and was left out."]


def test_a_jpeg_goes_over_its_pixels_a_hundred_times_at_most(said):
    assert said["scans-100"] == []
    for name in ("scans-101", "scans-9000"):
        assert "goes over its pixels more than 100 times" in said[name]
