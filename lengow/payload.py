"""An order payload as a whole: what can be stored of it, and whether it has changed."""

import hashlib
import json
import math
import re

# What may be unstorable, seen in the JSON text: emoji are looked at more closely too.
_SUSPICIOUS = re.compile(r"\\u0000|\\ud[89a-f]|NaN|Infinity")


def read_payload(payload):
    """Make an order payload storable, and tell it apart from others.

    PostgreSQL's JSON cannot hold NUL, lone surrogates and NaN. The fingerprint does not
    depend on what Lengow changes at every call.

    :param payload: any parsed JSON.
    :return: the same value, or a cleaned copy; and its fingerprint in hexadecimal.
    """
    text = _stable_text(payload)
    if _SUSPICIOUS.search(text):
        payload = _clean(payload)
        text = _stable_text(payload)
    return payload, hashlib.sha256(text.encode()).hexdigest()


def _stable_text(payload):
    packages = payload.get("packages") if isinstance(payload, dict) else None
    if isinstance(packages, list):
        # The id of a delivery address is another one at each call.
        packages = [_without_delivery_id(package) for package in packages]
        payload = {**payload, "packages": packages}
    return json.dumps(payload, sort_keys=True)


def _without_delivery_id(package):
    if not isinstance(package, dict) or not isinstance(package.get("delivery"), dict):
        return package
    delivery = {key: value for key, value in package["delivery"].items() if key != "id"}
    return {**package, "delivery": delivery}


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
