"""Run in Odoo's shell: what browsers load is put together once, not at each first page.

Copies of the database that tests make have none of its files: it is kept in the database.
"""

BUNDLES = ("web.assets_web", "web.assets_tests", "web.__assets_tests_call__")
STYLES = ("web.assets_web", "web.assets_web_print")
LOCATION = "ir_attachment.location"


def main(env):
    """Generate the bundles, and commit them."""
    parameters = env["ir.config_parameter"]
    parameters.set_param(LOCATION, "db")
    for bundle in BUNDLES:
        env["ir.qweb"]._get_asset_bundle(bundle, css=False, js=True).js()
    for bundle in STYLES:
        env["ir.qweb"]._get_asset_bundle(bundle, css=True, js=False).css()
    parameters.set_param(LOCATION, False)
    env.cr.commit()


main(env)  # noqa: F821 Odoo's shell gives it
