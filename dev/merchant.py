"""A merchant to try the connector with: company, taxes, catalogue, Lengow account.

Imported by scripts that run in Odoo's shell.
"""

from datetime import timedelta

import requests

from odoo import Command, fields

from ..models.lengow_account import CHARGE_PRODUCTS
from ..simulator import ACCESS_TOKEN, SECRET

SUPPLIER = "Fabrique du Nord"
CURRENCY_RATES = {"GBP": 0.86, "PLN": 4.3, "SEK": 11.2}


def prepare_company(env):
    """Make the company French, trading in euros, knowing its neighbours' currencies."""
    company = env.company
    if company.country_id != env.ref("base.fr"):
        company.write(
            {
                "name": "La Boutique",
                "country_id": env.ref("base.fr").id,
                "currency_id": env.ref("base.EUR").id,
            }
        )
    if "stock_text_confirmation" in company._fields:
        company.stock_text_confirmation = False  # no buyer exists to be written to
    currencies = env["res.currency"].with_context(active_test=False)
    for code, rate in CURRENCY_RATES.items():
        currency = currencies.search([("name", "=", code)])
        currency.active = True
        if not currency.rate_ids:
            env["res.currency.rate"].create(
                {
                    "currency_id": currency.id,
                    "company_id": company.id,
                    "name": fields.Date.today() - timedelta(days=365),
                    "rate": rate,
                }
            )


def prepare_taxes(env):
    """:return: dict of rate to tax: 20 % on top of the price, 5.5 % within it."""
    wanted = {"20.0": "tax_excluded", "5.5": "tax_included"}
    groups = env["account.tax.group"]
    group = groups.search([("name", "=", "TVA")]) or groups.create({"name": "TVA"})
    taxes = {}
    for rate, price_include in wanted.items():
        name = f"TVA {rate} %"
        taxes[rate] = env["account.tax"].search([("name", "=", name)]) or env[
            "account.tax"
        ].create(
            {
                "name": name,
                "amount": float(rate),
                "type_tax_use": "sale",
                "price_include_override": price_include,
                "tax_group_id": group.id,
            }
        )
    env.company.account_sale_tax_id = taxes["20.0"]
    for name in CHARGE_PRODUCTS:
        env.ref(f"sale_lengow.{name}").taxes_id = taxes["20.0"]
    return taxes


def prepare_products(env, account, products, taxes):
    """Create the simulator's products, and map the ids that Lengow uses for them."""
    known = set(env["product.product"].search([]).mapped("default_code"))
    partners = env["res.partner"]
    supplier = partners.search([("name", "=", SUPPLIER)]) or partners.create(
        {"name": SUPPLIER, "is_company": True}
    )
    created = env["product.product"].create(
        [
            {
                "name": product["name"],
                "default_code": product["sku"],
                "barcode": product["ean"],
                "is_storable": True,
                "list_price": product["price"],
                "weight": product["weight"],
                "taxes_id": [Command.set(taxes[product["tax_rate"]].ids)],
                "product_uom_ids": [
                    Command.create(
                        {
                            "uom_id": env.ref("uom.product_uom_pack_6").id,
                            "barcode": product["pack_ean"],
                        }
                    )
                ],
                "seller_ids": [
                    Command.create(
                        {
                            "partner_id": supplier.id,
                            "product_code": product["supplier_code"],
                        }
                    )
                ],
            }
            for product in products
            if product["sku"] not in known
        ]
    )
    ids = {product["sku"]: str(product["id"]) for product in products}
    env["lengow.product.mapping"].create(
        [
            {
                "account_id": account.id,
                "external_id": ids[product.default_code],
                "product_id": product.id,
            }
            for product in created
        ]
    )


def prepare_account(env, url):
    """:return: the account that talks to the simulator."""
    account = env["lengow.account"].search([], limit=1)
    vals = {"base_url": url, "access_token": ACCESS_TOKEN, "secret": SECRET}
    if not account:
        return env["lengow.account"].create(
            {
                **vals,
                "name": "La Boutique at Lengow",
                "user_id": env.ref("base.user_admin").id,
            }
        )
    if account.base_url != url:
        account.write(vals)
    return account


def prepare_merchant(env, url):
    """Prepare everything for orders of the simulator; may be called again.

    :param str url: address of the simulator
    :return: the Lengow account, not connected yet
    """
    prepare_company(env)
    taxes = prepare_taxes(env)
    account = prepare_account(env, url)
    products = requests.get(f"{url}/_simulator/products", timeout=60).json()
    prepare_products(env, account, products, taxes)
    env.cr.commit()
    return account
