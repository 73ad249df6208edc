"""Loads the trained model and asks it, many marked words at a time."""

from __future__ import annotations

import hashlib
import json
import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from importlib.resources.abc import Traversable
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

_PACKAGE: Final = "dragoman_event_model"
_BATCH: Final = 16
# Enough of a sentence on either side of the word; the model reads no more than its own limit.
_REACH: Final = 280
_log = logging.getLogger(__name__)

NONE: Final = "NONE"
"""The name of "no event" among the scores."""

Scores = Mapping[str, float]
"""A score for each event type and for `NONE`, each from 0 to 1 and rounded to hundredths, so that
machines that differ in the last digits decide alike. They sum to 1 but for the rounding."""


class BrokenModel(Exception):
    """The model is installed, but its files are not those that it was released with."""


@dataclass(frozen=True, slots=True)
class Marked:
    """A word in a text: begin and end as offsets into it."""

    text: str
    begin: int
    end: int


class Classifier:
    """The trained model. Pure: the same words always have the same scores."""

    def __init__(self, session: Any, tokenizer: Any, names: Sequence[str], marker: str) -> None:
        """Use `load_classifier`."""
        self._session = session
        self._tokenizer = tokenizer
        self._names = tuple(names)
        self._marker = marker

    def scores(self, words: Sequence[Marked]) -> list[Scores]:
        """The scores of each of the words, in their order."""
        found: list[Scores] = [{}] * len(words)
        # Of like length together, so that little of a batch is padding.
        order = sorted(range(len(words)), key=lambda i: (len(words[i].text), i))
        for start in range(0, len(order), _BATCH):
            lot = order[start : start + _BATCH]
            rows = self._probabilities([self._mark(words[i]) for i in lot])
            for i, row in zip(lot, rows, strict=True):
                found[i] = {
                    name: round(float(value), 2)
                    for name, value in zip(self._names, row, strict=True)
                }
        return found

    def _mark(self, word: Marked) -> str:
        # The marker itself must stand there once only.
        before = word.text[max(0, word.begin - _REACH) : word.begin].replace(self._marker, " ")
        after = word.text[word.end : word.end + _REACH].replace(self._marker, " ")
        inside = word.text[word.begin : word.end].replace(self._marker, " ")
        return f"{before}{self._marker} {inside} {self._marker}{after}"

    def _probabilities(self, texts: list[str]) -> npt.NDArray[np.float64]:
        import numpy as np

        encoded = self._tokenizer.encode_batch(texts)
        ids = np.array([e.ids for e in encoded], dtype=np.int64)
        mask = np.array([e.attention_mask for e in encoded], dtype=np.int64)
        (logits,) = self._session.run(None, {"input_ids": ids, "attention_mask": mask})
        exact = logits.astype(np.float64)
        powers: npt.NDArray[np.float64] = np.exp(exact - exact.max(axis=1, keepdims=True))
        shares: npt.NDArray[np.float64] = powers / powers.sum(axis=1, keepdims=True)
        return shares


@cache
def load_classifier() -> Classifier | None:
    """The trained model, from installed packages; None, with a warning, where it is not there.

    Raises:
        BrokenModel: if its files are not those that it was released with.
    """
    try:
        folder = resources.files(_PACKAGE)
        import onnxruntime
        from tokenizers import Tokenizer
    except ModuleNotFoundError as error:
        _log.warning(
            "%s is not installed: the lexicon decides on event types alone, and finds less",
            error.name,
        )
        return None
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    weights = _checked(folder / "model.onnx", manifest["model_sha256"])
    options = onnxruntime.SessionOptions()
    # One thread adds up in one order; several would differ from run to run in the last digits.
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    options.log_severity_level = 3
    session = onnxruntime.InferenceSession(weights, options, providers=["CPUExecutionProvider"])
    words = _checked(folder / "tokenizer.json", manifest["tokenizer_sha256"]).decode("utf-8")
    tokenizer = Tokenizer.from_str(words)
    tokenizer.enable_truncation(int(manifest["max_tokens"]))
    tokenizer.enable_padding()
    return Classifier(session, tokenizer, manifest["types"], manifest["marker"])


def _checked(file: Traversable, sha256: str) -> bytes:
    data = file.read_bytes()
    found = hashlib.sha256(data).hexdigest()
    if found != sha256:
        raise BrokenModel(
            f"{file.name} of {_PACKAGE} has the checksum {found}, not {sha256}: install it anew"
        )
    return data
