"""Addresses of the API."""

from urllib.parse import urlsplit

_LOCAL_HOSTS = ("localhost", "127.0.0.1")


def normalize_url(url):
    """:return: the address as there is only one spelling of it."""
    parts = urlsplit((url or "").strip().rstrip("/"))
    return parts._replace(netloc=parts.netloc.lower()).geturl()


def is_safe(url):
    """Tell whether keys may be sent to an address: encrypted, or not over a network."""
    parts = urlsplit(url)
    return parts.scheme == "https" or parts.hostname in _LOCAL_HOSTS
