"""Does only a token that we signed, unchanged and in time, let anybody in?"""

import base64
import hashlib
import hmac
import json
import time

import jwt
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec

from house.people import Client


def encoded(data: bytes | dict) -> str:
    raw = json.dumps(data, separators=(",", ":")).encode() if isinstance(data, dict) else data
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def decoded(part: str) -> bytes:
    return base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))


class Forger:
    """Has a good token, our public keys, and a key pair of its own."""

    def __init__(self, url: str, good: str):
        self.good = good
        self.head_text, self.claims_text, self.signature = good.split(".")
        self.head, self.claims = json.loads(decoded(self.head_text)), json.loads(decoded(self.claims_text))
        with Client(url) as client:
            keys = client.get("/.well-known/jwks.json").json()["keys"]
        self.jwk = next(key for key in keys if key["kid"] == self.head["kid"])
        self.public = jwt.PyJWK(self.jwk).key
        self.own = ec.generate_private_key(ec.SECP256R1())

    def signed(self, head: dict | None = None, claims: dict | None = None, key=None) -> str:
        """Properly made, but with a key that is not ours."""
        words = f"{encoded(self.head | (head or {}))}.{encoded(self.claims | (claims or {}))}"
        algorithm = jwt.algorithms.ECAlgorithm(jwt.algorithms.ECAlgorithm.SHA256)
        return f"{words}.{encoded(algorithm.sign(words.encode(), key or self.own))}"

    def keyed(self, secret: bytes, algorithm: str = "HS256") -> str:
        words = f"{encoded(self.head | {'alg': algorithm})}.{self.claims_text}"
        return f"{words}.{encoded(hmac.digest(secret, words.encode(), hashlib.sha256))}"

    def public_as(self, encoding, form) -> bytes:
        return self.public.public_bytes(encoding, form)


@pytest.fixture(scope="module")
def forger(url, person):
    return Forger(url, person.tokens["access"])


def not_canonical(token: str) -> str:
    """The same bytes under another last letter: of its six bits only some are looked at."""
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    return token[:-1] + alphabet[alphabet.index(token[-1]) ^ 1]


def forged(f: Forger) -> dict[str, str]:
    pem, der = serialization.Encoding.PEM, serialization.Encoding.DER
    spki = serialization.PublicFormat.SubjectPublicKeyInfo
    r_s = decoded(f.signature)
    words = f"{f.head_text}.{f.claims_text}"
    own_numbers = f.own.public_key().public_numbers()
    own_jwk = {
        "kty": "EC",
        "crv": "P-256",
        "x": encoded(own_numbers.x.to_bytes(32, "big")),
        "y": encoded(own_numbers.y.to_bytes(32, "big")),
    }
    now = int(time.time())
    without_kid = {key: value for key, value in f.head.items() if key != "kid"}
    cases = {
        "HS256 with our key as PEM": f.keyed(f.public_as(pem, spki)),
        "HS256 with our key as DER": f.keyed(f.public_as(der, spki)),
        "HS256 with our key as JWK": f.keyed(json.dumps(f.jwk).encode()),
        "HS256 with nothing": f.keyed(b""),
        "another key": f.signed(),
        "another key, no kid": f"{encoded(without_kid)}.{f.claims_text}.{f.signature}",
        "embedded jwk": f.signed({"jwk": own_jwk}),
        "jku": f.signed({"jku": "http://127.0.0.1:1/jwks.json"}),
        "x5u": f.signed({"x5u": "http://127.0.0.1:1/x"}),
        "x5c": f.signed({"x5c": ["MIIB"]}),
        "unknown crit": f"{encoded(f.head | {'crit': ['x']})}.{f.claims_text}.{f.signature}",
        "b64 false": f"{encoded(f.head | {'b64': False, 'crit': ['b64']})}.{f.claims_text}.{f.signature}",
        "empty signature": f"{words}.",
        "r and s zero": f"{words}.{encoded(bytes(64))}",
        "short signature": f"{words}.{encoded(r_s[:63])}",
        "long signature": f"{words}.{encoded(r_s + bytes(1))}",
        "s beyond the order": f"{words}.{encoded(r_s[:32] + bytes([255] * 32))}",
        "DER signature": f"{words}.{encoded(jwt.utils.raw_to_der_signature(r_s, f.own.curve))}",
        "padded": f"{words}.{f.signature}==",
        "other letters of base64": f"{words}.{base64.b64encode(r_s).rstrip(b'=').decode()}+",
        "two parts": words,
        "four parts": f"{f.good}.x",
        "five parts": f"{f.good}.x.y",
        "one part": f.head_text,
        "dots": "..",
        "JSON form": json.dumps({"payload": f.claims_text, "protected": f.head_text, "signature": f.signature}),
        "other role": f"{f.head_text}.{encoded(f.claims | {'role': 'admin'})}.{f.signature}",
        "other person": f"{f.head_text}.{encoded(f.claims | {'sub': f.claims['sid']})}.{f.signature}",
        "later end": f"{f.head_text}.{encoded(f.claims | {'exp': now + 99_999})}.{f.signature}",
        "blank inside": f"{f.head_text}. {f.claims_text}.{f.signature}",
        "16 KiB": f"{f.head_text}.{'A' * 6_000}.{f.signature}",
        "swapped halves": f"{words}.{encoded(r_s[32:] + r_s[:32])}",
        "no JSON": f"{encoded(b'x')}.{encoded(b'y')}.{f.signature}",
        "last bits not canonical": not_canonical(f.good),
    }
    cases |= {
        f"alg {alg}": f"{encoded(f.head | {'alg': alg})}.{f.claims_text}."
        for alg in ("none", "None", "NONE", "nOnE", "", "ES512")
    }
    cases |= {
        f"alg {alg!r}": f"{encoded(f.head | {'alg': alg})}.{f.claims_text}.{f.signature}"
        for alg in (["ES256"], None, 1, "RS256", "ES384", "es256")
    }
    cases |= {
        f"kid {str(kid)[:12]}": f.signed({"kid": kid})
        for kid in ("../../etc/passwd", "' or '1'='1", "x" * 1000, "\u0000", "", None, 1)
    }
    cases |= {
        f"claims {changed}": f.signed(claims=changed)
        for changed in (
            {"exp": now - 3600},
            {"exp": "never"},
            {"nbf": now + 3600},
            {"iss": "https://evil.example"},
            {"aud": "other"},
            {"aud": ["praxis"]},
        )
    }
    return cases


def test_the_good_token_is_good(url, forger):
    with Client(url) as client:
        client.expect(200, "GET", "/api/auth/me", headers={"Authorization": f"Bearer {forger.good}"})


def test_every_forged_token_is_refused_even_while_the_good_one_is_remembered(url, forger):
    let_in = {}
    with Client(url) as client:
        for name, token in forged(forger).items():
            client.expect(200, "GET", "/api/auth/me", headers={"Authorization": f"Bearer {forger.good}"})
            answer = client.get("/api/auth/me", headers={"Authorization": f"Bearer {token}".encode()})
            if answer.status_code not in (400, 401) or (
                answer.status_code == 401 and "WWW-Authenticate" not in answer.headers
            ):
                let_in[name] = (answer.status_code, dict(answer.headers))
    assert not let_in


def test_a_refused_token_is_named_as_the_reason(anyone):
    answer = anyone.expect(401, "GET", "/api/patients", headers={"Authorization": "Bearer x.y.z"})
    assert 'error="invalid_token"' in answer.headers["WWW-Authenticate"] and answer.json()["code"] == "invalid_token"
    answer = anyone.expect(401, "GET", "/api/patients")
    assert "error" not in answer.headers["WWW-Authenticate"] and answer.json()["code"] == "not_authenticated"


def test_a_token_counts_only_in_its_own_header(anyone, person):
    token = person.tokens["access"]
    for options in (
        {"params": {"access_token": token}},
        {"params": {"token": token}},
        {"headers": {"Cookie": f"access={token}"}},
        {"headers": {"X-Authorization": f"Bearer {token}"}},
        {"headers": {"Authorization": f"Basic {token}"}},
        {"headers": {"Authorization": token}},
    ):
        anyone.expect(401, "GET", "/api/auth/me", **options)


def test_two_authorization_headers_are_refused(anyone, person):
    token = person.tokens["access"]
    headers = [("Authorization", f"Bearer {token}"), ("Authorization", f"Bearer {token}")]
    assert anyone.get("/api/auth/me", headers=headers).status_code in (400, 401)


def test_a_refresh_token_is_no_access_token(anyone, person):
    anyone.expect(401, "GET", "/api/auth/me", headers={"Authorization": f"Bearer {person.tokens['refresh']}"})


def test_the_scheme_is_read_without_case(anyone, person):
    anyone.expect(200, "GET", "/api/auth/me", headers={"Authorization": f"bearer {person.tokens['access']}"})


@pytest.mark.parametrize(
    "path",
    ["/api/patients", "/api/patients/", "//api/patients", "/api//patients", "/api/%70atients", "/api/patients?x=1"],
)
def test_no_spelling_of_a_path_goes_around_the_token(anyone, path):
    assert anyone.get(path).status_code in (401, 400, 404)
    assert anyone.head(path).status_code in (401, 400, 404)
    assert anyone.post(path, headers={"X-HTTP-Method-Override": "GET"}, json={}).status_code in (401, 400, 404, 405)
