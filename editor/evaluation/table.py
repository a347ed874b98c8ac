"""The quality table as text."""

from __future__ import annotations

from editor.engine.quality import in_words
from editor.evaluation.results import Evaluation, summary
from models.benchmarks.operators import print_fidelity


def print_table(result: Evaluation) -> None:
    """The table a photographer understands, one for each setting."""
    for setting in result.settings:
        by_look = result.of(setting)
        rows = [row for group in by_look.values() for row in group]
        controls = rows[0].blind_psnr is not None
        head = (
            f"{setting!s:32} {'export':>6} {'SSIM':>6} {'clean':>6}  {'restored':>8} {'SSIM':>6} "
            f"{'worst':>6}  {'nothing':>7}{' blind   AVIF' if controls else ''} {'size':>5}"
        )
        print(head)
        print("-" * len(head))
        for look, group in by_look.items():
            _print_line(look, summary(group))
        print("-" * len(head))
        _print_line("all", summary(rows))
        if not setting.fmt.lossless:
            print(f"Containers before JPEG: {summary(rows)['container_psnr']:.2f} dB.")
        lost = sum(not row.restorable for row in rows)
        if lost:
            print(f"{lost} of {len(rows)} exports did not carry their original.")
        print()
    if result.fidelity:
        print("Learned operators against their references (photo: the photo against them):")
        print_fidelity(result.fidelity)
        print()
    print(
        "PSNR in dB, means over the photos: export = the file against the look (clean: SSIM of\n"
        "the look's own file), restored = restored photo against the original, worst = the worst\n"
        "photo, nothing = the look itself against the original; size = against the look's own file."
    )


def _print_line(name: str, s: dict[str, float]) -> None:
    controls = ""
    if "blind_psnr" in s:
        controls = f"{s['blind_psnr']:6.2f} {s['residual_psnr']:6.2f}"
    print(
        f"{name:32} {s['export_psnr']:6.2f} {s['export_ssim']:6.3f} {s['clean_ssim']:6.3f}  "
        f"{s['restored_psnr']:8.2f} {s['restored_ssim']:6.3f} {s['worst_restored_psnr']:6.2f}  "
        f"{s['unrestored_psnr']:7.2f}{controls} {s['bytes'] / s['clean_bytes']:5.2f}  "
        f"{in_words(s['restored_psnr'])}"
    )
