"""The scorer of the extraction: found records against gold ones, by the rules of the gold's README.

``python -m bench.extraction`` scores the seed, the articles, PLOVER's records and the dates.
"""
