"""A trained model as a second opinion on what words in their sentence tell.

It reads a sentence once and gives, for each word that is asked about, a score for each event type
and for NONE, for each status, and which of the sentence's words name who does it and to whom. It
lives in a distribution of its own, ``dragoman-event-model``; without it the lexicon decides alone.
"""

from dragoman_server.extract.classifier.model import (
    NONE,
    Classifier,
    Opinion,
    Scores,
    Sentence,
    load_classifier,
)

__all__ = ["NONE", "Classifier", "Opinion", "Scores", "Sentence", "load_classifier"]
