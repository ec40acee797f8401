import random
import threading
import time

from odoo.tests import tagged

from ..lengow import const
from ..lengow.errors import LengowRateLimitError
from ..lengow.rate_limiter import MemoryRateLimiter, reserve_place
from .common_client import NOW, ClientCase


@tagged("post_install", "-at_install", "lengow")
class TestRateLimit(ClientCase):
    def test_no_window_ever_holds_more_places_than_allowed(self):
        for seed in range(60):
            rng = random.Random(seed)
            limit = rng.randint(1, 6)
            newest = now = rng.choice((0.0, 0.1, NOW + rng.random()))
            times, places = [], []
            for _ in range(120):
                now += rng.choice((0, 1e-7, rng.random(), rng.expovariate(1 / 40)))
                newest = max(newest, now)
                # Another worker's clock may be behind by up to one window.
                local = newest - rng.choice((0, 0, 0, rng.uniform(0, 60)))
                wait, times = reserve_place(times, local, limit)
                self.assertGreaterEqual(wait, 0)
                places.append(local + wait)
                self.assertLessEqual(len(times), limit)
            with self.subTest(seed=seed):
                places.sort()
                for first, last in zip(places, places[limit:], strict=False):
                    # The sum above may differ from the place by its rounding.
                    self.assertGreaterEqual(last - first, 60.0 - 1e-6)

    def test_places_are_as_early_as_allowed(self):
        times, waits = [], []
        for _ in range(5):
            wait, times = reserve_place(times, 1000.0, 2, window=60.0)
            waits.append(wait)
        self.assertEqual(waits, [0.0, 0.0, 60.0, 60.0, 120.0])
        self.assertEqual(times, [1060.0, 1120.0])
        self.assertEqual(reserve_place(times, 1119.0, 2)[0], 1.0)
        self.assertEqual(reserve_place(times, 5000.0, 2), (0.0, [5000.0]))

    def test_places_are_exact_however_the_sum_is_rounded(self):
        rng = random.Random(5)
        for _ in range(2000):
            first = rng.random() * rng.choice((1, 100, NOW))
            _wait, (place,) = reserve_place([first], first, 1)
            self.assertGreaterEqual(place - first, 60.0)
            self.assertAlmostEqual(place - first, 60.0, places=6)

    def test_a_limit_of_none_at_all_is_refused(self):
        with self.assertRaises(ValueError):
            reserve_place([], 0.0, 0)

    def test_two_threads_do_not_take_one_place(self):
        def clock():
            time.sleep(0.0005)  # let the other thread in
            return 0.0

        limiter = MemoryRateLimiter(5, clock)
        places = []

        def reserve():
            for _ in range(40):
                places.append(limiter.reserve())

        threads = [threading.Thread(target=reserve) for _ in range(2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(30)
        expected = [60.0 * (index // 5) for index in range(80)]
        self.assertEqual(sorted(places), expected)

    def test_all_workers_together_stay_below_the_limit(self):
        limiter = MemoryRateLimiter(5, self.clock.time)
        clients = [self.make_client(rate_limiter=limiter)[0] for _ in range(2)]
        self.simulator.faults.once("500", path="/me", times=3, skip=4)
        for _ in range(8):
            for client in clients:
                client.get_me()
        times = [request.time for request in self.simulator.requests]
        # Two logins, sixteen answers and three retries: each is a request.
        self.assertEqual(len(times), 21)
        self.assert_no_more_than(5, times)
        self.assertGreater(max(times) - min(times), 180)

    def test_the_limit_is_450_unless_told_otherwise(self):
        self.assertEqual(const.REQUESTS_PER_MINUTE, 450)
        limiter = MemoryRateLimiter(clock=self.clock.time)
        waits = [limiter.reserve() for _ in range(451)]
        self.assertEqual((waits[449], waits[450]), (0.0, 60.0))

    def test_a_place_beyond_the_budget_is_told_and_kept(self):
        waits = [0.0, 0.0, 100.0]

        class Limiter:
            def reserve(self):
                return waits.pop(0)

        client, wire = self.make_client(rate_limiter=Limiter())
        client.get_me()
        for _ in range(3):
            with self.assertRaises(LengowRateLimitError) as caught:
                client.get_me()
            self.assertEqual(caught.exception.retry_after, 100)
        self.clock.now += 70
        client.get_me()
        self.assertEqual(self.clock.slept, [30])
        self.assertEqual(len(wire.sent), 3)
