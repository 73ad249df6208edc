"""The weights of an exported model, as those of a network to go on training from."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import onnx
import torch
from onnx import numpy_helper
from torch import Tensor


def weights_of(model: Path, depth: int) -> dict[str, Tensor]:
    """A state for `network.Network` of one depth, from what `export.py` has written.

    Names of biases and tables are kept by the export; the matrix of a layer is known by the bias
    that is added to its product.
    """
    graph = onnx.load(model).graph
    held = {it.name: numpy_helper.to_array(it) for it in graph.initializer}
    for name in [name for name in held if name.endswith("_8")]:
        exact = name.removesuffix("_8")
        held[exact] = held[name].astype(np.float32) * held[f"{exact}_scale"]
    products = {node.output[0]: node for node in graph.node if node.op_type == "MatMul"}
    for node in graph.node:
        bias = next((name for name in node.input if name.endswith(".bias")), None)
        product = next((products[name] for name in node.input if name in products), None)
        if node.op_type == "Add" and bias and product:
            held[bias.replace(".bias", ".weight")] = held[product.input[1].removesuffix("_full")].T
    return {
        name.replace("heads.", f"heads.{depth}."): torch.from_numpy(np.array(values))
        for name, values in held.items()
        if name.startswith(("encoder.", "heads.")) and not name.endswith(("_8", "_scale"))
    }
