"""Requests, from bytes: the one place where what is no message of ours is told from what is.

gRPC's own decoding would answer INTERNAL without a word for bytes that are no message, and would
let unknown fields pass, so that an old server would answer a narrower question with everything.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from typing import Any, TypeVar

from google.protobuf import descriptor_pb2, descriptor_pool, message_factory
from google.protobuf.descriptor import FieldDescriptor
from google.protobuf.message import DecodeError, Message
from google.protobuf.unknown_fields import UnknownFieldSet

from dragoman_server.reading.errors import invalid

M = TypeVar("M", bound=Message)

_lock = threading.Lock()
_twins: dict[str, type[Message]] = {}


def decode(message_class: type[M], data: bytes, *, max_bytes: int) -> M:
    """The message that the bytes are.

    Raises:
        RequestError: REQUEST_TOO_LARGE, INVALID_MESSAGE, INVALID_UTF8, UNKNOWN_FIELD,
            UNKNOWN_ENUM_VALUE or ENUM_UNSPECIFIED, naming the field.
    """
    if len(data) > max_bytes:
        raise invalid(
            "REQUEST_TOO_LARGE",
            f"the request has {len(data)} bytes; this method takes up to {max_bytes}",
            size=len(data),
            limit=max_bytes,
        )
    message = message_class()
    try:
        message.ParseFromString(data)
    except DecodeError:
        path = _path_of_bad_text(message_class, data)
        if path is None:
            raise invalid(
                "INVALID_MESSAGE",
                f"the request's bytes are no {message_class.DESCRIPTOR.full_name}",
            ) from None
        raise invalid("INVALID_UTF8", f"{path} is not UTF-8", field=path) from None
    _check(message, "")
    return message


def _check(message: Message, path: str) -> None:
    """Refuse unknown fields, unknown enum numbers and UNSPECIFIED in lists, at any depth."""
    # ListFields sees only what is known; unknown fields have to be asked for message by message.
    unknown = UnknownFieldSet(message)  # type: ignore[no-untyped-call,unused-ignore]
    if len(unknown):
        number = unknown[0].field_number
        where = path or message.DESCRIPTOR.name
        raise invalid(
            "UNKNOWN_FIELD",
            f"{where} has a field numbered {number}, which this server does not know",
            field=where,
            number=number,
        )
    for field, value in message.ListFields():
        name = f"{path}.{field.name}" if path else field.name
        if field.type == FieldDescriptor.TYPE_MESSAGE:
            if _is_list(field):
                for index, item in enumerate(value):
                    _check(item, f"{name}[{index}]")
            else:
                _check(value, name)
        elif field.type == FieldDescriptor.TYPE_ENUM:
            if _is_list(field):
                for index, number in enumerate(value):
                    _check_enum(field, number, f"{name}[{index}]", in_list=True)
            else:
                _check_enum(field, value, name, in_list=False)


def _check_enum(field: FieldDescriptor, number: int, name: str, *, in_list: bool) -> None:
    enum = field.enum_type
    assert enum is not None
    known = enum.values_by_number.get(number)
    if known is None:
        raise invalid(
            "UNKNOWN_ENUM_VALUE",
            f"{name} is {number}, which is no {enum.name} that this server knows",
            field=name,
            value=number,
        )
    if in_list and number == 0:
        raise invalid(
            "ENUM_UNSPECIFIED",
            f"{name} is {known.name}; leave the list empty to mean everything",
            field=name,
        )


def _is_list(field: FieldDescriptor) -> bool:
    return bool(field.is_repeated)


# --- strings that are not UTF-8 -------------------------------------------------------------


def _path_of_bad_text(message_class: type[Message], data: bytes) -> str | None:
    """The field whose text is not UTF-8; None where the bytes are no message for other reasons.

    protobuf says only that parsing failed. A twin of the message with `bytes` for every `string`
    takes the same wire format with any content, and shows which field it is.
    """
    twin = _twin(message_class)()
    try:
        twin.ParseFromString(data)
    except DecodeError:
        return None
    return next(_bad_texts(twin, message_class.DESCRIPTOR, ""), None)


def _bad_texts(twin: Message, descriptor: Any, path: str) -> Iterator[str]:
    for field, value in twin.ListFields():
        original = descriptor.fields_by_number[field.number]
        name = f"{path}.{field.name}" if path else field.name
        items = list(value) if _is_list(field) else [value]
        for index, item in enumerate(items):
            at = f"{name}[{index}]" if _is_list(field) else name
            if original.type == FieldDescriptor.TYPE_MESSAGE:
                yield from _bad_texts(item, original.message_type, at)
            elif original.type == FieldDescriptor.TYPE_STRING and not _is_utf8(item):
                yield at


def _is_utf8(data: bytes) -> bool:
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _twin(message_class: type[Message]) -> type[Message]:
    with _lock:
        known = _twins.get(message_class.DESCRIPTOR.full_name)
        if known is not None:
            return known
        pool = descriptor_pool.DescriptorPool()
        descriptor = message_class.DESCRIPTOR
        _add_twins(pool, descriptor.file, set())
        twin = pool.FindMessageTypeByName(descriptor.full_name)
        made: type[Message] = message_factory.GetMessageClass(twin)
        _twins[descriptor.full_name] = made
        return made


def _add_twins(pool: descriptor_pool.DescriptorPool, file: Any, done: set[str]) -> None:
    if file.name in done:
        return
    done.add(file.name)
    for dependency in file.dependencies:
        _add_twins(pool, dependency, done)
    copy = descriptor_pb2.FileDescriptorProto()
    file.CopyToProto(copy)
    pending = list(copy.message_type)
    while pending:
        message = pending.pop()
        pending.extend(message.nested_type)
        for field in message.field:
            if field.type == descriptor_pb2.FieldDescriptorProto.TYPE_STRING:
                field.type = descriptor_pb2.FieldDescriptorProto.TYPE_BYTES
    pool.Add(copy)
