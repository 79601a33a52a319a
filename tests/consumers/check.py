"""Runs the programs of other languages and Schemathesis against the sandbox.

Arguments: the document, the sandbox's binary, and the folder of the generated clients.
"""

import logging
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Thread

import httpx
from proxy import Proxy
from werkzeug.serving import make_server
from werkzeug.wrappers import Request, Response

HERE = Path(__file__).parent
DOCUMENT, SANDBOX, WORK = sys.argv[1:]
BUDGET_PATH = "/v1/customers/00000000-0000-0000-0000-000000000001/usagebudget"
VALID_UPDATE = {"Amount": None, "Attributes": {"ObjectType": "SpendingBudget"}}


@contextmanager
def sandbox(*options: str) -> Iterator[str]:
    """The address of a sandbox."""
    with subprocess.Popen([SANDBOX, *options], stdout=subprocess.PIPE, text=True) as process:
        try:
            line = process.stdout.readline() if process.stdout else ""
            yield line.removeprefix("listening on ").strip()
        finally:
            process.terminate()


@contextmanager
def server(body: str) -> Iterator[str]:
    """The address of a server with one response for all requests."""

    @Request.application
    def respond(_: Request) -> Response:
        return Response(body, content_type="application/json")

    stub = make_server("127.0.0.1", 0, respond)
    Thread(target=stub.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{stub.server_port}"
    stub.shutdown()
    stub.server_close()


def check_that_the_proxy_can_fail() -> None:
    token = {"Authorization": "Bearer sandbox"}
    bad_id = BUDGET_PATH.replace("00000000-0000", "0")
    cases: list[tuple[str, Callable[[str], httpx.Response], str]] = [
        ('{"amount": 97}', lambda url: httpx.get(url + BUDGET_PATH, headers=token), ""),
        ('{"amount": 97}', lambda url: httpx.patch(url + BUDGET_PATH, headers=token, json=VALID_UPDATE), ""),
        ('{"amount": "97"}', lambda url: httpx.get(url + BUDGET_PATH, headers=token), "the response 200"),
        ("{", lambda url: httpx.get(url + BUDGET_PATH, headers=token), "the response 200"),
        ("{}", lambda url: httpx.patch(url + BUDGET_PATH, headers=token, json={"Amount": 97}), "the request"),
        ("{}", lambda url: httpx.get(url + bad_id, headers=token), "the request"),
        ("{}", lambda url: httpx.get(url + BUDGET_PATH), "the request"),
        ("{}", lambda url: httpx.get(url + "/v1/unknown", headers=token), "the request"),
    ]
    for body, call, expected in cases:
        with server(body) as upstream, Proxy(DOCUMENT, upstream) as proxy:
            status = call(proxy.url).status_code
        found = "; ".join(proxy.violations)
        if (status, bool(found)) != (502 if expected else 200, bool(expected)) or expected not in found:
            raise SystemExit(f"the proxy found '{found}' instead of '{expected}' for {body}")
    print(f"proxy: {len(cases)} exchanges, valid and invalid, are judged correctly")


def run_program(name: str, *command: str) -> None:
    """Runs a program, which must call all operations of the document."""
    with sandbox("--fault", "status=429@get_partner_usage_summary:first=1") as upstream:
        with Proxy(DOCUMENT, upstream) as proxy:
            environment = {**os.environ, "PC_BASE_URL": proxy.url, "PC_AUTHORITY": upstream}
            failed = subprocess.run(command, cwd=Path(WORK) / name, env=environment).returncode != 0
    missing = proxy.operations.ids - proxy.called
    if failed or missing or proxy.violations:
        violations = "\n  ".join(proxy.violations)
        raise SystemExit(f"{name} failed\nnot called: {sorted(missing)}\nviolations:\n  {violations}")
    print(f"{name}: {len(proxy.called)} operations, {proxy.exchanges} valid exchanges")


def run_schemathesis() -> None:
    # Schemathesis reports a byte order mark as invalid JSON.
    with sandbox("--no-byte-order-mark") as url:
        command = ["schemathesis", "--config-file", str(HERE / "schemathesis.toml"), "run", DOCUMENT, "--url", url]
        environment = {**os.environ, "SCHEMATHESIS_HOOKS": str(HERE / "schemathesis_hooks.py")}
        if subprocess.run([*command, "--no-color"], cwd=WORK, env=environment).returncode != 0:
            raise SystemExit("Schemathesis found violations: fix them, or add them to schemathesis.toml with a reason")


logging.getLogger("werkzeug").setLevel(logging.ERROR)
check_that_the_proxy_can_fail()
run_program("typescript", "node", "out/consumer.js")
run_program("python", sys.executable, "consumer.py")
run_schemathesis()
