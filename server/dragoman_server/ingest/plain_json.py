"""Records of plain JSON, as `dragoman export` writes them, made into messages quickly.

protobuf's own reader takes most of a load's time. What it takes and is not plain here goes to it:
other spellings of names, numbers in quotes, nulls; so do mistakes, of which it tells.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Mapping
from typing import Any, Final, TypeVar

from google.protobuf import json_format
from google.protobuf.descriptor import Descriptor, FieldDescriptor
from google.protobuf.message import Message

M = TypeVar("M", bound=Message)

_NUMBER: Final = re.compile(r"[0-9]{1,18}")
_STAMPS: Final = {
    "create_revision": _NUMBER,
    "revision": _NUMBER,
    "record_time": re.compile(r"[0-9]{4}(-[0-9]{2}){2}T[0-9]{2}(:[0-9]{2}){2}(\.[0-9]{1,9})?Z"),
}
"""How the store's stamps are written."""
_WHOLE: Final = (int,)
_TYPES: Final[Mapping[int, tuple[type, ...]]] = {
    FieldDescriptor.TYPE_STRING: (str,),
    FieldDescriptor.TYPE_ENUM: (str,),
    FieldDescriptor.TYPE_DOUBLE: (float, int),
    FieldDescriptor.TYPE_INT32: _WHOLE,
    FieldDescriptor.TYPE_BOOL: (bool,),
}
"""The types of plain values, which messages take as they are."""

_Field = tuple[bool, "tuple[type, ...] | Mapping[str, Any]"]
"""Whether it is a list, and the types of its values, or the fields of its messages."""


def message_of(kind: type[M], fields: dict[str, Any]) -> M:
    """The message of a record in JSON; revisions and times that the store has stamped it with may
    be left out, as it does not heed them.

    Raises:
        json_format.ParseError: it is no such message.
    """
    plain = {name: value for name, value in fields.items() if not _is_stamp(name, value)}
    if _is_plain(plain, _fields(kind.DESCRIPTOR)):
        try:
            return kind(**plain)
        except (TypeError, ValueError):
            # A number or a name of an enum's value that does not go: the other reader has words.
            pass
    record = kind()
    json_format.ParseDict(fields, record)
    return record


def _is_stamp(name: str, value: object) -> bool:
    pattern = _STAMPS.get(name)
    return pattern is not None and isinstance(value, str) and bool(pattern.fullmatch(value))


def _is_plain(fields: dict[str, Any], known: Mapping[str, _Field]) -> bool:
    for name, value in fields.items():
        field = known.get(name)
        if field is None:
            return False
        is_list, types = field
        if is_list and type(value) is not list:
            return False
        values = value if is_list else (value,)
        if type(types) is tuple:
            for one in values:
                if type(one) not in types:
                    return False
        else:
            for one in values:
                if type(one) is not dict or not _is_plain(one, types):  # type: ignore[arg-type]
                    return False
    return True


@functools.cache
def _fields(descriptor: Descriptor) -> Mapping[str, _Field]:
    found: dict[str, _Field] = {}
    for field in descriptor.fields:
        if field.message_type is None:
            types = _TYPES.get(field.type)
            if types is not None:
                found[field.name] = (bool(field.is_repeated), types)
        elif field.message_type.file.package == descriptor.file.package:
            found[field.name] = (bool(field.is_repeated), _fields(field.message_type))
    return found
