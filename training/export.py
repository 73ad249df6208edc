"""Writes the trained network as ONNX with 8-bit weights, and the manifest that pins its files.

Only the weights are rounded, each column to a scale of its own; the runtime turns them into floats
once, when it loads them, and reckons with those. That costs nothing that can be measured, where
8-bit arithmetic costs this encoder some ten points, and a sentence's scores do not depend on what
is read beside it.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import shutil
import tempfile
from pathlib import Path

import numpy as np
import onnx
import torch
from network import DEPTH, DEPTHS, LAYERS, STATUSES, TYPES, Network
from onnx import TensorProto, helper, numpy_helper
from torch import Tensor, nn

MAX_TOKENS = 128
SMALL = 50_000
"""Weights of a matrix below which it stays as it is."""


class Exported(nn.Module):
    """The network up to one depth, with scores as shares that sum to 1."""

    def __init__(self, network: Network, depth: int) -> None:
        super().__init__()
        self.encoder = network.encoder
        self.encoder.encoder.layer = self.encoder.encoder.layer[:depth]
        self.encoder.set_attn_implementation("eager")
        self.heads = network.heads[str(depth)]

    def forward(
        self, ids: Tensor, mask: Tensor, pool: Tensor, row: Tensor, word: Tensor
    ) -> tuple[Tensor, ...]:
        """Score words; see `network.Heads`."""
        states = self.encoder(input_ids=ids, attention_mask=mask).last_hidden_state
        return tuple(s.softmax(-1) for s in self.heads(states, pool, row, word))


def main() -> None:
    """Export into the model's folder."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("base", type=Path, help="folder of all-mpnet-base-v2")
    parser.add_argument("weights", type=Path)
    parser.add_argument("folder", type=Path)
    given = parser.parse_args()
    weights = torch.load(given.weights)
    # What was trained on from an exported model ends at its depth.
    short = f"heads.{LAYERS}.types.bias" not in weights
    network = Network(given.base, *((DEPTH, [DEPTH]) if short else (LAYERS, DEPTHS)))
    network.load_state_dict(weights)
    model, words = given.folder / "model.onnx", given.folder / "tokenizer.json"
    with tempfile.TemporaryDirectory() as scratch:
        exact = Path(scratch) / "exact.onnx"
        write(Exported(network, DEPTH).eval(), exact)
        onnx.save(rounded(onnx.load(exact)), model)
    shutil.copy(given.base / "tokenizer.json", words)
    manifest = {
        "types": TYPES,
        "statuses": STATUSES,
        "max_tokens": MAX_TOKENS,
        "model_sha256": hashlib.sha256(model.read_bytes()).hexdigest(),
        "tokenizer_sha256": hashlib.sha256(words.read_bytes()).hexdigest(),
        "encoder": f"all-mpnet-base-v2 (Apache-2.0), its first {DEPTH} layers",
        "licence": "Apache-2.0",
    }
    text = json.dumps(manifest, indent=2, ensure_ascii=False)
    (given.folder / "manifest.json").write_text(f"{text}\n", encoding="utf-8")


def write(network: nn.Module, file: Path) -> None:
    """Write it with full weights."""
    ids = torch.randint(5, 1000, (2, 9))
    row, word = torch.tensor([0, 1, 1]), torch.tensor([1, 2, 3])
    torch.onnx.export(
        network,
        (ids, torch.ones_like(ids), torch.rand(2, 5, 9), row, word),
        str(file),
        input_names=["ids", "mask", "pool", "row", "word"],
        output_names=["types", "statuses", "roles"],
        dynamic_axes={
            "ids": {0: "rows", 1: "pieces"},
            "mask": {0: "rows", 1: "pieces"},
            "pool": {0: "rows", 1: "words", 2: "pieces"},
            "row": {0: "asked"},
            "word": {0: "asked"},
            "types": {0: "asked"},
            "statuses": {0: "asked"},
            "roles": {0: "asked", 1: "words"},
        },
        dynamo=False,
    )


def rounded(model: onnx.ModelProto) -> onnx.ModelProto:
    """The model with its large matrices in 8 bits.

    Those that are multiplied are made floats where they stand, which the runtime does once; of
    tables, only the rows that are looked up.
    """
    graph = model.graph
    weights = {w.name: numpy_helper.to_array(w) for w in graph.initializer}
    nodes, made, gone = [], [], set()
    for node in graph.node:
        at = {"MatMul": 1, "Gather": 0}.get(node.op_type, 0)
        name = node.input[at] if node.input else ""
        exact = weights.get(name)
        if exact is None or exact.ndim != 2 or exact.dtype != np.float32 or exact.size < SMALL:
            nodes.append(node)
            continue
        axis = 0 if node.op_type == "MatMul" else 1
        scale = np.maximum(np.abs(exact).max(axis, keepdims=True), 1e-8) / 127
        short, scales = f"{name}_8", f"{name}_scale"
        if name not in gone:
            made.append(numpy_helper.from_array(np.round(exact / scale).astype(np.int8), short))
            made.append(numpy_helper.from_array(scale.astype(np.float32), scales))
        if node.op_type == "MatMul":
            if name not in gone:
                nodes.append(
                    helper.make_node("Cast", [short], [f"{name}_float"], to=TensorProto.FLOAT)
                )
                nodes.append(helper.make_node("Mul", [f"{name}_float", scales], [f"{name}_full"]))
            node.input[at] = f"{name}_full"
            nodes.append(node)
        elif node.op_type == "Gather":
            out, rows = node.output[0], node.input[1]
            nodes.append(helper.make_node("Gather", [short, rows], [f"{out}_8"]))
            nodes.append(helper.make_node("Gather", [scales, rows], [f"{out}_scale"]))
            nodes.append(
                helper.make_node("Cast", [f"{out}_8"], [f"{out}_float"], to=TensorProto.FLOAT)
            )
            nodes.append(helper.make_node("Mul", [f"{out}_float", f"{out}_scale"], [out]))
        else:
            raise SystemExit(f"{node.op_type} of a large matrix is not foreseen: {name}")
        gone.add(name)
    kept = [w for w in graph.initializer if w.name not in gone]
    del graph.initializer[:], graph.node[:]
    graph.initializer.extend([*kept, *made])
    graph.node.extend(nodes)
    onnx.checker.check_model(model)
    return model


if __name__ == "__main__":
    main()
