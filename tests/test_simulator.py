"""The simulator behaves as Lengow's documents say, whatever our client thinks."""

import json
import logging
import time
from datetime import datetime, timedelta, timezone
from urllib.parse import parse_qs, urlsplit

import requests

from odoo.tests import BaseCase, tagged

from ..simulator import (
    ACCESS_TOKEN,
    ACCOUNT_ID,
    SECRET,
    Simulator,
    SimulatorAdapter,
    generate_world,
    respond,
)
from ..simulator.faults import ANSWERS
from ..simulator.generator import CASES
from ..simulator.money import compute_total, get_lines, to_cents

_logger = logging.getLogger(__name__)

BASE = "https://api.lengow.io"
NOW = datetime(2025, 3, 14, 15, 9, 26, 535897, tzinfo=timezone.utc)
KEYS = {"access_token": ACCESS_TOKEN, "secret": SECRET}


class Clock:
    """A clock that moves when it is told to."""

    def __init__(self):
        self.time = NOW.timestamp()
        self.slept = []

    def __call__(self):
        return self.time

    def sleep(self, seconds):
        self.slept.append(seconds)
        self.time += seconds


class SimulatorCase(BaseCase):
    """A simulator on a clock of its own, under a real session of `requests`."""

    orders = 0

    def setUp(self):
        super().setUp()
        self.clock = Clock()
        self.world = generate_world(orders=self.orders, now=NOW)
        self.simulator = Simulator(self.world, self.clock, self.clock.sleep)
        self.session = requests.Session()
        self.addCleanup(self.session.close)
        # Odoo's tests keep `Session.send` from reaching any adapter.
        self.session.send = self._send

    def _send(self, request, **kwargs):
        return respond(self.simulator, self.session, request, **kwargs)

    def login(self, **keys):
        response = self.session.post(f"{BASE}/access/get_token", data={**KEYS, **keys})
        self.assertEqual(response.status_code, 200, response.text)
        self.session.headers["Authorization"] = response.json()["token"]
        return response.json()

    def get(self, path, **params):
        return self.session.get(f"{BASE}{path}", params=params)

    def get_orders(self, **params):
        response = self.get("/v3.0/orders/", **{"account_id": ACCOUNT_ID, **params})
        self.assertEqual(response.status_code, 200, response.text)
        return response.json()

    def get_ids(self, **params):
        orders = self.get_orders(**params)["results"]
        return [order["marketplace_order_id"] for order in orders]

    def mark(self, order_id, numbers, marketplace="amazon_fr", **more):
        body = {
            "account_id": ACCOUNT_ID,
            "marketplace": marketplace,
            "marketplace_order_id": order_id,
            "merchant_order_id": numbers,
            **more,
        }
        return self.session.patch(f"{BASE}/v3.0/orders/moi/", json=body)


@tagged("post_install", "-at_install", "lengow")
class TestSimulatorAccess(SimulatorCase):
    def test_keys_open_a_session_of_one_hour(self):
        answer = self.login()
        self.assertEqual(answer["account_id"], ACCOUNT_ID)
        me = self.get("/me").json()
        self.assertEqual(me["token"], answer["token"])
        self.assertEqual(me["expire_at"], "2025-03-14T16:09:26+00:00")
        self.assertEqual(me["scopes"]["account_id"], ACCOUNT_ID)

    def test_account_id_may_be_text(self):
        keys = {"access_token": "other-access-token", "secret": "other-secret"}
        self.assertEqual(self.login(**keys)["account_id"], "1002")

    def test_wrong_keys_are_a_bad_request(self):
        url = f"{BASE}/access/get_token"
        for data in ({}, {**KEYS, "secret": "guess"}, {"access_token": ACCESS_TOKEN}):
            self.assertEqual(self.session.post(url, data=data).status_code, 400)
        self.assertEqual(self.session.post(url, json=KEYS).status_code, 400)
        self.assertEqual(self.session.get(url, params=KEYS).status_code, 405)

    def test_token_expires(self):
        self.login()
        self.clock.time += 3599
        self.assertEqual(self.get("/me").status_code, 200)
        self.clock.time += 1
        response = self.get("/me")
        self.assertEqual(response.status_code, 403)
        self.assertEqual(response.json()["error"]["code"], 403)
        self.login()
        self.assertEqual(self.get("/me").status_code, 200)

    def test_old_token_outlives_a_new_one(self):
        old = self.login()["token"]
        self.assertNotEqual(self.login()["token"], old)
        self.session.headers["Authorization"] = old
        self.assertEqual(self.get("/me").status_code, 200)

    def test_no_token_and_unknown_token_are_refused(self):
        self.assertEqual(self.get("/me").status_code, 401)
        token = self.login()["token"]
        self.session.headers["Authorization"] = f"Bearer {token}"
        self.assertEqual(self.get("/me").status_code, 401)
        self.session.headers["Authorization"] = token
        self.simulator.revoke_tokens()
        self.assertEqual(self.get("/me").status_code, 401)

    def test_five_hundred_requests_a_minute(self):
        self.login()
        for _ in range(500):
            self.assertEqual(self.get("/me").status_code, 200)
        self.clock.time += 17.5
        response = self.get("/me")
        self.assertEqual(response.status_code, 429)
        self.assertEqual(response.headers["Retry-After"], "43")
        message = "Request limitation: 500 reached on /me"
        self.assertEqual(
            response.json(),
            {"error": {"message": message, "code": 429}},
        )
        self.assertEqual(self.get("/v3.0/marketplaces/").status_code, 200)
        self.clock.time += int(response.headers["Retry-After"])
        self.assertEqual(self.get("/me").status_code, 200)

    def test_rate_limits_tell_what_is_left(self):
        self.login()
        self.get("/me")
        self.clock.time += 20
        quotas = {
            (quota["method"], quota["url_base"]): quota
            for quota in self.get("/rate-limits").json()
        }
        me = quotas["GET", "/me"]
        self.assertEqual((me["boundary"], me["remaining_credit"]), (500, 499))
        self.assertEqual(me["remaining_time"], 40)
        moi = quotas["PATCH", "/v3.0/orders/moi"]
        self.assertEqual((moi["remaining_credit"], moi["remaining_time"]), (None, None))

    def test_paths_and_verbs_are_exact(self):
        self.login()
        for path in ("/v3.0/orders", "/me/", "/v3.0/nothing/", "/api/v3.0/orders/"):
            response = self.get(path, account_id=ACCOUNT_ID)
            self.assertEqual(response.status_code, 404, path)
            self.assertEqual(response.json()["error"]["code"], 404)
        response = self.session.post(f"{BASE}/v3.0/orders/moi/", json={})
        self.assertEqual(response.status_code, 405)
        self.assertEqual(response.headers["Allow"], "PATCH")
        response = self.session.options(f"{BASE}/v3.0/orders/")
        self.assertEqual(response.json()["renders"], ["application/json"])

    def test_requests_are_recorded(self):
        self.login()
        self.mark("unknown", ["S1"])
        first, last = self.simulator.requests[0], self.simulator.requests[-1]
        self.assertEqual((first.method, first.form), ("POST", KEYS))
        self.assertEqual((last["path"], last.status), ("/v3.0/orders/moi/", 404))
        self.assertEqual(last.json["merchant_order_id"], ["S1"])


@tagged("post_install", "-at_install", "lengow")
class TestSimulatorOrders(SimulatorCase):
    def setUp(self):
        super().setUp()
        self.login()

    def test_account_is_mandatory_and_must_be_ours(self):
        statuses = {"": 400, "abc": 400, "1002": 403, "7": 403, str(ACCOUNT_ID): 200}
        for account_id, status in statuses.items():
            response = self.get("/v3.0/orders/", account_id=account_id)
            self.assertEqual(response.status_code, status, account_id)
        self.assertEqual(self.get("/v3.0/orders/").status_code, 400)

    def test_seven_days_unless_a_valid_date_is_given(self):
        old, new = NOW - timedelta(days=10), NOW - timedelta(days=6)
        for name, date in (("OLD", old), ("NEW", new)):
            self.world.add_order(
                marketplace_order_id=name,
                marketplace_order_date=date,
                imported_at=date,
            )
        since = (NOW - timedelta(days=30)).isoformat()
        couple = {"marketplace": "amazon_fr", "marketplace_order_id": "OLD"}
        self.assertEqual(self.get_ids(), ["NEW"])
        self.assertEqual(self.get_ids(marketplace_order_date_from="soon"), ["NEW"])
        # What becomes of an offset whose + was not quoted is no date.
        self.assertEqual(self.get_ids(updated_from="2025-03-01T10:00 01:00"), ["NEW"])
        self.assertEqual(self.get_ids(marketplace_order_id="OLD"), [])
        self.assertEqual(self.get_ids(**couple), ["OLD"])
        for name in ("marketplace_order_date_from", "imported_from", "updated_from"):
            self.assertEqual(self.get_ids(**{name: since}), ["NEW", "OLD"], name)
        self.assertEqual(self.get_ids(imported_to=old.isoformat()), ["OLD"])
        self.assertEqual(
            self.get_ids(updated_to="2025-03-14T17:00+01:00"), ["NEW", "OLD"]
        )

    def test_seven_days_stay_beside_other_dates_for_some_accounts(self):
        self.world.accounts[0]["always_default_days"] = True
        old = NOW - timedelta(days=10)
        self.world.add_order(marketplace_order_id="OLD", marketplace_order_date=old)
        since = old.isoformat()
        self.assertEqual(self.get_ids(updated_from=since), [])
        self.assertEqual(self.get_ids(marketplace_order_date_from=since), ["OLD"])

    def test_exact_dates(self):
        for name in ("marketplace_order_date", "imported_at", "updated_at"):
            date = NOW - timedelta(hours=len(name))
            self.world.add_order(**{"marketplace_order_id": name, name: date})
            self.assertEqual(self.get_ids(**{name: date.isoformat()}), [name])

    def test_merchant_order_id_none_finds_unmarked_orders(self):
        for name, number in (("A", None), ("B", ""), ("C", []), ("D", "S1")):
            self.world.add_order(marketplace_order_id=name, merchant_order_id=number)
        self.world.add_order(marketplace_order_id="E", merchant_order_id=["S2", "S3"])
        self.assertCountEqual(self.get_ids(merchant_order_id="None"), "ABC")
        self.assertEqual(self.get_ids(merchant_order_id="S1"), ["D"])
        self.assertEqual(self.get_ids(merchant_order_id="S3"), ["E"])

    def test_comma_lists(self):
        for code, status, types in (
            ("amazon_fr", "shipped", [{"type": "is_express", "label": "Express"}]),
            ("amazon_uk", "waiting_shipment", [{"type": "is_prime", "label": "Prime"}]),
            ("otto_de", "canceled", []),
        ):
            self.world.add_order(
                code,
                marketplace_order_id=code,
                lengow_status=status,
                order_types=types,
            )
        expected = ["amazon_fr", "amazon_uk"]
        self.assertEqual(self.get_ids(marketplace="amazon_uk,amazon_fr"), expected)
        self.assertEqual(
            self.get_ids(lengow_status="shipped, waiting_shipment"), expected
        )
        self.assertEqual(self.get_ids(order_type="is_express,is_prime"), expected)
        self.assertEqual(self.get_ids(marketplace_status="Shipped"), ["amazon_fr"])
        self.assertEqual(len(self.get_ids(is_delivered_by_marketplace="true")), 3)

    def test_line_status_finds_orders_with_one_such_line(self):
        order = self.world.add_order(lines=2, marketplace_order_id="A")
        self.world.add_order(marketplace_order_id="B")
        get_lines(order)[1]["lengow_status"] = "refunded"
        self.assertEqual(self.get_ids(lengow_line_status="refunded"), ["A"])

    def test_orderings(self):
        for hours, (name, code) in enumerate(
            (("A", "otto_de"), ("B", "amazon_fr"), ("C", "amazon_fr"), ("D", "bol_nl")),
        ):
            self.world.add_order(
                code,
                marketplace_order_id=name,
                marketplace_order_date=NOW - timedelta(hours=hours),
                updated_at=NOW - timedelta(minutes=10 * (hours % 2)),
                merchant_order_id=[f"S{hours}"] if hours else None,
            )
        for ordering, expected in {
            "": "BCDA",
            "nonsense": "BCDA",
            "marketplace_order_id": "ABCD",
            "-marketplace_order_id": "DCBA",
            "marketplace_order_date": "DCBA",
            "-marketplace,marketplace_order_date": "ADCB",
            "updated_at,-marketplace_order_id": "DBCA",
            "-merchant_order_id": "DCBA",
            "imported_at,lengow_status,-marketplace_order_id": "DCBA",
        }.items():
            ids = "".join(self.get_ids(ordering=ordering))
            self.assertEqual(ids, expected, ordering)

    def test_pages_are_linked_under_another_prefix(self):
        for _ in range(7):
            self.world.add_order()
        params = {"page_size": 3, "lengow_status": "waiting_shipment,shipped"}
        page, seen = self.get_orders(**params), []
        self.assertIsNone(page["previous"])
        while True:
            self.assertEqual(page["count"], 7)
            seen += [order["marketplace_order_id"] for order in page["results"]]
            if page["next"] is None:
                break
            url = urlsplit(page["next"])
            self.assertEqual(url.netloc + url.path, "api.lengow.io/api/v3.0/orders/")
            query = {name: values[0] for name, values in parse_qs(url.query).items()}
            self.assertEqual(query["lengow_status"], params["lengow_status"])
            page = self.get_orders(**query)
        self.assertEqual(len(set(seen)), 7)
        self.assertIn("page=2", page["previous"])

    def test_pages_follow_what_happens_meanwhile(self):
        for number in range(4):
            self.world.add_order(marketplace_order_id=str(number))
        params = {
            "merchant_order_id": "None",
            "ordering": "marketplace_order_id",
            "page_size": 2,
        }
        self.assertEqual(self.get_ids(**params), ["0", "1"])
        self.assertEqual(self.get_ids(**params, page=2), ["2", "3"])
        self.mark("0", ["S1"])
        self.assertEqual(self.get_ids(**params, page=2), ["3"])

    def test_page_beyond_the_end_is_not_found(self):
        self.assertEqual(self.get_orders(page=1)["results"], [])
        for page in ("2", "0", "-1", "x"):
            response = self.get("/v3.0/orders/", account_id=ACCOUNT_ID, page=page)
            self.assertEqual(response.status_code, 404, page)

    def test_page_size_is_at_most_a_hundred(self):
        for _ in range(101):
            self.world.add_order()
        for page_size in ("100", "101", "5000", "many"):
            page = self.get_orders(page_size=page_size)
            self.assertEqual((page["count"], len(page["results"])), (101, 100))

    def test_answers_are_gzipped_and_in_unicode(self):
        order = self.world.add_order()
        order["billing_address"]["last_name"] = "王 🌸"
        url = f"{BASE}/v3.0/orders/?account_id={ACCOUNT_ID}"
        response = self.session.get(url)
        self.assertEqual(response.headers["Content-Encoding"], "gzip")
        address = response.json()["results"][0]["billing_address"]
        self.assertEqual(address["last_name"], "王 🌸")
        plain = self.session.get(url, headers={"Accept-Encoding": "identity"})
        self.assertNotIn("Content-Encoding", plain.headers)
        self.assertIn("王 🌸", plain.content.decode())

    def test_delivery_id_changes_between_calls(self):
        self.world.add_order()
        first, second = (self.get_orders()["results"][0] for _ in range(2))
        for order in (first, second):
            order["delivery_id"] = order["packages"][0]["delivery"].pop("id")
        self.assertNotEqual(first.pop("delivery_id"), second.pop("delivery_id"))
        self.assertEqual(first, second)

    def test_set_currency(self):
        stored = self.world.add_order("amazon_uk", lines=3, shipping=3.33)
        for code in ("GBP", "USD", "PLN", "EUR"):
            (order,) = self.get_orders(set_currency=code)["results"]
            self.assertEqual(order["currency"]["iso_a3"], code)
            self.assertEqual(order["original_currency"]["iso_a3"], "GBP")
            self.assertEqual(to_cents(order["total_order"]), compute_total(order))
        self.assertEqual(order["total_order"], stored["total_order"])
        (own,) = self.get_orders(no_currency_conversion="1")["results"]
        self.assertEqual(own["total_order"], own["original_total_order"])
        (unknown,) = self.get_orders(set_currency="XTS")["results"]
        self.assertEqual(unknown["total_order"], -1)

    def test_orders_of_another_account_stay_hidden(self):
        self.world.add_order(account_id=1002)
        self.assertEqual(self.get_ids(), [])

    def test_marking_an_order(self):
        self.world.add_order(marketplace_order_id="A")
        before = self.get_orders()["results"][0]["updated_at"]
        response = self.mark("A", ["S00007", 8])
        self.assertEqual(response.status_code, 200)
        self.assertEqual(response.json()["marketplace_order_id"], "A")
        self.assertEqual(response.json()["merchant_order_id"], ["S00007", "8"])
        self.assertEqual(self.get_ids(merchant_order_id="None"), [])
        self.assertGreater(self.world.order("A")["updated_at"], before)

    def test_marking_can_be_refused(self):
        self.world.add_order(marketplace_order_id="A")
        response = self.mark("B", ["S1"])
        self.assertEqual(response.status_code, 404)
        self.assertEqual(response.json(), {"detail": "Pas trouvé."})
        self.assertEqual(self.mark("A", ["S1"], "otto_de").status_code, 404)
        self.assertEqual(self.mark("A", ["S1"], account_id=1002).status_code, 403)
        self.assertEqual(self.mark("A", ["S1"], account_id=None).status_code, 400)
        self.assertEqual(self.mark("A", "S1").status_code, 400)
        self.assertEqual(self.mark("A", None).status_code, 400)
        url = f"{BASE}/v3.0/orders/moi/"
        for method in ("get", "post", "put", "delete"):
            response = getattr(self.session, method)(url)
            self.assertEqual(response.status_code, 405, method)
        self.assertIsNone(self.world.order("A")["merchant_order_id"])

    def test_marketplaces(self):
        everything = self.get("/v3.0/marketplaces/").json()
        self.assertEqual(everything, self.world.marketplaces)
        own = self.get("/v3.0/marketplaces/", account_id=ACCOUNT_ID).json()
        self.assertEqual(set(everything) - set(own), {"admarkt"})
        one = self.get("/v3.0/marketplaces/", marketplace="amazon_fr").json()
        self.assertEqual(one["amazon_fr"]["legacy_code"], "amazon")
        self.assertEqual(self.get("/v3.0/marketplaces/", marketplace="x").json(), {})
        response = self.get("/v3.0/marketplaces/", account_id=1002)
        self.assertEqual(response.status_code, 403)


@tagged("post_install", "-at_install", "lengow")
class TestSimulatorFaults(SimulatorCase):
    def setUp(self):
        super().setUp()
        self.login()
        self.order = self.world.add_order(marketplace_order_id="A")

    def test_each_answer_comes_once_and_without_the_work(self):
        for kind, (status, _reason, content_type, _body) in ANSWERS.items():
            self.simulator.faults.once(kind)
            response = self.mark("A", [kind])
            self.assertEqual(response.status_code, status, kind)
            self.assertEqual(response.headers["Content-Type"], content_type, kind)
            self.assertIsNone(self.order["merchant_order_id"], kind)
            self.assertEqual(self.get("/me").status_code, 200)

    def test_too_many_requests_carry_retry_after(self):
        self.simulator.faults.once("429", retry_after=7)
        response = self.get("/v3.0/orders/")
        self.assertEqual(response.headers["Retry-After"], "7")
        message = "Request limitation: 500 reached on /v3.0/orders"
        self.assertEqual(response.json()["error"]["message"], message)
        self.simulator.faults.once("429", retry_after=None)
        self.assertNotIn("Retry-After", self.get("/me").headers)

    def test_bodies_that_are_no_json(self):
        for kind in ("html", "html_502", "empty", "not_json", "500", "408"):
            self.simulator.faults.once(kind)
            with self.assertRaises(ValueError):
                self.get("/me").json()

    def test_once_looks_at_path_verb_skip_and_times(self):
        faults = self.simulator.faults
        faults.once("500", path="/v3.0/*", method="get", times=2, skip=1)
        statuses = [self.get("/v3.0/marketplaces/").status_code for _ in range(2)]
        statuses += [self.get("/me").status_code, self.mark("A", ["1"]).status_code]
        statuses += [self.get("/v3.0/marketplaces/").status_code for _ in range(2)]
        self.assertEqual(statuses, [200, 500, 200, 200, 500, 200])
        self.assertEqual(self.simulator.requests[-2].fault, "500")

    def test_rates_follow_the_seed(self):
        def run(seed):
            simulator = Simulator(self.world, self.clock, seed=seed)
            simulator.faults.set_rate("500", 0.2)
            simulator.faults.set_rate("reset_before", 0.1)
            faults = (simulator.faults.pick("GET", "/me") for _ in range(1000))
            return [fault and fault.kind for fault in faults]

        kinds = run(1)
        self.assertEqual(kinds, run(1))
        self.assertNotEqual(kinds, run(2))
        self.assertAlmostEqual(kinds.count("500"), 200, delta=50)
        self.assertAlmostEqual(kinds.count("reset_before"), 100, delta=40)

    def test_nonsense_is_refused(self):
        faults = self.simulator.faults
        self.assertRaises(ValueError, faults.once, "418")
        self.assertRaises(ValueError, faults.set_rate, "500", 1.5)
        faults.set_rate("500", 0.7)
        self.assertRaises(ValueError, faults.set_rate, "502", 0.7)
        faults.clear()
        self.assertEqual(faults.describe(), {"rates": {}, "once": []})

    def test_reset_before_and_after_the_work(self):
        for kind, numbers in (("reset_before", None), ("reset_after", ["S1"])):
            self.simulator.faults.once(kind)
            with self.assertRaises(requests.exceptions.ConnectionError):
                self.mark("A", ["S1"])
            self.assertEqual(self.order["merchant_order_id"], numbers)
            self.assertIsNone(self.simulator.requests[-1].status)

    def test_slow_answers_come_late_or_too_late(self):
        url, faults = f"{BASE}/me", self.simulator.faults
        faults.once("slow", seconds=3)
        self.assertEqual(self.session.get(url, timeout=10).status_code, 200)
        for timeout in (2, (9, 2)):
            faults.once("slow", seconds=3)
            with self.assertRaises(requests.exceptions.ReadTimeout):
                self.session.get(url, timeout=timeout)
        self.assertEqual(self.clock.slept, [3, 2, 2])

    def test_what_timed_out_was_done_all_the_same(self):
        self.simulator.faults.once("slow", seconds=3)
        with self.assertRaises(requests.exceptions.ReadTimeout):
            self.session.request(
                "PATCH",
                f"{BASE}/v3.0/orders/moi/",
                json={
                    "account_id": ACCOUNT_ID,
                    "marketplace": "amazon_fr",
                    "marketplace_order_id": "A",
                    "merchant_order_id": ["S1"],
                },
                timeout=1,
            )
        self.assertEqual(self.order["merchant_order_id"], ["S1"])

    def test_truncated_body(self):
        url = f"{BASE}/v3.0/orders/?account_id={ACCOUNT_ID}"
        for encoding in ("gzip", "identity"):
            headers = {"Accept-Encoding": encoding}
            self.simulator.faults.once("truncated", times=2)
            with self.assertRaises(requests.exceptions.ChunkedEncodingError):
                self.session.get(url, headers=headers)
            response = self.session.get(url, headers=headers, stream=True)
            self.assertEqual(response.status_code, 200)
            with self.assertRaises(requests.exceptions.ChunkedEncodingError):
                _ = response.content

    def test_revoked_token(self):
        self.simulator.faults.once("token_revoked")
        self.assertEqual(self.get("/me").status_code, 401)
        self.assertEqual(self.get("/me").status_code, 401)
        self.login()
        self.assertEqual(self.get("/me").status_code, 200)

    def test_control_needs_no_token_and_no_luck(self):
        self.session.headers.pop("Authorization")
        url = f"{BASE}/_simulator/faults"
        self.simulator.faults.set_rate("500", 1)
        response = self.session.post(url, json={"kind": "502", "times": 2})
        self.assertEqual(response.status_code, 201)
        self.assertEqual(response.json()["rates"], {"500": 1})
        self.assertEqual(response.json()["once"][0]["kind"], "502")
        for body in ({}, {"kind": "418"}, {"kind": "500", "rate": 2}, []):
            self.assertEqual(self.session.post(url, json=body).status_code, 400)
        self.assertEqual(self.session.delete(url).json(), {"rates": {}, "once": []})
        summary = self.get("/_simulator/").json()
        self.assertEqual((summary["orders"], summary["marked"]), (1, 0))
        self.assertEqual(summary["by_status"], {"waiting_shipment": 1})
        self.assertEqual(summary["requests"], {"/access/get_token": {"200": 1}})
        self.assertEqual(self.get("/_simulator/products").json(), self.world.products)
        order = self.get("/_simulator/orders/amazon_fr/A").json()
        self.assertEqual(order["marketplace_order_id"], "A")
        missing = self.get("/_simulator/orders/otto_de/A")
        self.assertEqual(missing.status_code, 404)

    def test_adapter_answers_without_reading_the_body(self):
        adapter = SimulatorAdapter(self.simulator)
        request = requests.Request("GET", f"{BASE}/me", self.session.headers)
        response = adapter.send(request.prepare(), timeout=3)
        self.assertFalse(response._content_consumed)
        self.assertEqual(response.json()["account_id"], ACCOUNT_ID)
        self.simulator.faults.once("reset_before")
        with self.assertRaises(requests.exceptions.ConnectionError):
            adapter.send(request.prepare())

    def test_response_hooks_run_once(self):
        seen = []
        hooks = {"response": lambda response, **_kwargs: seen.append(response.url)}
        self.session.get(f"{BASE}/me", hooks=hooks)
        self.assertEqual(seen, [f"{BASE}/me"])


@tagged("post_install", "-at_install", "lengow")
class TestSimulatorWorld(SimulatorCase):
    def test_the_same_seed_makes_the_same_world(self):
        def write(**arguments):
            world = generate_world(orders=80, now=NOW, errors=3, **arguments)
            return json.dumps([world.orders, world.marketplaces, world.products])

        self.assertEqual(write(seed=5), write(seed=5))
        self.assertNotEqual(write(seed=5), write(seed=6))

    def test_every_total_adds_up_in_both_currencies(self):
        for seed in range(1, 6):
            world = generate_world(orders=400, seed=seed, now=NOW, errors=5)
            for order in world.orders:
                cases = world.cases[order["marketplace_order_id"]]
                where = f"seed {seed}, {order['marketplace_order_id']}, {cases}"
                total = to_cents(order["original_total_order"])
                self.assertEqual(total, compute_total(order, "original_"), where)
                if "no_exchange_rate" in cases:
                    self.assertEqual(order["total_order"], -1)
                else:
                    total = to_cents(order["total_order"])
                    self.assertEqual(total, compute_total(order), where)

    def test_every_oddity_is_among_two_hundred_orders(self):
        for seed in (1, 2, 3):
            world = generate_world(orders=200, seed=seed, now=NOW)
            seen = set().union(*world.cases.values())
            self.assertLessEqual({case.tag for case in CASES}, seen)
            self.assertLessEqual({"commission", "no_discount_in_amounts"}, seen)
            self.assertNotIn("unknown_product", seen)
            currencies = {o["original_currency"]["iso_a3"] for o in world.orders}
            self.assertEqual(currencies, {"EUR", "GBP", "PLN", "SEK"})
            statuses = [order["lengow_status"] for order in world.orders]
            self.assertGreater(statuses.count("waiting_shipment"), 170)

    def test_dates_are_consistent_and_some_are_fresh(self):
        world = generate_world(orders=200, now=NOW, days=5)
        names = ("marketplace_order_date", "imported_at", "updated_at")
        dates = [
            [datetime.fromisoformat(_to_iso(order[name])) for name in names]
            for order in world.orders
        ]
        for ordered, imported, updated in dates:
            self.assertLessEqual(NOW - timedelta(days=5, seconds=1), ordered)
            self.assertTrue(ordered <= imported <= updated <= NOW)
        fresh = [row for row in dates if row[0] > NOW - timedelta(minutes=10)]
        self.assertGreater(len(fresh), 5)

    def test_plain_worlds_are_fast_and_importable(self):
        started = time.perf_counter()
        world = generate_world(orders=2000, oddities=False, lines=3, now=NOW)
        _logger.info("2,000 orders in %.2f s", time.perf_counter() - started)
        self.assertEqual(len({o["marketplace_order_id"] for o in world.orders}), 2000)
        self.assertEqual(
            len({o["marketplace_customer_id"] for o in world.orders}), 2000
        )
        skus = {product["sku"] for product in world.products}
        eans = {product["ean"] for product in world.products}
        for order in world.orders:
            self.assertEqual(order["lengow_status"], "waiting_shipment")
            self.assertEqual(order["original_currency"]["iso_a3"], "EUR")
            (package,) = order["packages"]
            self.assertEqual(len(package["cart"]), 3)
            for line in package["cart"]:
                self.assertIn(line["merchant_product_id"]["id"], skus | eans)

    def test_errors_are_orders_further(self):
        world = generate_world(orders=10, now=NOW, errors=4)
        skus = {product["sku"] for product in world.products}
        unknown = [o for o in world.orders if "unknown_product" in self._tags(world, o)]
        self.assertEqual((len(world.orders), len(unknown)), (14, 4))
        for order in unknown:
            (line,) = get_lines(order)
            self.assertNotIn(line["merchant_product_id"]["id"], skus)

    def test_marketplaces_describe_what_their_orders_say(self):
        world = generate_world(orders=200, now=NOW)
        self.assertGreaterEqual(len(world.marketplaces), 12)
        for order in world.orders:
            spec = world.marketplaces[order["marketplace"]]["orders"]
            words = spec["status"][order["lengow_status"]]
            self.assertIn(order["marketplace_status"], words)
        for spec in world.marketplaces.values():
            for action in spec["orders"]["actions"].values():
                names = {*action["args"], *action["optional_args"]}
                self.assertLessEqual(set(action["args_description"]), names)
                self.assertLessEqual(
                    set(action["status"]), set(spec["orders"]["status"])
                )

    def test_added_orders_follow_their_overrides(self):
        order = self.world.add_order(
            "amazon_uk",
            lines=[("MG-SPK", 2), ("PC-TRN", 1)],
            shipping=5,
            discount=1.5,
            order_meta={"is_gift": True},
        )
        self.assertEqual(order["lengow_status"], "waiting_shipment")
        self.assertEqual([line["quantity"] for line in get_lines(order)], [2, 1])
        self.assertTrue(order["order_meta"]["is_gift"])
        self.assertIn("checksum", order["order_meta"])
        for prefix in ("", "original_"):
            total = to_cents(order[f"{prefix}total_order"])
            self.assertEqual(total, compute_total(order, prefix))
        self.assertLess(order["original_shipping"], 5)
        wrong = self.world.add_order(total_order=1.23)
        self.assertEqual(wrong["total_order"], 1.23)

    def test_touched_orders_are_updated(self):
        order = self.world.add_order(marketplace_order_id="A", lines=2)
        stamps = [order["updated_at"]]
        self.world.touch("A", lengow_status="shipped")
        stamps.append(order["updated_at"])
        self.assertEqual(order["marketplace_status"], "Shipped")
        self.assertEqual({o["lengow_status"] for o in get_lines(order)}, {"shipped"})
        self.world.touch("A", lengow_status="canceled", shipping=0)
        stamps.append(order["updated_at"])
        self.assertEqual(order["total_order"], 0)
        self.assertEqual(len(set(stamps)), 3)
        self.assertEqual(stamps, sorted(stamps))
        self.assertRaises(KeyError, self.world.touch, "B")

    def test_a_page_of_a_hundred_orders_is_quick(self):
        self.simulator.world = generate_world(orders=2000, now=NOW, oddities=False)
        self.login()
        self.get_orders()
        started = time.perf_counter()
        for page in range(1, 6):
            self.get_orders(page=page)
        elapsed = (time.perf_counter() - started) / 5
        _logger.info("One page of 100 orders in %.1f ms", elapsed * 1000)
        self.assertLess(elapsed, 1)

    @staticmethod
    def _tags(world, order):
        return world.cases[order["marketplace_order_id"]]


def _to_iso(text):
    """Make any of Lengow's dates one that Python 3.10 reads."""
    text = text.replace("Z", "+00:00")
    return text if text[-6] in "+-" else f"{text}+00:00"
