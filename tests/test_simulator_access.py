"""The simulator lets in whom Lengow's documents let in, whatever our client thinks."""

from odoo.tests import tagged

from ..simulator import ACCESS_TOKEN, ACCOUNT_ID
from .common_simulator import BASE, KEYS, SimulatorCase


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
        self.clock.now += 3599
        self.assertEqual(self.get("/me").status_code, 200)
        self.clock.now += 1
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
        self.clock.now += 17.5
        response = self.get("/me")
        self.assertEqual(response.status_code, 429)
        self.assertEqual(response.headers["Retry-After"], "43")
        message = "Request limitation: 500 reached on /me"
        self.assertEqual(
            response.json(),
            {"error": {"message": message, "code": 429}},
        )
        self.assertEqual(self.get("/v3.0/marketplaces/").status_code, 200)
        self.clock.now += int(response.headers["Retry-After"])
        self.assertEqual(self.get("/me").status_code, 200)

    def test_rate_limits_tell_what_is_left(self):
        self.login()
        self.get("/me")
        self.clock.now += 20
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
