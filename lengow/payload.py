"""An order payload as a whole: what can be stored of it, and whether it has changed."""

import hashlib
import json
import math
import re

# What may be unstorable, seen in the JSON text: emoji are looked at more closely too.
_SUSPICIOUS = re.compile(r"\\u0000|\\ud[89a-f]|NaN|Infinity")


def payload_fingerprint(payload):
    """Tell payloads apart, except by what Lengow changes at every call.

    :param dict payload: an order payload.
    :return: hexadecimal digest.
    """
    packages = payload.get("packages")
    if isinstance(packages, list):
        # The id of a delivery address is another one at each call.
        packages = [_without_delivery_id(package) for package in packages]
        payload = {**payload, "packages": packages}
    text = json.dumps(payload, sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()


def _without_delivery_id(package):
    if not isinstance(package, dict) or not isinstance(package.get("delivery"), dict):
        return package
    delivery = {key: value for key, value in package["delivery"].items() if key != "id"}
    return {**package, "delivery": delivery}


def storable(payload):
    """Leave out what PostgreSQL's JSON cannot hold: NUL, lone surrogates, NaN.

    :param payload: any parsed JSON.
    :return: the same value, or a cleaned copy.
    """
    return _clean(payload) if _SUSPICIOUS.search(json.dumps(payload)) else payload


def _clean(value):
    if isinstance(value, dict):
        return {_clean(key): _clean(entry) for key, entry in value.items()}
    if isinstance(value, list):
        return [_clean(entry) for entry in value]
    if isinstance(value, str):
        return value.replace("\x00", "").encode("utf-8", "ignore").decode()
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value
