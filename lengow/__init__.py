"""Lengow's own language in plain Python: never imports odoo, needs no database."""
