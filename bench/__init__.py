"""Benchmarks, and the scorer of the extraction; they measure, and are no tests."""
