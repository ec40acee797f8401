"""An order payload as a whole: what can be stored of it, and whether it has changed."""

import hashlib
import json
import math
from dataclasses import dataclass
from typing import Any

from .parsing import as_dict, as_list

# What may be unstorable, seen in the JSON text: emoji are looked at more closely too.
_SUSPICIOUS = ("\\u0000", "\\ud", "NaN", "Infinity")


@dataclass(frozen=True)
class StorablePayload:
    """An order payload that PostgreSQL can hold.

    :param value: parsed JSON.
    :param str text: the same as JSON.
    :param str fingerprint: tells it apart from others, in hexadecimal.
    """

    value: Any
    text: str
    fingerprint: str


def read_payload(payload):
    """Make an order payload storable, and tell it apart from others.

    The fingerprint does not depend on what Lengow changes at every call.

    :param payload: any parsed JSON.
    :return: :class:`StorablePayload` of the same value, or of a cleaned copy.
    """
    payload, text = make_storable(payload)
    stable = text
    for delivery_id in _delivery_ids(payload):
        # The id of a delivery address is another one at each call.
        entry = f'"id": {json.dumps(delivery_id, sort_keys=True)}'
        stable = stable.replace(f"{entry},", ",").replace(f"{entry}}}", "}")
    fingerprint = hashlib.sha256(stable.encode()).hexdigest()
    return StorablePayload(payload, text, fingerprint)


def make_storable(payload):
    """Clean what PostgreSQL's JSON cannot hold: NUL, lone surrogates and NaN.

    :param payload: any parsed JSON.
    :return: the same value, or a cleaned copy, and that as JSON.
    """
    text = json.dumps(payload, sort_keys=True)
    if any(mark in text for mark in _SUSPICIOUS):
        payload = _clean(payload)
        text = json.dumps(payload, sort_keys=True)
    return payload, text


def _delivery_ids(payload):
    packages = as_list(as_dict(payload).get("packages"))
    deliveries = [as_dict(as_dict(package).get("delivery")) for package in packages]
    return [delivery["id"] for delivery in deliveries if "id" in delivery]


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
