"""An OpenID Connect provider on this machine: discovery, sign-in page, tokens, keys.

It checks what a real one checks (client, redirect address, code used once, PKCE), and one of
its users gets a token that another key signed.
"""

import base64
import hashlib
import html
import secrets
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from urllib.parse import urlencode

import uvicorn
from joserfc import jwk, jwt
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.routing import Route

CLIENT, SECRET = "carte", "un secret de test"
USERS = {
    "prefete": {"name": "Préfète de l'Allier", "groups": ["prefet-03"]},
    "secretaire": {"name": "Secrétaire général", "groups": ["prefet-03"]},
    "voisin": {"name": "Préfet de la Lozère", "groups": ["prefet-48"]},
    "faussaire": {"name": "Préfète de l'Allier", "groups": ["prefet-03"]},
}
FORGER = "faussaire"


@dataclass
class Provider:
    """The provider; ``issuer`` is its address, ``redirects`` the addresses that it knows."""

    issuer: str
    redirects: set[str] = field(default_factory=set)
    codes: dict[str, dict[str, str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.key = jwk.RSAKey.generate_key(2048, {"kid": "k1", "use": "sig"}, private=True)
        self.forged = jwk.RSAKey.generate_key(2048, {"kid": "k1", "use": "sig"}, private=True)

    def app(self) -> Starlette:
        return Starlette(
            routes=[
                Route("/.well-known/openid-configuration", self.discovery),
                Route("/authorize", self.authorize, methods=["GET", "POST"]),
                Route("/token", self.token, methods=["POST"]),
                Route("/jwks", self.keys),
            ]
        )

    async def discovery(self, request: Request) -> Response:
        return JSONResponse(
            {
                "issuer": self.issuer,
                "authorization_endpoint": f"{self.issuer}/authorize",
                "token_endpoint": f"{self.issuer}/token",
                "jwks_uri": f"{self.issuer}/jwks",
                "response_types_supported": ["code"],
                "subject_types_supported": ["public"],
                "id_token_signing_alg_values_supported": ["RS256"],
                "code_challenge_methods_supported": ["S256"],
            }
        )

    async def authorize(self, request: Request) -> Response:
        asked = dict(request.query_params)
        if asked.get("client_id") != CLIENT or asked.get("redirect_uri") not in self.redirects:
            return Response("unknown client", 400)
        if request.method == "GET":
            where = html.escape(f"/authorize?{urlencode(asked)}")
            buttons = "".join(
                f'<button name="user" value="{user}">{user}</button>' for user in USERS
            )
            page = f'<!DOCTYPE html><html lang="fr"><title>Connexion</title>\
                <link rel="icon" href="data:,"><h1>Qui ?</h1>\
                <form method="post" action="{where}">{buttons}</form>'
            return HTMLResponse(page)
        form = (await request.body()).decode()
        code = secrets.token_urlsafe()
        self.codes[code] = {**asked, "user": form.removeprefix("user=")}
        answer = urlencode({"code": code, "state": asked["state"]})
        return RedirectResponse(f"{asked['redirect_uri']}?{answer}", 303)

    async def token(self, request: Request) -> Response:
        async with request.form() as form:
            asked = self.codes.pop(str(form["code"]), None)
            verifier = str(form.get("code_verifier", ""))
            redirect = str(form.get("redirect_uri", ""))
        known = base64.b64encode(f"{CLIENT}:{SECRET}".encode()).decode()
        if request.headers.get("authorization", "").removeprefix("Basic ") != known:
            return JSONResponse({"error": "invalid_client"}, 401)
        digest = hashlib.sha256(verifier.encode()).digest()
        challenge = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
        if asked is None or asked["redirect_uri"] != redirect:
            return JSONResponse({"error": "invalid_grant"}, 400)
        if asked.get("code_challenge") != challenge:
            return JSONResponse({"error": "invalid_grant"}, 400)
        now = int(time.time())
        claims = {
            "iss": self.issuer,
            "aud": CLIENT,
            "sub": asked["user"],
            "iat": now,
            "exp": now + 600,
            "nonce": asked["nonce"],
            **USERS[asked["user"]],
        }
        key = self.forged if asked["user"] == FORGER else self.key
        token = jwt.encode({"alg": "RS256", "kid": "k1"}, claims, key)
        return JSONResponse({"access_token": "x", "token_type": "Bearer", "id_token": token})

    async def keys(self, request: Request) -> Response:
        return JSONResponse({"keys": [self.key.as_dict(private=False)]})


@contextmanager
def provider(port: int) -> Iterator[Provider]:
    """Run a provider until the end of the block."""
    running = Provider(f"http://localhost:{port}")
    config = uvicorn.Config(running.app(), host="localhost", port=port, log_level="warning")
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.02)
    yield running
    server.should_exit = True
    thread.join(5)
