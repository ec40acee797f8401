"""An order payload as a whole: what can be stored of it, and whether it has changed."""

import hashlib
import json
import math


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


def storable(value):
    """Leave out what PostgreSQL's JSON cannot hold: NUL, lone surrogates, NaN.

    :param value: any parsed JSON.
    :return: the same value, or a cleaned copy.
    """
    if isinstance(value, dict):
        return {storable(key): storable(entry) for key, entry in value.items()}
    if isinstance(value, list):
        return [storable(entry) for entry in value]
    if isinstance(value, str):
        if value.isascii() and "\x00" not in value:
            return value
        return value.replace("\x00", "").encode("utf-8", "ignore").decode()
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value
