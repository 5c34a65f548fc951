"""Takes a list of steps through the verifiers of docs/verifying, with a clock of its own for the keys."""
import base64
import json
import sys
import urllib.request

given = json.load(sys.stdin)
sys.path.insert(0, given["folder"])

from verify import Keys, KeysUnavailable, Refused, verify_context  # noqa: E402
from verify_message import verify_message  # noqa: E402

now = 0
keys = Keys(given["jwks"], lambda: now)


def verify(step):
    if "token" in step:
        return verify_context(step["token"], step["service"], keys)
    secrets = {k: base64.b64decode(v) for k, v in step["secrets"].items()}
    body = step["body"].encode() if "body" in step else None
    return verify_message(step["message"], keys, step["required"], secrets, body)


answers = []
for step in given["steps"]:
    if "wait" in step:
        now += step["wait"]
    elif "visit" in step:
        urllib.request.urlopen(step["visit"]).close()
    else:
        try:
            answers.append(verify(step))
        except (Refused, KeysUnavailable) as e:
            answers.append({type(e).__name__: str(e)})
print(json.dumps(answers))
