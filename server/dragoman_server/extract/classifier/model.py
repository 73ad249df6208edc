"""Loads the trained model and asks it about marked words."""

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
        return [self._scores_of(word) for word in words]

    def _scores_of(self, word: Marked) -> Scores:
        # One at a time: the 8-bit arithmetic takes its scale from all that is read together, so in
        # a batch a sentence's scores would depend on its neighbours.
        row = self._probabilities(self._mark(word))
        return {name: round(float(value), 2) for name, value in zip(self._names, row, strict=True)}

    def _mark(self, word: Marked) -> str:
        # The marker itself must stand there once only.
        before = word.text[max(0, word.begin - _REACH) : word.begin].replace(self._marker, " ")
        after = word.text[word.end : word.end + _REACH].replace(self._marker, " ")
        inside = word.text[word.begin : word.end].replace(self._marker, " ")
        return f"{before}{self._marker} {inside} {self._marker}{after}"

    def _probabilities(self, text: str) -> npt.NDArray[np.float64]:
        import numpy as np

        encoded = self._tokenizer.encode(text)
        ids = np.array([encoded.ids], dtype=np.int64)
        mask = np.array([encoded.attention_mask], dtype=np.int64)
        (logits,) = self._session.run(None, {"input_ids": ids, "attention_mask": mask})
        exact = logits[0].astype(np.float64)
        powers: npt.NDArray[np.float64] = np.exp(exact - exact.max())
        shares: npt.NDArray[np.float64] = powers / powers.sum()
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
    return Classifier(session, tokenizer, manifest["types"], manifest["marker"])


def _checked(file: Traversable, sha256: str) -> bytes:
    data = file.read_bytes()
    found = hashlib.sha256(data).hexdigest()
    if found != sha256:
        raise BrokenModel(
            f"{file.name} of {_PACKAGE} has the checksum {found}, not {sha256}: install it anew"
        )
    return data
