"""A small trained model as a second opinion on what a word in its sentence tells.

It reads a sentence with one word marked and gives a score for each event type and for NONE. It
lives in a distribution of its own, ``dragoman-event-model``; without it the lexicon decides alone.
"""

from dragoman_server.extract.classifier.model import (
    NONE,
    Classifier,
    Marked,
    Scores,
    load_classifier,
)

__all__ = ["NONE", "Classifier", "Marked", "Scores", "load_classifier"]
