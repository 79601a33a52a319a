"""A proxy that validates each request and each response against the document with openapi-core."""

import http.client
import re
from collections.abc import Callable, Iterable
from threading import Thread
from typing import Any
from urllib.parse import urlsplit

import yaml
from openapi_core import Config, OpenAPI
from openapi_core.contrib.werkzeug import WerkzeugOpenAPIRequest, WerkzeugOpenAPIResponse
from openapi_core.datatypes import RequestParameters
from openapi_core.exceptions import OpenAPIError
from openapi_core.security.exceptions import SecurityProviderError
from openapi_core.security.factories import SecurityProviderFactory
from openapi_core.security.providers import BaseProvider
from werkzeug.serving import make_server
from werkzeug.wrappers import Request, Response


class BearerProvider(BaseProvider):
    """openapi-core does not check the security scheme `oauth2`."""

    def __call__(self, parameters: RequestParameters) -> Any:
        if not parameters.header.get("Authorization", "").startswith("Bearer "):
            raise SecurityProviderError("The request has no bearer token.")


class BearerProviderFactory(SecurityProviderFactory):
    PROVIDERS = {**SecurityProviderFactory.PROVIDERS, "oauth2": BearerProvider}


class Operations:
    """The operations of the document by method and path."""

    def __init__(self, document: dict[str, Any]) -> None:
        self._patterns = {
            item[method]["operationId"]: (method.upper(), re.compile(re.sub(r"\{[^}]*\}", "[^/]+", path)))
            for path, item in document["paths"].items()
            for method in item
            if method != "parameters"
        }
        self.ids = set(self._patterns)

    def find(self, method: str, path: str) -> str:
        matches = (id for id, (verb, pattern) in self._patterns.items() if verb == method and pattern.fullmatch(path))
        return next(matches, f"{method} {path}")


class Proxy:
    """Forwards to `upstream` until the end of its `with` block. Bodies pass through unchanged."""

    def __init__(self, document: str, upstream: str) -> None:
        self._host = urlsplit(upstream).netloc
        self._server = make_server("127.0.0.1", 0, self._handle, threaded=True)
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        with open(document, encoding="utf-8") as file:
            content = yaml.safe_load(file)
        self.operations = Operations(content)
        # openapi-core accepts only requests to a server of the document.
        content["servers"] = [{"url": self.url}]
        self._openapi = OpenAPI.from_dict(content, config=Config(security_provider_factory=BearerProviderFactory()))
        #: Ids of the operations that succeeded.
        self.called: set[str] = set()
        #: Number of exchanges.
        self.exchanges = 0
        self.violations: list[str] = []

    def __enter__(self) -> "Proxy":
        Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()

    def _handle(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        request = Request(environ)
        response = self._forward(request, environ["REQUEST_URI"])
        self.exchanges += 1
        operation = self.operations.find(request.method, request.path)
        violations = self._validate(request, response)
        if violations:
            self.violations += [f"{operation}: {violation}" for violation in violations]
            response = Response("\n".join(violations), status=502)
        elif response.status_code < 300:
            self.called.add(operation)
        return response(environ, start_response)

    def _forward(self, request: Request, target: str) -> Response:
        connection = http.client.HTTPConnection(self._host, timeout=60)
        headers = {name: value for name, value in request.headers if name not in ("Host", "Connection")}
        try:
            connection.request(request.method, target, request.get_data() or None, headers)
            response = connection.getresponse()
            return Response(response.read(), response.status, response.getheaders())
        finally:
            connection.close()

    def _validate(self, request: Request, response: Response) -> list[str]:
        checked = WerkzeugOpenAPIRequest(request)
        violations = []
        try:
            self._openapi.validate_request(checked)
        except OpenAPIError as error:
            violations.append(f"the request is invalid: {describe(error)}")
        try:
            self._openapi.validate_response(checked, WerkzeugOpenAPIResponse(response))
        except OpenAPIError as error:
            violations.append(f"the response {response.status_code} is invalid: {describe(error)}")
        return violations


def describe(error: BaseException) -> str:
    """The kind of the error, and its innermost cause or the violations of schemas."""
    cause = error
    while cause.__cause__:
        cause = cause.__cause__
    violations = [f"{violation.json_path}: {violation.message}" for violation in getattr(cause, "schema_errors", [])]
    return f"{type(error).__name__}: {'; '.join(violations) or cause}"
