"""Text to records: pure functions over a parsed document, no I/O beyond reading the lexicon.

`model` tells the stages apart and what they hand to each other.
"""
