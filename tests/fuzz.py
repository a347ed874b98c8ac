"""Damages files at random and opens them: nothing but a picture or a clear refusal may come of it.

    python -m tests.fuzz [--minutes 10] [--seed N] [--keep FOLDER]

A file that does something else is written into the folder. With every change, `test_bad_input.py`
does the same with a few hundred fixed files.
"""

from __future__ import annotations

import argparse
import io
import random
import sys
import time
from pathlib import Path

from PIL import Image

from editor.engine import restore
from editor.files.decoding import decode_picture
from editor.files.picture import PictureError
from tests.conftest import make_photo

SLOW = 20.0  # seconds that a small file may take


def originals() -> list[bytes]:
    """A small picture in every format that can be written here, with metadata; and the exports that
    must restore for ever."""
    image = Image.fromarray(make_photo(48, 32))
    exif = Image.Exif()
    exif[0x010F], exif[0x0112] = "maker", 6
    found = []
    for kind in ("PNG", "JPEG", "WEBP", "TIFF", "BMP", "GIF", "AVIF"):
        target = io.BytesIO()
        image.save(target, kind, **({"exif": exif} if kind in ("PNG", "JPEG", "WEBP") else {}))
        found.append(target.getvalue())
    golden = Path(__file__).parent / "golden"
    exports = [p for p in golden.iterdir() if p.suffix in (".jpg", ".png")]
    return found + [p.read_bytes() for p in sorted(exports) if p.stat().st_size < 200_000]


def damaged(data: bytes, chance: random.Random) -> bytes:
    """The file with some bytes changed, doubled or left out."""
    result = bytearray(data)
    for _ in range(chance.choice((1, 1, 2, 5, 20))):
        at = chance.randrange(len(result))
        match chance.randrange(5):
            case 0:
                result[at] = chance.randrange(256)
            case 1:
                result[at] ^= 1 << chance.randrange(8)
            case 2:
                result[at : at + 4] = chance.choice((bytes(4), b"\xff" * 4, b"\x7f\xff\xff\xff"))
            case 3:
                part = result[at : at + chance.randrange(1, 64)]
                result[at:at] = part
            case 4 if len(result) > 64:
                del result[at : at + chance.randrange(1, len(result) // 4)]
    return bytes(result)


def trouble_with(data: bytes) -> str:
    """What a file did that it must not; empty where nothing."""
    start = time.monotonic()
    try:
        restore.inspect_picture(decode_picture(data))
    except PictureError:
        pass
    except Exception as error:
        return repr(error)
    took = time.monotonic() - start
    return f"{took:.0f} s" if took > SLOW else ""


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--minutes", type=float, default=10)
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(1 << 32))
    parser.add_argument("--keep", type=Path, default=Path("build/fuzz"))
    args = parser.parse_args()
    chance, files, count, bad = random.Random(args.seed), originals(), 0, 0
    end = time.monotonic() + 60 * args.minutes
    while time.monotonic() < end:
        data = damaged(chance.choice(files), chance)
        count += 1
        if trouble := trouble_with(data):
            bad += 1
            args.keep.mkdir(parents=True, exist_ok=True)
            path = args.keep / f"{args.seed}-{count}.bin"
            path.write_bytes(data)
            print(f"{path}: {trouble}", flush=True)
    print(f"Seed {args.seed}: {count} files, {bad} with trouble.")
    return int(bad > 0)


if __name__ == "__main__":
    sys.exit(main())
