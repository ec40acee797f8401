"""Take pictures of Odoo's screens in Chromium.

Usage: take_screenshots.py BROWSER ADDRESS FOLDER; run by `make screenshots`.
"""

import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

SIZE = {"width": 1360, "height": 850}
PATIENCE = 60_000  # milliseconds

LIST = ".o_list_view .o_data_row"
FORM = ".o_form_view .o_form_sheet"


def main(browser, address, folder):
    """Log in as the administrator and take each picture."""
    folder.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=browser)
        page = chromium.new_page(viewport=SIZE)
        page.set_default_timeout(PATIENCE)
        log_in(page, address)
        for name, take in PICTURES.items():
            take(page, address)
            page.wait_for_timeout(600)  # animations end
            page.screenshot(path=folder / f"{name}.png")
            print(f"  {name}.png", flush=True)
        chromium.close()


def log_in(page, address):
    """Open the backend as the demo's administrator."""
    page.goto(f"{address}/web/login")
    page.fill("input[name=login]", "admin")
    page.fill("input[name=password]", "admin")
    page.press("input[name=password]", "Enter")
    page.wait_for_selector(".o_web_client .o_main_navbar")


def orders(page, address):
    """All marketplace orders."""
    page.goto(f"{address}/odoo/lengow-orders")
    page.wait_for_selector(LIST)


def orders_to_fix(page, address):
    """The orders that need a person, by reason."""
    page.goto(f"{address}/odoo/lengow-orders-to-fix")
    page.click(".o_group_header >> nth=0")
    page.wait_for_selector(LIST)


def order_in_error(page, _address):
    """One of them, with its problem and remedy."""
    page.click(f"{LIST} >> nth=0")
    page.wait_for_selector(FORM)


def order(page, address):
    """An imported order with its lines."""
    page.goto(f"{address}/odoo/lengow-orders")
    page.click(f"{LIST}:has-text('Imported') >> nth=3")
    page.wait_for_selector(FORM)


def sale_order(page, _address):
    """Its sale order."""
    page.click("button[name=action_view_sale_orders]")
    page.wait_for_selector("button[name=action_view_lengow_order]")


def account(page, address):
    """The account with its last runs."""
    page.goto(f"{address}/odoo/lengow-accounts")
    page.click(f"{LIST} >> nth=0")
    page.wait_for_selector(FORM)


def channels(page, address):
    """The channels of the account."""
    page.goto(f"{address}/odoo/lengow-channels")
    page.wait_for_selector(LIST)


def actions_to_fix(page, address):
    """What marketplaces could not be told, with the remedy."""
    page.goto(f"{address}/odoo/lengow-actions-to-fix")
    page.click(".o_group_header >> nth=0")
    page.wait_for_selector(LIST)


def shipping_notice(page, address):
    """A notice of what is on its way to Zalando."""
    page.goto(f"{address}/odoo/lengow-shipping-notices")
    page.click(f"{LIST} >> nth=0")
    page.wait_for_selector(FORM)


def feed(page, address):
    """The demo's feed."""
    page.goto(f"{address}/odoo/lengow-feeds")
    page.click(f"{LIST} >> nth=0")
    page.wait_for_selector(FORM)


def feed_preview(page, _address):
    """Its first rows."""
    page.click(".o_notebook_headers .nav-link[name=preview]")
    page.wait_for_selector(".o_field_widget[name=preview] table")


def feed_warnings(page, _address):
    """What is wrong with its products."""
    page.click(".o_notebook_headers .nav-link[name=warnings]")
    page.wait_for_selector(".o_field_widget[name=warning_ids] .o_data_row")


PICTURES = {
    "orders": orders,
    "orders_to_fix": orders_to_fix,
    "order_in_error": order_in_error,
    "order": order,
    "sale_order": sale_order,
    "account": account,
    "channels": channels,
    "actions_to_fix": actions_to_fix,
    "shipping_notice": shipping_notice,
    "feed": feed,
    "feed_preview": feed_preview,
    "feed_warnings": feed_warnings,
}

if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], Path(sys.argv[3]))
