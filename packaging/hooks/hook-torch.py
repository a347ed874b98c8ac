"""PyInstaller: what the program needs of PyTorch, in place of all of it.

PyTorch brings headers, test programs, compilers and exporters, together more than its libraries.
`left_out.py` says what is left out.
"""

from pathlib import Path

import left_out
from PyInstaller.utils.hooks import (
    collect_dynamic_libs,
    collect_submodules,
    get_package_paths,
)


def _wanted(name: str) -> bool:
    return not any(name == left or name.startswith(left + ".") for left in left_out.TORCH)


_TESTS = ("test", "backend_with_compiler", "aoti_custom_ops")

module_collection_mode = "pyz+py"  # torch.jit reads the source of what it scripts
warn_on_missing_hiddenimports = False
hiddenimports = collect_submodules("torch", filter=_wanted, on_error="ignore")
excludedimports = list(left_out.TORCH)
_patterns = ["*.dll", "*.dylib", "*.so", "*.so.*"]
binaries = [
    (source, folder)
    for source, folder in collect_dynamic_libs("torch", search_patterns=_patterns)
    if folder.replace("\\", "/") == "torch/lib"
    and not any(word in source.replace("\\", "/").rsplit("/", 1)[1] for word in _TESTS)
]
_, _package = get_package_paths("torch")
datas = [  # it will not be imported without, though only processes that share tensors use it
    (str(file), "torch/bin") for file in Path(_package, "bin").glob("torch_shm_manager*")
]
bindepend_symlink_suppression = ["**/torch/lib/*.so*"]  # it looks for its libraries where it is
