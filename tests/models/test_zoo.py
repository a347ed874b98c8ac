"""Weights: only what is listed, only what is whole, never a pickle."""

from __future__ import annotations

import hashlib
import json
import pickle
from pathlib import Path

import pytest
import torch
from safetensors.torch import save_file

from models import zoo
from models.learned import inference as learned_inference
from models.learned.network import OperatorNetwork
from models.networks import pretrained
from models.networks.device import number_format, pick_device
from models.networks.invertible import NetworkConfig, QuasiInvertibleNetwork
from models.paper import weights as paper_weights
from models.problems import NoSuchDevice, WeightsError
from models.training.train_invertible import export_weights


def _install(folder: Path, name: str = "test-1") -> Path:
    torch.manual_seed(5)
    network = QuasiInvertibleNetwork(NetworkConfig(couplings=2, hidden=4, step=0.03))
    path = folder / f"{name}.safetensors"
    export_weights(network, path, {"steps": "4"})
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    zoo.list_weights(folder, zoo.WeightsEntry(name, 1, path.name, digest, "lossless"))
    return path


def _list_as_is(path: Path) -> None:
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    zoo.list_weights(path.parent, zoo.WeightsEntry("test-1", 1, path.name, digest, "lossless"))


def test_the_shipped_weights_are_whole_and_ready() -> None:
    loaders = {
        "lossless": pretrained.load_network,
        "operators": learned_inference.load_operators,
        "refinement": pretrained.load_refinement,
        "paper": paper_weights.load,
    }
    for entry in zoo.entries().values():
        network = loaders[entry.channel](entry.name)
        assert not network.training
        assert not any(p.requires_grad for p in network.parameters())
        assert all(torch.isfinite(p).all() for p in network.parameters())
        assert all((b != 0).all() for n, b in network.named_buffers() if n.endswith("_scale"))
    numbers = [(e.channel, e.number) for e in zoo.entries().values()]
    assert len(set(numbers)) == len(numbers), "a watermark names one set of weights"


def test_what_is_exported_loads_with_its_shape(tmp_path: Path) -> None:
    _install(tmp_path)
    network = pretrained.load_network("test-1", folder=tmp_path)
    assert network.config == NetworkConfig(couplings=2, hidden=4, step=0.03)
    torch.manual_seed(5)
    expected = QuasiInvertibleNetwork(network.config)
    for name, value in expected.state_dict().items():
        assert torch.allclose(network.state_dict()[name], value, atol=1e-3), name


def test_an_entry_of_the_same_name_is_replaced_and_others_stay(tmp_path: Path) -> None:
    _install(tmp_path, "a-1")
    _install(tmp_path, "b-1")
    zoo.list_weights(tmp_path, zoo.WeightsEntry("a-1", 9, "other", "0", "jpeg"))
    listed = zoo.entries(tmp_path)
    assert list(listed) == ["a-1", "b-1"]
    assert listed["a-1"].number == 9


def test_learned_operators_load_as_they_were_installed(tmp_path: Path) -> None:
    network = OperatorNetwork(widths=(4, 6, 8))
    zoo.install("tiny-1", 1, "operators", network.state_dict(), network.shape, tmp_path)
    zoo.install("tiny-2", 2, "operators", network.state_dict(), network.shape, tmp_path)
    assert zoo.newest("operators", tmp_path).name == "tiny-2"
    loaded = learned_inference.load_operators("tiny-1", tmp_path)
    for name, value in network.state_dict().items():
        assert torch.allclose(loaded.state_dict()[name], value, atol=2e-3), name


@pytest.mark.parametrize("shape", [{}, {"operators": "film"}, {"widths": "4 6 8 12"}])
def test_learned_operators_of_another_shape_are_refused(
    tmp_path: Path, shape: dict[str, str]
) -> None:
    network = OperatorNetwork(widths=(4, 6, 8))
    given = network.shape | shape if shape else {}
    zoo.install("tiny-1", 1, "operators", network.state_dict(), given, tmp_path)
    with pytest.raises(WeightsError, match="weights-do-not-fit"):
        learned_inference.load_operators("tiny-1", tmp_path)


def test_a_name_that_is_not_listed(tmp_path: Path) -> None:
    _install(tmp_path)
    with pytest.raises(WeightsError, match=r"weights-unknown: known test-1, name nope"):
        pretrained.load_network("nope", folder=tmp_path)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    _install(tmp_path).unlink()
    with pytest.raises(WeightsError, match=r"weights-missing: path .*test-1\.safetensors"):
        pretrained.load_network("test-1", folder=tmp_path)


@pytest.mark.parametrize("place", [0, 100, -1])
def test_one_wrong_bit_is_noticed(tmp_path: Path, place: int) -> None:
    path = _install(tmp_path)
    data = bytearray(path.read_bytes())
    data[place] ^= 1
    path.write_bytes(data)
    with pytest.raises(WeightsError, match="weights-damaged"):
        pretrained.load_network("test-1", folder=tmp_path)


class _Bomb:
    def __reduce__(self) -> tuple[object, tuple[str]]:
        return (_explode, ("unpickled",))


def _explode(what: str) -> None:
    raise AssertionError(what)


def test_a_pickle_is_refused_even_where_it_is_listed(tmp_path: Path) -> None:
    path = tmp_path / "test-1.safetensors"
    path.write_bytes(pickle.dumps(_Bomb()))
    with pytest.raises(AssertionError, match="unpickled"):
        pickle.loads(path.read_bytes())  # the bomb works
    _list_as_is(path)
    with pytest.raises(WeightsError, match="weights-do-not-fit"):
        pretrained.load_network("test-1", folder=tmp_path)
    torch.save({"f": torch.zeros(2)}, path)
    _list_as_is(path)
    with pytest.raises(WeightsError, match="weights-do-not-fit"):
        pretrained.load_network("test-1", folder=tmp_path)


@pytest.mark.parametrize("fault", ["no shape", "other shape", "one more", "one less"])
def test_weights_of_another_network_are_refused(tmp_path: Path, fault: str) -> None:
    network = QuasiInvertibleNetwork(NetworkConfig(couplings=1, hidden=4))
    state = {k: v.clone() for k, v in network.state_dict().items() if k != "transform.kernel"}
    shape = {k: str(v) for k, v in network.config.as_dict().items()}
    if fault == "no shape":
        shape = {}
    elif fault == "other shape":
        shape["hidden"] = "5"
    elif fault == "one more":
        state["another"] = torch.zeros(3)
    else:
        del state["couplings.0.f.0.weight"]
    path = tmp_path / "test-1.safetensors"
    save_file(state, path, metadata=shape)
    _list_as_is(path)
    with pytest.raises(WeightsError, match="weights-do-not-fit"):
        pretrained.load_network("test-1", folder=tmp_path)


@pytest.mark.parametrize("text", ["", "{", "[1]", '[{"name": "x"}]', '{"a": 1}', "\xff", "null"])
def test_a_damaged_index_is_named(tmp_path: Path, text: str) -> None:
    (tmp_path / "index.json").write_bytes(text.encode("latin-1"))
    with pytest.raises(WeightsError, match=r"weights-index-damaged: path .*index\.json"):
        zoo.entries(tmp_path)


def test_a_missing_index_is_named(tmp_path: Path) -> None:
    with pytest.raises(WeightsError, match=r"weights-index-missing: path .*index\.json"):
        zoo.entries(tmp_path)


def test_the_index_is_readable_by_anyone() -> None:
    lines = json.loads((zoo.WEIGHTS / zoo.INDEX).read_text(encoding="utf-8"))
    for line in lines:
        digest = hashlib.sha256((zoo.WEIGHTS / line["file"]).read_bytes()).hexdigest()
        assert line["sha256"] == digest


def test_devices() -> None:
    assert pick_device("cpu") == torch.device("cpu")
    assert pick_device().type in {"cpu", "cuda", "mps"}
    with pytest.raises(NoSuchDevice, match=r"unknown-device: .*name tpu"):
        pick_device("tpu")
    if not torch.cuda.is_available():
        with pytest.raises(NoSuchDevice, match="no-such-device: name cuda"):
            pick_device("cuda")
    assert number_format(torch.device("cpu")) in (torch.float32, torch.bfloat16)
