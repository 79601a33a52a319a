"""The HTTP client to give to the generated client: amounts keep their digits, and throttled calls are repeated."""

import time
from decimal import Decimal
from typing import Any

import httpx
import simplejson


class ExactClient(httpx.Client):
    """Reads JSON numbers as `int` or `Decimal`, and sends `Decimal` with all its digits.

    The generated types say `float`. The generated code does not convert numbers, so the values are `Decimal`.
    """

    def build_request(self, *args: Any, json: Any = None, **kwargs: Any) -> httpx.Request:
        if json is not None:
            kwargs["content"] = simplejson.dumps(json, use_decimal=True)
        return super().build_request(*args, **kwargs)

    def send(self, request: httpx.Request, **kwargs: Any) -> httpx.Response:
        response = super().send(request, **kwargs)
        while response.status_code == 429:
            time.sleep(int(response.headers.get("Retry-After", "5")))
            response = super().send(request, **kwargs)
        setattr(response, "json", lambda: exact_json(response))
        return response


def exact_json(response: httpx.Response) -> Any:
    """The body, without the byte order mark that it may begin with."""
    return simplejson.loads(response.content.decode("utf-8-sig"), use_decimal=True)


def as_decimal(number: object) -> Decimal:
    """A number of a response. Zero and other whole amounts arrive as `int`."""
    if not isinstance(number, (int, Decimal)):
        raise TypeError(f"not an exact number: {number!r}")
    return Decimal(number)
