#!/usr/bin/env python3
"""Verifies the contexts that Gatehouse signs, with PyJWT and cryptography: see ../verifying.md.

  python3 verify.py --service app --jwks http://control-plane:9000/.well-known/jwks.json < token
"""
import argparse
import json
import sys
import threading
import time
import urllib.request

import jwt
from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePublicKey

SKEW = 5  # seconds
MAX_LENGTH, MAX_JWKS_LENGTH = 8192, 65536
FETCH_TIMEOUT, KEYS_LIVE, REFETCH, FIRST_RETRY, OUTAGE = 2, 300, 30, 1, 86400


class Refused(Exception):
    """Not to be believed: answer 401."""


class KeysUnavailable(Exception):
    """Nobody knows, since the keys cannot be fetched: answer 503."""


def refuse_unless(condition, why):
    if not condition:
        raise Refused(why)


class Keys:
    """The gateway's public keys by kid. Make one per process; safe for use by many threads."""

    def __init__(self, url, now=time.time):
        self.url, self.now = url, now
        self._keys, self._fetched_at, self._tried_at = {}, float("-inf"), float("-inf")
        self._lock = threading.Lock()

    def get(self, kid):
        with self._lock:
            pause = REFETCH if self._keys else FIRST_RETRY
            wanted = kid not in self._keys or self.now() - self._fetched_at > KEYS_LIVE
            if wanted and self.now() - self._tried_at >= pause:
                self._fetch()
            if self.now() - self._fetched_at > OUTAGE:
                self._keys = {}
            if kid not in self._keys and self._fetched_at < self._tried_at:
                raise KeysUnavailable("the keys cannot be fetched")
            refuse_unless(kid in self._keys, "the key is unknown")
            return self._keys[kid]

    def _fetch(self):
        self._tried_at = self.now()
        try:
            with urllib.request.urlopen(self.url, timeout=FETCH_TIMEOUT) as response:
                text = response.read(MAX_JWKS_LENGTH + 1)
            if len(text) > MAX_JWKS_LENGTH:
                raise ValueError("no key set")
            usable = [k for k in json.loads(text)["keys"] if k.get("kid") and k.get("crv") in ("P-256", "Ed25519")]
            self._keys = {k["kid"]: jwt.PyJWK(k).key for k in usable}
            self._fetched_at = self._tried_at
        except (OSError, ValueError, KeyError, AttributeError, TypeError, jwt.PyJWTError):
            pass  # The last ones are kept.


def verify_context(token, service, keys):
    """The claims of a context (header X-Tenant-Context) that was signed for this service."""
    refuse_unless(isinstance(token, str) and len(token) <= MAX_LENGTH, "no token, or too long a one")
    try:
        header = jwt.get_unverified_header(token)
        refuse_unless(header.get("alg") == "ES256" and header.get("typ") == "gatehouse-context+jwt", "another alg or typ")
        refuse_unless(isinstance(header.get("kid"), str) and "crit" not in header, "no kid, or crit")
        key = keys.get(header["kid"])
        refuse_unless(isinstance(key, EllipticCurvePublicKey), "the key is for something else")
        claims = jwt.decode(token, key, algorithms=["ES256"], audience=service, issuer="gatehouse", leeway=SKEW,
                            options={"require": ["iss", "aud", "sub", "tid", "tenant", "iat", "exp"]})
    except jwt.PyJWTError as e:
        raise Refused(str(e)) from e
    refuse_unless(claims["iat"] <= time.time() + SKEW, "issued in the future")  # PyJWT looks at it since 2.6 only
    return claims


def command(parser, run):
    """Runs as a command: the answer as JSON and 0, or why not and 1 (refused) or 2 (could not tell)."""
    try:
        print(json.dumps(run(parser.parse_args(), sys.stdin.read())))
    except (Refused, KeysUnavailable) as e:
        print(f"{type(e).__name__}: {e}", file=sys.stderr)
        sys.exit(1 if isinstance(e, Refused) else 2)


if __name__ == "__main__":
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--service", required=True)
    arguments.add_argument("--jwks", required=True)
    command(arguments, lambda given, text: verify_context(text.strip(), given.service, Keys(given.jwks)))
