"""Marketplaces and orders as tests of their rules want them."""

from odoo.tests import BaseCase

from ..lengow.action import build_requests
from ..lengow.marketplace import Marketplace
from ..lengow.order import Order
from ..simulator.specs import build_marketplaces

SPECS = build_marketplaces()


def make_marketplace(actions, **orders):
    """A marketplace that offers some actions.

    :param dict actions: name -> description.
    :param orders: `status`, `carriers`, `shipping_methods`.
    """
    spec = {"name": "Bazaar", "orders": {"actions": actions, **orders}}
    return Marketplace(spec, "bazaar_fr")


def make_rule(
    args=(), optional=(), name="ship", status=("waiting_shipment",), **described
):
    """The rules of one action."""
    spec = {
        "status": list(status),
        "args": list(args),
        "optional_args": list(optional),
        "args_description": described,
    }
    return make_marketplace({name: spec}).get_action(name)


def make_line(line_id="1", quantity=1, status="waiting_shipment", **values):
    """A line of a cart."""
    return {
        "marketplace_order_line_id": line_id,
        "lengow_status": status,
        "quantity": quantity,
        "amount": "10.00",
        **values,
    }


def make_order(*lines, status="waiting_shipment", **values):
    """An order of one package; of one line if none is given."""
    payload = {
        "marketplace": "bazaar_fr",
        "marketplace_order_id": "B-1",
        "lengow_status": status,
        "currency": {"iso_a3": "EUR"},
        "original_currency": {"iso_a3": "EUR"},
        "packages": [{"cart": list(lines) or [make_line(status=status)]}],
        **values,
    }
    return Order(payload)


def when(root, path, function, value, operator="allOf"):
    """A rule of one condition."""
    return {
        "operator": operator,
        "conditions": [condition(root, path, function, value)],
    }


def condition(root, path, function, value):
    """A part of a rule."""
    return {
        "key_path": {"root": root, "path": path},
        "function": function,
        "value": value,
    }


def codes(problems):
    """Code and argument, or line, of each problem."""
    return [(problem.code, problem.argument or problem.line_id) for problem in problems]


def said(plan):
    """The arguments of each request."""
    return [request.arguments for request in plan.requests]


class ActionCase(BaseCase):
    def build(self, code, action, order, *args, **kwargs):
        """Build with the rules of a simulated marketplace."""
        return build_requests(
            Marketplace(SPECS[code], code), action, order, *args, **kwargs
        )

    def build_ship(self, args, optional, order, *more, **kwargs):
        rule = make_rule(args, optional)
        return build_requests(rule.marketplace, "ship", order, *more, **kwargs)

    def assert_built(self, plan, *arguments, notices=(), waiting=()):
        self.assertEqual([str(problem) for problem in plan.problems], [])
        self.assertEqual(said(plan), list(arguments))
        self.assertEqual(codes(plan.notices), list(notices))
        self.assertEqual(plan.waiting, list(waiting))

    def assert_refused(self, plan, *problems):
        self.assertEqual(plan.requests, [])
        self.assertEqual(codes(plan.problems), list(problems))
