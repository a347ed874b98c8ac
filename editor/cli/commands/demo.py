"""``pentimento demo``: a sample photo through the whole main job, with figures."""

from __future__ import annotations

import argparse
import io
import tempfile
from pathlib import Path

import numpy as np
from PIL import Image

import resources
from editor.cli.arguments import check_device
from editor.cli.edit_option import format_edit
from editor.cli.errors import DONE
from editor.cli.progress_bar import ProgressBar
from editor.document import Document
from editor.engine.progress import Progress, ignore_progress, stretched
from editor.engine.quality import Quality
from editor.files.decoding import decode_picture
from editor.files.encoding import ExportFormat, encode_picture
from editor.files.picture_files import write_atomically

SAMPLE = resources.SAMPLES / "clouds.jpg"


def demo(args: argparse.Namespace) -> int:
    """Run the demonstration and print what it did."""
    check_device(args.device)
    folder = args.output or Path(tempfile.mkdtemp(prefix="pentimento-demo-"))
    folder.mkdir(parents=True, exist_ok=True)
    with ProgressBar() as progress:
        lines = demonstrate(folder, device=args.device, progress=progress)
    print("\n".join(lines))
    return DONE


def demonstrate(
    folder: Path, *, device: str = "auto", progress: Progress = ignore_progress
) -> list[str]:
    """Apply a look to the sample photo, export it, strip it, restore it.

    The files stay in `folder` (edited.png, stripped.png, restored.png; earlier ones are replaced).

    Returns:
        Lines to print: what was done and how well it went. Every figure is measured on the files.
    """
    document = Document.open(SAMPLE).add("local-laplacian", 0.8).add("film").add("exposure", 1.0)
    edited, stripped, restored_path = (
        folder / name for name in ("edited.png", "stripped.png", "restored.png")
    )
    report = document.export(
        edited, overwrite=True, device=device, progress=stretched(progress, 0, 0.6)
    )
    bare = io.BytesIO()
    Image.fromarray(np.asarray(decode_picture(report.data).pixels)).save(bare, "PNG")
    write_atomically(stripped, bare.getvalue(), overwrite=True)
    restored = Document.restore(stripped, device=device, progress=stretched(progress, 0.6, 1))
    data = encode_picture(restored.picture, ExportFormat("png"))
    write_atomically(restored_path, data, overwrite=True)
    written = decode_picture(restored_path.read_bytes()).pixels
    back = Quality.of(written, document.photo.pixels, with_ssim=True)
    seen = Quality.of(decode_picture(stripped.read_bytes()).pixels, report.look, with_ssim=True)
    width, height = document.photo.size
    edits = ", ".join(format_edit(e) for e in document.edits)
    return [
        f"Photo         {SAMPLE.name}, {width} × {height} pixels",
        f"Look applied  {edits}",
        f"File written  {edited} ({len(report.data) / 1e6:.1f} MB)",
        f"Stripped      {stripped}: a copy of its pixels, without any metadata",
        f"Restored      {restored_path}: from the stripped copy",
        "",
        f"Look          {seen}, SSIM {seen.ssim:.4f}: the written picture against the edited one",
        f"Restored      {back}, SSIM {back.ssim:.4f}: the restored photo against the original",
        f"Unrestored    {report.unrestored.psnr:.1f} dB: the edited picture against the original",
    ]
