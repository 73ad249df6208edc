"""What both clients make their methods of."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any, TypeVar

M = TypeVar("M", bound=Callable[..., Any])


def as_method(method: M, build: Callable[..., Any], result: str, owner: str) -> M:
    """Give a method the name, docstring and signature of the function that builds its call.

    Args:
        method: what carries the call out.
        build: what builds it; its own result, ``Unary[Event]``, stands in its signature.
        result: what the method returns, with {} for the Event in there.
        owner: the class that the method is of.
    """
    signature = inspect.signature(build)
    this = inspect.Parameter("self", inspect.Parameter.POSITIONAL_OR_KEYWORD)
    built = str(signature.return_annotation)
    method.__name__ = build.__name__
    method.__qualname__ = f"{owner}.{build.__name__}"
    method.__doc__ = build.__doc__
    setattr(  # noqa: B010 (no type knows of this attribute)
        method,
        "__signature__",
        signature.replace(
            parameters=[this, *signature.parameters.values()],
            return_annotation=result.format(built[built.index("[") + 1 : -1]),
        ),
    )
    return method
