"""A real client over a real session, and a Lengow that runs in this process."""

import json
import logging
from datetime import datetime, timezone
from urllib.parse import urlsplit

import requests
from requests.adapters import HTTPAdapter
from werkzeug.wrappers import Response

from odoo.tests import BaseCase

from ..lengow.client import LengowClient
from ..lengow.transport import Transport
from ..simulator import (
    ACCESS_TOKEN,
    SECRET,
    Simulator,
    generate_world,
    respond,
)
from .fake_clock import FakeClock

NOW = 1_700_000_000.0
LONG_AGO = datetime(2000, 1, 1)
ORDERS = "/v3.0/orders/"
MOI = "/v3.0/orders/moi/"
TOKEN = "/access/get_token"

# Odoo's test cases replace it; nothing of ours leaves the machine anyway.
_session_send = requests.Session.send


class Wire(HTTPAdapter):
    """Leads a real session to the simulator, unless `answer` has another answer."""

    def __init__(self, simulator, session):
        super().__init__()
        self.simulator = simulator
        self.session = session
        self.sent = []
        self.timeouts = []
        self.answer = lambda request: None

    def send(self, request, timeout=None, **kwargs):
        self.sent.append(request)
        self.timeouts.append(timeout)
        # As urllib3 does.
        logging.getLogger("urllib3.connectionpool").debug(
            '"%s %s HTTP/1.1"', request.method, request.path_url
        )
        answer = self.answer(request)
        if isinstance(answer, Exception):
            raise answer
        app = self.simulator if answer is None else answer
        return respond(app, self.session, request, timeout=timeout, **kwargs)

    def paths(self):
        return [urlsplit(request.url).path for request in self.sent]


def is_path(request, path):
    return urlsplit(request.url).path == path


def make_json(content, status=200, **headers):
    return Response(
        json.dumps(content),
        status=status,
        headers=headers,
        content_type="application/json",
    )


class ClientCase(BaseCase):
    """A real client, a real session, and a Lengow that runs in this process."""

    orders = 60

    @classmethod
    def _request_handler(cls, session, request, /, **kwargs):
        return _session_send(session, request, **kwargs)

    def setUp(self):
        super().setUp()
        self.clock = FakeClock(NOW)
        now = datetime.fromtimestamp(NOW, timezone.utc)
        self.world = generate_world(orders=self.orders, seed=7, now=now)
        self.simulator = Simulator(
            self.world, clock=self.clock.time, sleep=self.clock.sleep
        )
        self.transport, self.wire = self.make_transport()
        self.client = LengowClient(self.transport)

    def make_transport(self, **options):
        session = requests.Session()
        wire = Wire(self.simulator, session)
        session.mount("https://", wire)
        session.mount("http://", wire)
        transport = Transport(
            **{
                "access_token": ACCESS_TOKEN,
                "secret": SECRET,
                "session": session,
                "clock": self.clock.time,
                "sleep": self.clock.sleep,
                "random": lambda: 1.0,
                **options,
            }
        )
        return transport, wire

    def make_client(self, **options):
        transport, wire = self.make_transport(**options)
        return LengowClient(transport), wire

    def read_orders(self, client=None, **filters):
        """Read one page, from the beginning of time unless told otherwise."""
        filters.setdefault("marketplace_order_date_from", LONG_AGO)
        return next((client or self.client).iter_order_pages(**filters))

    def count_requests(self, path):
        return sum(request.path == path for request in self.simulator.requests)

    def assert_no_more_than(self, limit, times, window=60.0):
        times = sorted(times)
        for first, last in zip(times, times[limit:], strict=False):
            self.assertGreaterEqual(last - first, window)
