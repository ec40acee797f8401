"""Limits and names of the simulated Lengow, each with the document it comes from."""

# The keys of the first account of every generated world (ours, for demo and tests).
ACCESS_TOKEN = "demo-access-token"
SECRET = "demo-secret"
ACCOUNT_ID = 1001

# A second account, so that a foreign `account_id` can be asked for.
OTHER_ACCESS_TOKEN = "other-access-token"
OTHER_SECRET = "other-secret"
OTHER_ACCOUNT_ID = 1002

# Seconds a session token lives (002, "Get a token").
TOKEN_LIFETIME = 3600
# Requests allowed in one window, and its length in seconds (004, "Request limitation").
RATE_LIMIT = 500
RATE_WINDOW = 60
# Orders on one page, at most and by default (002, "Pagination").
PAGE_SIZE = 100
# Age in days of the oldest order shown without a valid date filter (002, "Filtering").
DEFAULT_DAYS = 7
# Where `next` and `previous` point to: not the prefix that is asked (004, "Actions on
# orders").
LINK_BASE = "https://api.lengow.io/api"
# How many requests the simulator remembers (ours).
MAX_RECORDED_REQUESTS = 20_000
# Bodies shorter than this many bytes are not worth compressing (ours).
MIN_GZIP_SIZE = 256

# Statuses of a line that stays in the cart but not in the total (lengow_api,
# "Orders").
UNCOUNTED_STATUSES = ("canceled", "refused")

# Position of each Lengow status in an order's life. The documents show 6 for shipped
# and 10 for closed; the rest is placed around them.
WORKFLOW_RANKS = {
    "new": 1,
    "waiting_acceptance": 2,
    "accepted": 3,
    "waiting_shipment": 4,
    "pickup_to_prepare": 4,
    "to_pickup": 5,
    "shipped": 6,
    "pickup_completed": 6,
    "partial_refunded": 7,
    "to_refund": 8,
    "refunding": 8,
    "closed": 10,
    "refunded": 11,
    "canceled": 12,
    "pickup_canceled": 12,
    "refused": 12,
}

# Currencies as Lengow describes them (002, "Get orders").
CURRENCIES = {
    "EUR": {"iso_a3": "EUR", "symbol": "€", "name": "Euro"},
    "GBP": {"iso_a3": "GBP", "symbol": "£", "name": "British Pound"},
    "PLN": {"iso_a3": "PLN", "symbol": "zł", "name": "Polish Zloty"},
    "SEK": {"iso_a3": "SEK", "symbol": "kr", "name": "Swedish Krona"},
    "USD": {"iso_a3": "USD", "symbol": "$", "name": "US Dollar"},
    "CHF": {"iso_a3": "CHF", "symbol": "CHF", "name": "Swiss Franc"},
}
# Hundred-thousandths of a euro that one unit of a currency is worth (ours).
RATES = {
    "EUR": 100_000,
    "GBP": 117_350,
    "PLN": 23_410,
    "SEK": 8_755,
    "USD": 92_160,
    "CHF": 104_480,
}
ACCOUNT_CURRENCY = "EUR"

# Standard and reduced VAT rates in tenths of a percent, by country of delivery.
VAT_RATES = {
    "FR": (200, 55),
    "DE": (190, 70),
    "ES": (210, 100),
    "IT": (220, 100),
    "GB": (200, 0),
    "PL": (230, 80),
    "SE": (250, 120),
    "NL": (210, 90),
    "BE": (210, 60),
}
