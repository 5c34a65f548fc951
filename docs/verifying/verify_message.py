#!/usr/bin/env python3
"""Verifies whole messages that Gatehouse signs (RFC 9421, RFC 9530): see ../verifying.md. Needs verify.py beside it.

  python3 verify_message.py --jwks URL [--service NAME] [--hmac KEYID=BASE64] [--require @method,@path] < message.json
"""
import argparse
import base64
import hashlib
import hmac
import json
import re
import time

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from verify import MAX_LENGTH, SKEW, Keys, Refused, command, refuse_unless

MAX_AGE = 60  # seconds

# Structured fields (RFC 9651), in the one way in which everybody writes them.
NAME, TEXT, BYTES = r"[a-z*][a-z0-9_.*-]*", r'"[ !#-\[\]-~]*"', r":[A-Za-z0-9+/]*={0,2}:"
PARAMETERS = rf"(?:;{NAME}(?:=(?:-?[0-9]{{1,15}}|{TEXT}|{BYTES}|\?[01]|[A-Za-z*][A-Za-z0-9_!#$%&'*+.^`|~:/-]*))?)*"
LIST = rf"(?:{TEXT}{PARAMETERS}(?: {TEXT}{PARAMETERS})*)?"


def lines_of(headers, name):
    return [headers[name]] if isinstance(headers.get(name), str) else list(headers.get(name) or [])


def members(field, lines, value):
    text = ", ".join(lines)
    refuse_unless(0 < len(text) <= MAX_LENGTH, f"no {field}, or too long a one")
    found, at, member = {}, 0, re.compile(rf"({NAME})=({value})(?:[ \t]*,[ \t]*(?!\Z)|\Z)")
    while at < len(text):
        match = member.match(text, at)
        refuse_unless(match and match[1] not in found, f"{field} is malformed, or has a name twice")
        found[match[1]], at = match[2], match.end()
    return found


def decoded(item):
    try:
        return base64.b64decode(item[1:-1], validate=True)
    except ValueError as e:
        raise Refused("malformed Base64") from e


def verify_message(message, keys, required, secrets=None, body=None, label="gatehouse", service=None):
    """Verifies a signed message (RFC 9421); what it gives back says what is covered. With a body, Content-Digest
    (RFC 9530) must be covered and fit. The secrets are the shared ones by keyid, as bytes. With the name of your
    service, one that was made for another is refused."""
    headers, now = message["headers"], time.time()
    signed = members("Signature-Input", lines_of(headers, "signature-input"), rf"\({LIST}\){PARAMETERS}").get(label)
    signature = members("Signature", lines_of(headers, "signature"), BYTES).get(label)
    refuse_unless(signed and signature, f"nothing is signed under the label {label}")
    listed, parameters = re.fullmatch(rf"\(({LIST})\)({PARAMETERS})", signed).groups()
    components, said = listed.split(" ") if listed else [], {}
    known = re.compile(r';(?:(created|expires)=(-?[0-9]+)|(keyid|alg|nonce|tag)=("[^"]*"))')
    for number, digits, name, text in known.findall(parameters):
        refuse_unless((number or name) not in said, "a parameter twice")
        said[number or name] = int(digits) if number else text[1:-1]
    refuse_unless(not known.sub("", parameters) and {"keyid", "created"} <= said.keys(), "other parameters than expected")
    refuse_unless(len(set(components)) == len(components), "a component twice")
    for name in [*required, *([] if body is None else ["content-digest"])]:
        refuse_unless(f'"{name}"' in components, f"{name} is not covered")
    refuse_unless(said["created"] <= now + SKEW, "created in the future")
    refuse_unless(min(said["created"] + MAX_AGE, said.get("expires", 1 << 60)) >= now - SKEW, "too old, or expired")
    refuse_unless(service in (None, said.get("tag")), "for another service")
    base = "".join(f"{c}: {value_of(c, message)}\n" for c in components) + f'"@signature-params": {signed}'
    secret = (secrets or {}).get(said["keyid"])
    refuse_unless(said.get("alg") in (None, "hmac-sha256" if secret else "ed25519"), "another alg")
    if secret:
        code = hmac.digest(secret, base.encode(), "sha256")
        refuse_unless(hmac.compare_digest(code, decoded(signature)), "the signature does not verify")
    else:
        key = keys.get(said["keyid"])
        refuse_unless(isinstance(key, Ed25519PublicKey), "the key is for something else")
        try:
            key.verify(decoded(signature), base.encode())
        except InvalidSignature as e:
            raise Refused("the signature does not verify") from e
    if body is not None:
        digest = members("Content-Digest", lines_of(headers, "content-digest"), BYTES).get("sha-256")
        refuse_unless(digest and decoded(digest) == hashlib.sha256(body).digest(), "the body is another one")
    return {"components": [c[1:-1] for c in components], "parameters": said}


def value_of(component, message):
    scheme, path, query = message.get("scheme", "http"), message.get("path") or "/", message.get("query") or ""
    host = re.sub(r":443\Z" if scheme == "https" else r":80\Z", "", message.get("authority", "").lower())
    derived = {"@method": message.get("method"), "@authority": host, "@path": path, "@query": query or "?",
               "@target-uri": f"{scheme}://{host}{path}{query}"}
    named = re.fullmatch(r'"(@?[a-z0-9!#$%&\'*+.^_`|~-]+)"', component)
    lines = lines_of(message["headers"], named[1]) if named else []
    is_derived = named and named[1] in derived
    refuse_unless(is_derived or lines, f"{component} is absent, or not understood")
    value = derived[named[1]] if is_derived else ", ".join(line.strip(" \t") for line in lines)
    refuse_unless(re.fullmatch(r"[!-~]+" if is_derived else r"[\t -~]*", value), f"{component} is not printable ASCII")
    return value


def run(given, text):
    message = json.loads(text)
    body = message["body"].encode() if "body" in message else None
    keyid, _, secret = (given.hmac or "").partition("=")
    secrets = {keyid: base64.b64decode(secret)} if keyid else {}
    return verify_message(message, Keys(given.jwks), given.require.split(","), secrets, body, service=given.service)


if __name__ == "__main__":
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--jwks", required=True)
    arguments.add_argument("--service")
    arguments.add_argument("--hmac")
    arguments.add_argument("--require", default="@method,@authority,@path,@query")
    command(arguments, run)
