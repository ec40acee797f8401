"""Take pictures of Odoo's screens in Chromium.

Usage: take_screenshots.py BROWSER ADDRESS FOLDER; run by `make screenshots`.
"""

import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

SIZE = {"width": 1360, "height": 850}
PATIENCE = 60_000  # milliseconds

GROUP = ".o_group_header"
ROW = ".o_list_view .o_data_row"
FORM = ".o_form_view .o_form_sheet"
TAB = ".o_notebook_headers .nav-link"

# Name -> page (None: the one before), what is clicked there, what comes then.
PICTURES = {
    "orders": ("lengow-orders", None, ROW),
    "orders_to_fix": ("lengow-orders-to-fix", f"{GROUP} >> nth=0", ROW),
    "order_in_error": (None, f"{ROW} >> nth=0", FORM),
    "order": ("lengow-orders", f"{ROW}:has-text('Imported') >> nth=3", FORM),
    "sale_order": (
        None,
        "button[name=action_view_sale_orders]",
        "button[name=action_view_lengow_order]",
    ),
    "account": ("lengow-accounts", f"{ROW} >> nth=0", FORM),
    "channels": ("lengow-channels", None, ROW),
    "actions_to_fix": ("lengow-actions-to-fix", f"{GROUP} >> nth=0", ROW),
    "shipping_notice": ("lengow-shipping-notices", f"{ROW} >> nth=0", FORM),
    "feed": ("lengow-feeds", f"{ROW} >> nth=0", FORM),
    "feed_preview": (
        None,
        f"{TAB}[name=preview]",
        ".o_field_widget[name=preview] table",
    ),
    "feed_warnings": (
        None,
        f"{TAB}[name=warnings]",
        ".o_field_widget[name=warning_ids] .o_data_row",
    ),
}


def main(browser, address, folder):
    """Log in as the administrator and take each picture."""
    folder.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=browser)
        page = chromium.new_page(viewport=SIZE)
        page.set_default_timeout(PATIENCE)
        log_in(page, address)
        for name, (path, clicked, awaited) in PICTURES.items():
            show(page, address, path, clicked, awaited)
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


def show(page, address, path, clicked, awaited):
    """Show what a picture is taken of."""
    if path:
        page.goto(f"{address}/odoo/{path}")
    if clicked:
        page.click(clicked)
    page.wait_for_selector(awaited)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], Path(sys.argv[3]))
