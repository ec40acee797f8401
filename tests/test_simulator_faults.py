"""Whatever goes wrong on the way to Lengow and back can be had on demand."""

import requests

from odoo.tests import tagged

from ..simulator import ACCOUNT_ID, Simulator, SimulatorAdapter
from ..simulator.faults import ANSWERS
from .common_simulator import BASE, SimulatorCase


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
            simulator = Simulator(self.world, self.clock.time, seed=seed)
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
