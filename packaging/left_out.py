"""What the frozen program is made without. Whoever adds to what the program uses of a library runs

    python packaging/left_out.py          # the self-test, with all of this out of reach

which is faster than to freeze it.
"""

from __future__ import annotations

import sys
from importlib.abc import MetaPathFinder
from typing import Any

_TESTS = (
    *("autocast_test_lists", "autograd_function_db", "check_kernel_launches", "codegen"),
    *("common_cuda", "common_device_type", "common_dist_composable", "common_distributed"),
    *("common_fsdp", "common_jit", "common_methods_invocations"),
    *("common_mkldnn", "common_modules", "common_mps", "common_nn", "common_optimizers"),
    *("common_pruning", "common_quantization", "common_quantized", "common_subclass"),
    *("common_utils", "common_xpu", "composite_compliance", "custom_op_db", "data"),
    *("dist_utils", "distributed", "dynamo_test_failures", "generated", "hop_db"),
    *("hypothesis_utils", "inductor_utils", "jit_metaprogramming_utils", "jit_utils"),
    *("opinfo", "optests", "test_module", "torchbind_impls", "triton_utils"),
)
"""Of what PyTorch is tested with, all but what it imports itself."""

TORCH = (
    "torch._dynamo",
    "torch._export.db",
    "torch._inductor",
    "torch._numpy",
    "torch.contrib",
    "torch.distributed._composable",
    "torch.distributed._shard",
    "torch.distributed._tools",
    "torch.distributed.benchmarks",
    "torch.distributed.checkpoint",
    "torch.distributed.elastic",
    "torch.distributed.examples",
    "torch.distributed.fsdp",
    "torch.distributed.launcher",
    "torch.distributed.pipelining",
    "torch.distributed.tensor",
    "torch.onnx",
    *(f"torch.testing._internal.{name}" for name in _TESTS),
    "torch.utils.benchmark",
    "torch.utils.bottleneck",
    "torch.utils.hipify",
    "torch.utils.tensorboard",
)
"""Of PyTorch: compilers, exporters, tests, work on several machines."""

OTHERS = (
    # What PyTorch compiles with.
    *("sympy", "mpmath", "networkx", "jinja2", "markupsafe", "fsspec", "triton", "tensorboard"),
    # Of NumPy and SciPy.
    *("numpy.f2py.tests", "scipy.cluster", "scipy.datasets", "scipy.differentiate"),
    *("scipy.integrate", "scipy.interpolate", "scipy.io", "scipy.ndimage", "scipy.odr"),
    *("scipy.optimize", "scipy.signal", "scipy.stats"),
    # Of the standard library.
    *("tkinter", "idlelib", "lib2to3", "pydoc_data", "sqlite3"),
    # Of Qt and Pillow.
    *("PySide6.QtNetwork", "PySide6.QtQml", "PySide6.QtQuick", "PySide6.QtTest"),
    *("PySide6.QtOpenGL", "PIL.ImageTk", "PIL.ImageQt"),
    # What may lie in the environment of whoever builds.
    *("IPython", "matplotlib", "pandas", "pytest", "_pytest", "hypothesis", "mypy", "setuptools"),
    *("pkg_resources", "pip", "wheel", "OpenSSL", "requests", "urllib3", "certifi", "idna"),
    *("charset_normalizer", "docutils", "keyring", "rich", "pygments", "ray", "onnxruntime"),
)


class _OutOfReach(MetaPathFinder):
    def find_spec(self, name: str, *_: Any) -> None:
        if any(name == left or name.startswith(left + ".") for left in (*TORCH, *OTHERS)):
            raise ModuleNotFoundError(f"{name} is left out", name=name)


if __name__ == "__main__":
    from pathlib import Path

    sys.path[0] = str(Path(__file__).resolve().parent.parent)
    sys.meta_path.insert(0, _OutOfReach())
    from editor.cli.main import main

    sys.exit(main(["--self-test"]))
