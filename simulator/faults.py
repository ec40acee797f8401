"""Everything that goes wrong on the way to Lengow and back, on demand."""

import fnmatch
import json
import random
from dataclasses import dataclass, field

_JSON = "application/json"
_HTML = "text/html; charset=utf-8"
_PAGE = (
    "<!DOCTYPE html>\n<html><head><title>{0}</title></head>\n<body>{1}</body></html>\n"
)
_PROXY = "<center><h1>{0}</h1></center>\n<hr><center>nginx</center>"
# A page of a size that nobody wants to see in an error message.
_LONG_PAGE = _PAGE.format("Bad gateway", "<p>The server did not answer.</p>\n" * 200)


def _refuse(status, reason):
    error = {"error": {"message": reason, "code": status}}
    return status, reason, _JSON, json.dumps(error)


# Kind of fault -> status, reason, content type and body that are answered instead of
# doing the work (lengow_api, "Transport"; 002, "HTTP Response Codes"). Errors come in
# all the forms in which Lengow and the proxies before it are known to write them.
ANSWERS = {
    "400": _refuse(400, "Bad Request"),
    "401": _refuse(401, "Access not granted"),
    "403": _refuse(403, "Forbidden"),
    "404": (404, "Not Found", _JSON, '{"detail": "Pas trouvé."}'),
    "408": (408, "Request Timeout", "text/plain", "Request Timeout"),
    "429": _refuse(429, "Too Many Requests"),
    "500": (500, "Internal Server Error", _HTML, "<h1>Server Error (500)</h1>"),
    "502": (502, "Bad Gateway", _HTML, _PROXY.format("502 Bad Gateway")),
    "503": (503, "Service Unavailable", _JSON, '{"error": "Service unavailable"}'),
    "504": (504, "Gateway Timeout", _HTML, _PROXY.format("504 Gateway Time-out")),
    "530": _refuse(530, "Logical Error"),
    "540": _refuse(540, "Technical Error"),
    "html": (200, "OK", _HTML, _PAGE.format("Lengow", "We will be back soon")),
    "html_502": (502, "Bad Gateway", _HTML, _LONG_PAGE),
    "empty": (200, "OK", _JSON, ""),
    "not_json": (200, "OK", _JSON, "upstream connect error or disconnect"),
}
# Kind of fault -> the answer that comes once the work has been done.
AFTER = {
    f"{kind}_after": kind
    for kind in ("408", "500", "502", "503", "504", "html", "empty", "not_json")
}
# The others let the work be done too, or bend the request before it.
KINDS = (
    *ANSWERS,
    *AFTER,
    "slow",
    "reset_before",
    "reset_after",
    "truncated",
    "token_revoked",
)

# Seconds, when the caller does not say (ours).
_DEFAULTS = {"429": {"retry_after": 1}, "slow": {"seconds": 5}}


@dataclass
class Fault:
    """One thing that goes wrong with one request.

    :param str kind: one of KINDS
    :param dict options: `retry_after` of a 429, `seconds` of a slow answer
    """

    kind: str
    options: dict = field(default_factory=dict)


@dataclass
class _Rule:
    """A fault asked for by name: which requests, how many, after how many."""

    fault: Fault
    path: str | None
    method: str | None
    times: int
    skip: int

    def matches(self, method, path):
        return (self.method is None or self.method == method) and (
            self.path is None or fnmatch.fnmatchcase(path, self.path)
        )


class Faults:
    """What shall go wrong: by rate and seed, or at named requests.

    :param int seed: makes the random faults the same on every run
    """

    def __init__(self, seed=0):
        self.seed = seed
        self.clear()

    def clear(self):
        """Forget every fault and start the random row anew."""
        self._random = random.Random(f"faults-{self.seed}")
        self._rates = {}
        self._rules = []

    def set_rate(self, kind, rate, **options):
        """Let a share of all requests fail in one way.

        :param str kind: one of KINDS
        :param float rate: share of the requests, from 0 (none) to 1 (all)
        :param options: see Fault
        :raise ValueError: for an unknown kind, or when the rates exceed 1 together
        """
        fault = self._make(kind, options)
        others = sum(other for other, _ in self._rates.values())
        others -= self._rates.get(kind, (0, None))[0]
        if not 0 <= rate <= 1 or others + rate > 1 + 1e-9:
            raise ValueError(f"The rates together must stay within 0 and 1: {rate}")
        self._rates[kind] = (rate, fault)

    def once(self, kind, path=None, method=None, times=1, skip=0, **options):
        """Let certain requests fail in one way, whatever the rates say.

        :param str kind: one of KINDS
        :param str path: path of the requests, `*` and `?` allowed; None for any
        :param str method: HTTP verb; None for any
        :param int times: how many matching requests fail
        :param int skip: how many matching requests pass before
        :param options: see Fault
        :raise ValueError: for an unknown kind
        """
        fault = self._make(kind, options)
        method = method.upper() if method else None
        self._rules.append(_Rule(fault, path, method, times, skip))

    def pick(self, method, path):
        """Choose what goes wrong with a request, and count it as done.

        :param str method: HTTP verb
        :param str path: path of the request
        :return: the fault, or None
        :rtype: Fault or None
        """
        chosen = None
        for rule in self._rules:
            if not rule.matches(method, path):
                continue
            if rule.skip > 0:
                rule.skip -= 1
            elif chosen is None and rule.times > 0:
                rule.times -= 1
                chosen = rule.fault
        self._rules = [rule for rule in self._rules if rule.times > 0]
        if chosen or not self._rates:
            return chosen
        draw = self._random.random()
        for rate, fault in self._rates.values():
            if draw < rate:
                return fault
            draw -= rate
        return None

    def describe(self):
        """Tell what is set.

        :return: the rates by kind, and the named faults still to come
        :rtype: dict
        """
        return {
            "rates": {kind: rate for kind, (rate, _) in self._rates.items()},
            "once": [
                {
                    "kind": rule.fault.kind,
                    "path": rule.path,
                    "method": rule.method,
                    "times": rule.times,
                    "skip": rule.skip,
                    **rule.fault.options,
                }
                for rule in self._rules
            ],
        }

    @staticmethod
    def _make(kind, options):
        kind = str(kind)
        if kind not in KINDS:
            raise ValueError(f"Unknown fault {kind!r}. Known: {', '.join(KINDS)}")
        return Fault(kind, {**_DEFAULTS.get(kind, {}), **options})
