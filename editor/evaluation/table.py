"""The quality table as text."""

from __future__ import annotations

from collections.abc import Sequence

from editor.engine.quality import in_words
from editor.evaluation.results import Evaluation, Row, summary
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
            means = summary(group)
            _print_line(look, means)
            if "paper_bytes" in means:
                _print_paper(means)
        print("-" * len(head))
        _print_line("all", summary(rows))
        if not setting.fmt.lossless:
            print(f"Containers before JPEG: {summary(rows)['container_psnr']:.2f} dB.")
        _print_costs(rows)
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


def _print_paper(s: dict[str, float]) -> None:
    """The paper's network, in the columns of the look above it."""
    print(
        f"{'  the paper’s network':32} {s['paper_export_psnr']:6.2f} {s['paper_export_ssim']:6.3f} "
        f"{'':6}  {s['paper_restored_psnr']:8.2f} {s['paper_restored_ssim']:6.3f} "
        f"{s['paper_worst_restored_psnr']:6.2f}  {'':7}{'':14}"
        f"{s['paper_bytes'] / s['clean_bytes']:5.2f}  {in_words(s['paper_restored_psnr'])}"
    )
    print(
        f"{'  this one, against the same look':32} {s['paper_ours_psnr']:6.2f} "
        f"{s['paper_ours_ssim']:6.3f}"
    )


def _print_costs(rows: Sequence[Row]) -> None:
    beside = [row for row in rows if row.paper is not None]
    if not beside:
        return
    s = summary(beside)
    print(
        f"The paper’s network has {s['paper_parameters']:,.0f} parameters and takes "
        f"{s['paper_seconds']:.2f} s of processor\ntime per megapixel, there and back; exporting "
        f"and restoring here takes {s['seconds']:.2f} s in all. It is\ncompared with the look that "
        "the reference operator draws, which it has learned."
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
