"""Dates of a text as intervals of days."""

from dragoman_server.extract.dates.edtf import edtf
from dragoman_server.extract.dates.expressions import find_dates
from dragoman_server.extract.dates.printed import date_records

__all__ = ["date_records", "edtf", "find_dates"]
