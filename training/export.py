"""Writes the trained network as ONNX with 8-bit weights, and the manifest that pins its files."""

from __future__ import annotations

import argparse
import hashlib
import json
import shutil
import tempfile
from pathlib import Path

import torch
from network import MARKER, TYPES, Network
from onnxruntime.quantization import QuantType, quantize_dynamic
from train import MAX_TOKENS, encoder_folder
from transformers import AutoTokenizer


def main() -> None:
    """Export into the model's folder."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("weights", type=Path)
    parser.add_argument("folder", type=Path)
    given = parser.parse_args()
    base = encoder_folder()
    tokenizer = AutoTokenizer.from_pretrained(base)
    network = Network(base, tokenizer.convert_tokens_to_ids(MARKER))
    network.load_state_dict(torch.load(given.weights))
    network.eval()
    model, words = given.folder / "model.onnx", given.folder / "tokenizer.json"
    with tempfile.TemporaryDirectory() as scratch:
        exact = Path(scratch) / "exact.onnx"
        sample = tokenizer([f"A {MARKER} b {MARKER} c"] * 2, return_tensors="pt")
        torch.onnx.export(
            network,
            (sample["input_ids"], sample["attention_mask"]),
            str(exact),
            input_names=["input_ids", "attention_mask"],
            output_names=["scores"],
            dynamic_axes={
                "input_ids": {0: "batch", 1: "tokens"},
                "attention_mask": {0: "batch", 1: "tokens"},
                "scores": {0: "batch"},
            },
            dynamo=False,
        )
        quantize_dynamic(
            exact, model, per_channel=True, reduce_range=True, weight_type=QuantType.QInt8
        )
    shutil.copy(base / "tokenizer.json", words)
    manifest = {
        "types": TYPES,
        "marker": MARKER,
        "max_tokens": MAX_TOKENS,
        "model_sha256": hashlib.sha256(model.read_bytes()).hexdigest(),
        "tokenizer_sha256": hashlib.sha256(words.read_bytes()).hexdigest(),
        "encoder": "all-MiniLM-L6-v2 (Apache-2.0)",
        "licence": "Apache-2.0",
    }
    text = json.dumps(manifest, indent=2, ensure_ascii=False)
    (given.folder / "manifest.json").write_text(f"{text}\n", encoding="utf-8")


if __name__ == "__main__":
    main()
