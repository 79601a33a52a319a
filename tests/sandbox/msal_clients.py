"""Signs in at a sandbox with MSAL and azure-identity, both unmodified, through a TLS proxy with real host names.

Usage: msal_clients.py http://127.0.0.1:PORT

This process resolves the authority and Partner Center to the proxy. Nothing leaves the machine.
"""

import datetime
import html.parser
import os
import shlex
import socket
import ssl
import sys
import tempfile
import threading
import urllib.parse
import urllib.request

AUTHORITY = "login.microsoftonline.com"
SERVICE = "api.partnercenter.microsoft.com"
TENANT = "8c1f5d2e-0b3a-4c6d-9e7f-1a2b3c4d5e6f"
CLIENT = "1f2e3d4c-5b6a-4798-8a9b-0c1d2e3f4a5b"
SECRET = "sandbox-secret"
REFRESH_TOKEN = "sandbox-refresh-token"
DEFAULT = f"https://{SERVICE}/.default"
USER = f"https://{SERVICE}/user_impersonation"
CUSTOMER = f"https://{SERVICE}/v1/customers/00000000-0000-0000-0000-000000000001"


def resolve_to(port):
    """Resolves both host names to the proxy, and rejects other hosts except this machine."""
    system = socket.getaddrinfo

    def getaddrinfo(host, wanted, *arguments, **options):
        if host in (AUTHORITY, SERVICE):
            return system("127.0.0.1", port, *arguments, **options)
        if host in ("localhost", "127.0.0.1", "::1", None, ""):
            return system(host, wanted, *arguments, **options)
        raise OSError(f"{host} is not part of this test")

    socket.getaddrinfo = getaddrinfo


class Page(html.parser.HTMLParser):
    """The form of a page: where it posts to, and its hidden fields."""

    def __init__(self):
        super().__init__()
        self.action, self.fields = None, {}

    def handle_starttag(self, tag, attributes):
        attributes = dict(attributes)
        if tag == "form":
            self.action = attributes["action"]
        elif tag == "input" and attributes["type"] == "hidden":
            self.fields[attributes["name"]] = attributes["value"]


def browse(address):
    """Does what a browser would: follows the redirect, or posts the form."""
    context = ssl.create_default_context(cafile=os.environ["REQUESTS_CA_BUNDLE"])
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}), urllib.request.HTTPSHandler(context=context))
    with opener.open(address, timeout=30) as response:
        page = Page()
        page.feed(response.read().decode())
    if page.action:
        opener.open(page.action, urllib.parse.urlencode(page.fields).encode(), timeout=30).close()


def certificates(folder):
    """Makes a CA, a proxy certificate and a client certificate, and returns their paths."""
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import rsa
    from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

    now = datetime.datetime.now(datetime.timezone.utc)

    def certificate(name, issuer=None, names=()):
        key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
        issuer_name, issuer_key = issuer or (subject, key)
        builder = (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(issuer_name)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - datetime.timedelta(hours=1))
            .not_valid_after(now + datetime.timedelta(hours=12))
            .add_extension(x509.BasicConstraints(ca=issuer is None, path_length=None), critical=True)
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
            .add_extension(
                x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer_key.public_key()), critical=False
            )
        )
        if names:
            alternatives = x509.SubjectAlternativeName([x509.DNSName(one) for one in names])
            builder = builder.add_extension(alternatives, critical=False).add_extension(
                x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False
            )
        else:
            usage = {one: False for one in (
                "content_commitment", "key_encipherment", "data_encipherment", "key_agreement",
                "encipher_only", "decipher_only",
            )}
            builder = builder.add_extension(
                x509.KeyUsage(digital_signature=True, key_cert_sign=True, crl_sign=True, **usage), critical=True
            )
        return builder.sign(issuer_key, hashes.SHA256()), key

    def write(name, certificate, key=None):
        path = os.path.join(folder, name)
        with open(os.open(path, os.O_WRONLY | os.O_CREAT, 0o600), "wb") as file:
            if key is not None:
                file.write(key.private_bytes(
                    serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
                ))
            file.write(certificate.public_bytes(serialization.Encoding.PEM))
        return path

    ca, ca_key = certificate("CA of a test")
    proxy = certificate("proxy of a test", (ca.subject, ca_key), (AUTHORITY, SERVICE))
    client = certificate("client of a test")
    return write("ca.pem", ca), write("proxy.pem", *proxy), write("client.pem", *client)


def serve_proxy(certificate, upstream):
    """Terminates TLS and passes the bytes on; adds no header."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    listener = socket.create_server(("127.0.0.1", 0))

    def pump(source, target):
        try:
            while data := source.recv(65536):
                target.sendall(data)
        except OSError:
            pass
        for one in (source, target):
            try:
                one.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass

    def serve(connection):
        try:
            secure = context.wrap_socket(connection, server_side=True)
            plain = socket.create_connection(upstream)
        except OSError as error:
            print(f"proxy: {error}", file=sys.stderr)
            return
        threading.Thread(target=pump, args=(secure, plain), daemon=True).start()
        pump(plain, secure)

    def accept():
        while True:
            connection, _ = listener.accept()
            threading.Thread(target=serve, args=(connection,), daemon=True).start()

    threading.Thread(target=accept, daemon=True).start()
    return listener.getsockname()[1]


def call(token, path):
    import requests

    return requests.get(f"{CUSTOMER}/{path}", headers={"Authorization": f"Bearer {token}"}, timeout=30)


def expect_app(token):
    assert call(token, "usagebudget").status_code == 200, "an app may read a budget"
    assert call(token, "usagesummary").status_code == 403, "an app alone may not read a summary"


def expect_user(token):
    response = call(token, "usagesummary")
    assert response.status_code == 200, response.text


def msal_token(result):
    assert "access_token" in result, {key: result.get(key) for key in ("error", "error_description")}
    return result["access_token"]


def use_msal(client_certificate):
    import msal

    authority = f"https://{AUTHORITY}/{TENANT}"

    def confidential(credential):
        return msal.ConfidentialClientApplication(CLIENT, authority=authority, client_credential=credential)

    app = confidential(SECRET)
    first = msal_token(app.acquire_token_for_client([DEFAULT]))
    expect_app(first)
    assert msal_token(app.acquire_token_for_client([DEFAULT])) == first, "the second one is cached"
    expect_user(msal_token(app.acquire_token_by_refresh_token(REFRESH_TOKEN, [USER])))
    assert confidential("wrong").acquire_token_for_client([DEFAULT])["error"] == "invalid_client"
    done("msal: client secret")

    from cryptography import x509
    from cryptography.hazmat.primitives import hashes

    with open(client_certificate, "rb") as file:
        pem = file.read()
    thumbprint = x509.load_pem_x509_certificate(pem).fingerprint(hashes.SHA1()).hex()
    credential = {"private_key": pem.decode(), "thumbprint": thumbprint, "public_certificate": pem.decode()}
    expect_app(msal_token(confidential(credential).acquire_token_for_client([DEFAULT])))
    done("msal: certificate")

    app = msal.PublicClientApplication(CLIENT, authority=authority)
    flow = app.initiate_device_flow([USER])
    assert flow["verification_uri"].startswith(f"https://{AUTHORITY}/"), flow["verification_uri"]
    result = app.acquire_token_by_device_flow(flow)
    expect_user(msal_token(result))
    assert result["id_token_claims"]["tid"] == TENANT, result["id_token_claims"]
    expect_silent(app, result["access_token"])
    done("msal: device code and silent refresh")

    app = msal.PublicClientApplication(CLIENT, authority=f"https://{AUTHORITY}/organizations")
    result = app.acquire_token_interactive([USER], timeout=60)
    expect_user(msal_token(result))
    assert result["id_token_claims"]["aud"] == CLIENT, result["id_token_claims"]
    expect_silent(app, result["access_token"])
    done("msal: interactive and silent refresh")


def expect_silent(app, first):
    [account] = app.get_accounts()
    assert account["username"].startswith("admin-agent@"), account["username"]
    assert msal_token(app.acquire_token_silent([USER], account)) == first, "the token is cached"
    second = msal_token(app.acquire_token_silent([USER], account, force_refresh=True))
    assert second != first, "the token was renewed"
    expect_user(second)
    app.remove_account(account)
    assert app.get_accounts() == []


def use_azure_identity(client_certificate):
    from azure.core.exceptions import ClientAuthenticationError
    from azure.identity import (
        CertificateCredential, ClientSecretCredential, DeviceCodeCredential, InteractiveBrowserCredential,
    )

    expect_app(ClientSecretCredential(TENANT, CLIENT, SECRET).get_token(DEFAULT).token)
    try:
        ClientSecretCredential(TENANT, CLIENT, "wrong").get_token(DEFAULT)
        raise AssertionError("a wrong secret is rejected")
    except ClientAuthenticationError as error:
        assert "AADSTS7000215" in str(error), error
    done("azure-identity: client secret")

    expect_app(CertificateCredential(TENANT, CLIENT, client_certificate).get_token(DEFAULT).token)
    done("azure-identity: certificate")

    credential = DeviceCodeCredential(CLIENT, tenant_id=TENANT, prompt_callback=lambda *_: None)
    record = credential.authenticate(scopes=[USER])
    assert record.tenant_id == TENANT and record.authority == AUTHORITY, record.serialize()
    expect_user(credential.get_token(USER).token)
    done("azure-identity: device code")

    credential = InteractiveBrowserCredential(client_id=CLIENT, tenant_id=TENANT, timeout=60)
    expect_user(credential.get_token(USER).token)
    done("azure-identity: interactive")


def done(name):
    print(f"ok {name}", flush=True)


def main(address):
    upstream = urllib.parse.urlsplit(address)
    # Neither a proxy nor a credential of the machine has a part in this.
    for name in list(os.environ):
        if name.lower().endswith("_proxy") or name.startswith(("AZURE_", "IDENTITY_", "MSI_", "MSAL_")):
            del os.environ[name]
    with tempfile.TemporaryDirectory() as folder:
        ca, proxy, client = certificates(folder)
        port = serve_proxy(proxy, (upstream.hostname, upstream.port))
        os.environ["REQUESTS_CA_BUNDLE"] = ca
        # The module webbrowser starts this script in place of a browser, and does not wait for it.
        command = shlex.join([sys.executable, os.path.abspath(__file__), "--browse", str(port)])
        os.environ["BROWSER"] = f"{command} %s &"
        resolve_to(port)
        use_msal(client)
        use_azure_identity(client)


if __name__ == "__main__":
    if sys.argv[1] == "--browse":
        resolve_to(int(sys.argv[2]))
        browse(sys.argv[3])
    else:
        main(sys.argv[1])
