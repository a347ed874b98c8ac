"""Exporting and saving: encode, check, write."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from editor.engine.progress import Progress
from editor.files.encoding import ExportFormat, encode_picture
from editor.files.picture import Picture
from editor.files.picture_files import write_atomically
from editor.messages import message
from editor.ui.worker.cache import RenderCache
from editor.ui.worker.look_requests import LookRequest
from editor.ui.worker.request import Request

if TYPE_CHECKING:
    from editor.engine.export import ExportReport


@dataclass(frozen=True, eq=False, kw_only=True)
class EstimateSize(LookRequest):
    """About how many bytes an export will have: the look is encoded, nothing hidden in it."""

    lane = "estimate"
    priority = 50
    fmt: ExportFormat
    keep_metadata: bool = True

    def run(self, cache: RenderCache, progress: Progress) -> int:
        look = cache.look(self.document, self.device_here(), progress)
        photo = replace(self.document.photo, pixels=look)
        return len(encode_picture(photo, self.fmt, keep_metadata=self.keep_metadata))


@dataclass(frozen=True, eq=False, kw_only=True)
class EncodeExport(LookRequest):
    """Render, hide the original, encode, open again, restore and measure: all but the writing."""

    lane = "export"
    priority = 40
    fmt: ExportFormat
    keep_metadata: bool = True

    def prepare(self) -> None:
        super().prepare()
        import editor.engine.export  # noqa: F401

    def run(self, cache: RenderCache, progress: Progress) -> ExportReport:
        look = cache.look(
            self.document, self.device_here(), lambda share, what: progress(0.35 * share, what)
        )
        return self.document.encode(
            self.fmt,
            look=look,
            keep_metadata=self.keep_metadata,
            device=self.device,
            progress=progress,
        )

    def outdates(self, running: Request) -> bool:
        return True

    @property
    def settings(self) -> tuple[object, ...]:
        """What decides about the bytes: two exports of a document that agree in it are equal."""
        fmt = self.fmt
        return (fmt.kind if fmt.lossless else fmt, self.keep_metadata)


@dataclass(frozen=True, eq=False, kw_only=True)
class SaveBytes(Request):
    """Write a file. Cannot be stopped half way."""

    lane = "save"
    priority = 110
    stops = False
    path: Path
    data: bytes = b""
    overwrite: bool = False

    def run(self, cache: RenderCache, progress: Progress) -> Path:
        write_atomically(self.path, self.data, overwrite=self.overwrite)
        return self.path


@dataclass(frozen=True, eq=False, kw_only=True)
class SavePicture(Request):
    """Encode a picture as it is and write it: a restored original."""

    lane = "save"
    priority = 110
    stops = False
    path: Path
    picture: Picture
    fmt: ExportFormat
    overwrite: bool = False

    def run(self, cache: RenderCache, progress: Progress) -> Path:
        progress(0.1, message("saving-photo"))
        data = encode_picture(self.picture, self.fmt, recipe=None)
        write_atomically(self.path, data, overwrite=self.overwrite)
        return self.path
