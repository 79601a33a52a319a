"""Requests that violate the document, and that the sandbox accepts on purpose. Schemathesis does not send them."""

from typing import Any

import schemathesis


@schemathesis.hook
def filter_case(_: schemathesis.HookContext, case: "schemathesis.Case[Any]") -> bool:
    return not (has_size_zero(case.query) or is_incomplete(case.body))


def has_size_zero(query: Any) -> bool:
    """The .NET SDK sends `size=0` for the largest page. The document leaves it out."""
    return str(dict(query or {}).get("size")) == "0"


def is_incomplete(body: Any) -> bool:
    """The effect of a PATCH without `Amount`, or without the metadata that the .NET SDK sends, is not published.

    The document requires both. The sandbox accepts such a body.
    """
    if not isinstance(body, dict):
        return False
    attributes = body.get("Attributes")
    return "Amount" not in body or not (isinstance(attributes, dict) and isinstance(attributes.get("ObjectType"), str))
