"""Dates of a text as intervals of days."""

from dragoman_server.extract.dates.edtf import edtf
from dragoman_server.extract.dates.expressions import date_records, find_dates

__all__ = ["date_records", "edtf", "find_dates"]
