"""Loads the trained model and asks it about words of sentences."""

from __future__ import annotations

import hashlib
import json
import logging
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from importlib.resources.abc import Traversable
from typing import TYPE_CHECKING, Any, Final

from dragoman_server.extract import budget

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

_PACKAGE: Final = "dragoman_event_model"
_BATCH: Final = 16
"""Sentences that are read together, at most."""
_SLACK: Final = 1.15
"""How many times as long as the shortest the longest of them may be: shorter ones are padded."""
_log = logging.getLogger(__name__)

NONE: Final = "NONE"
"""The name of "no event" among the scores."""

Scores = Mapping[str, float]
"""A score for each type (or status), each from 0 to 1 and rounded to hundredths, so that machines
that differ in the last digits decide alike. They sum to 1 but for the rounding."""


class BrokenModel(Exception):
    """The model is installed, but its files are not those that it was released with."""


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence, and which of its words are asked about."""

    text: str
    words: tuple[tuple[int, int], ...]
    """Where each word begins and ends, as offsets into the text."""
    asked: tuple[int, ...]
    """Indexes into the words."""


@dataclass(frozen=True, slots=True)
class Opinion:
    """What the model reads in one word of a sentence."""

    types: Scores
    """For each event type and for `NONE`."""
    statuses: Scores
    """For each status, should the word tell of an event."""
    roles: tuple[tuple[float, float], ...]
    """For each word of the sentence, how likely it belongs to who does it and to whom it is done,
    should the word asked about tell of an event; rounded like the scores."""


class Classifier:
    """The trained model. Pure: the same words always have the same scores."""

    def __init__(
        self, session: Any, tokenizer: Any, types: Sequence[str], statuses: Sequence[str]
    ) -> None:
        """Use `load_classifier`."""
        self._session = session
        self._tokenizer = tokenizer
        self._types = tuple(types)
        self._statuses = tuple(statuses)

    def read(self, sentences: Sequence[Sentence]) -> list[dict[int, Opinion]]:
        """The opinions on the words asked about, by their index, for each sentence in order.

        Words behind the model's reach, some hundred words into a sentence, have none.

        Raises:
            OutOfTimeError: past the deadline that `budget.until` has set, if any.
        """
        encoded = [
            (number, sentence, self._tokenizer.encode(sentence.text))
            for number, sentence in enumerate(sentences)
            if sentence.asked
        ]
        encoded.sort(key=lambda each: (len(each[2].ids), each[0]))
        found: list[dict[int, Opinion]] = [{} for _ in sentences]
        for lot in _lots(encoded):
            budget.check()
            rows = [(sentence, code) for _, sentence, code in lot]
            for row, word, opinion in self._read_together(rows):
                found[lot[row][0]][word] = opinion
        return found

    def _read_together(
        self, rows: Sequence[tuple[Sentence, Any]]
    ) -> Iterator[tuple[int, int, Opinion]]:
        import numpy as np

        tokens = max(len(code.ids) for _, code in rows)
        words = max(len(sentence.words) for sentence, _ in rows)
        ids = np.ones((len(rows), tokens), dtype=np.int64)
        mask = np.zeros((len(rows), tokens), dtype=np.int64)
        pool = np.zeros((len(rows), words, tokens), dtype=np.float32)
        asked: list[tuple[int, int]] = []
        for row, (sentence, code) in enumerate(rows):
            ids[row, : len(code.ids)] = code.ids
            mask[row, : len(code.ids)] = 1
            for word, pieces in enumerate(_pieces(sentence.words, code.offsets)):
                if pieces:
                    pool[row, word, pieces] = 1 / len(pieces)
            asked += [(row, word) for word in sentence.asked if pool[row, word].any()]
        if not asked:
            return
        places = np.array(asked, dtype=np.int64)
        given = {"ids": ids, "mask": mask, "pool": pool, "row": places[:, 0], "word": places[:, 1]}
        types, statuses, roles = self._session.run(["types", "statuses", "roles"], given)
        for number, (row, word) in enumerate(asked):
            count = len(rows[row][0].words)
            yield (
                row,
                word,
                Opinion(
                    _rounded(self._types, types[number]),
                    _rounded(self._statuses, statuses[number]),
                    tuple(
                        (round(float(doer), 2), round(float(done_to), 2))
                        for _, doer, done_to in roles[number, :count]
                    ),
                ),
            )


def _lots(encoded: list[tuple[int, Sentence, Any]]) -> Iterator[list[tuple[int, Sentence, Any]]]:
    """Neighbours of about one length, of sentences in order of their lengths."""
    lot: list[tuple[int, Sentence, Any]] = []
    for each in encoded:
        if lot and (len(lot) == _BATCH or len(each[2].ids) > _SLACK * len(lot[0][2].ids)):
            yield lot
            lot = []
        lot.append(each)
    if lot:
        yield lot


def _pieces(
    words: Sequence[tuple[int, int]], offsets: Sequence[tuple[int, int]]
) -> Iterator[list[int]]:
    """Which of the tokenizer's pieces lie in each word; both are in order of the text."""
    first = 0
    for begin, end in words:
        while first < len(offsets) and offsets[first][1] <= begin:
            first += 1
        found = []
        for index in range(first, len(offsets)):
            left, right = offsets[index]
            if left >= end:
                break
            if right > left and right > begin:
                found.append(index)
        yield found


def _rounded(names: Sequence[str], values: npt.NDArray[np.float32]) -> Scores:
    return {name: round(float(value), 2) for name, value in zip(names, values, strict=True)}


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
    tokenizer.no_padding()
    tokenizer.enable_truncation(int(manifest["max_tokens"]))
    return Classifier(session, tokenizer, manifest["types"], manifest["statuses"])


def _checked(file: Traversable, sha256: str) -> bytes:
    data = file.read_bytes()
    found = hashlib.sha256(data).hexdigest()
    if found != sha256:
        raise BrokenModel(
            f"{file.name} of {_PACKAGE} has the checksum {found}, not {sha256}: install it anew"
        )
    return data
