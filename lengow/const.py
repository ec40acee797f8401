"""Facts and limits of Lengow's API, each with its source."""

# Conventions, "Automatic HTTPS redirection": start with HTTPS.
BASE_URL = "https://api.lengow.io"

# API reference, "Get a token": "Each token has a lifetime of 3600 seconds." Ten minutes
# are kept back for the longest request and for clocks that differ.
TOKEN_RENEW_AFTER = 50 * 60

# Advice on the Orders API, "Request limitation": 500 a minute. A tenth is kept back for
# the merchant's other tools.
REQUESTS_PER_MINUTE = 450
RATE_WINDOW = 60.0

# API reference, "Pagination": "Maximum 100. Number of results by page".
PAGE_SIZE = 100

# Ours: seconds that one request may take with all its retries.
TIME_BUDGET = 90.0
# Ours: seconds to connect, and between two pieces of an answer.
TIMEOUT = (10.0, 60.0)
# Ours: the last retry of a nearly spent budget still gets this many seconds.
TIMEOUT_FLOOR = 1.0

# Ours: exponential back-off in seconds, with full jitter. Jitter may draw naught each
# time, so the number of attempts is bounded too.
BACKOFF_BASE = 1.0
BACKOFF_CAP = 30.0
MAX_ATTEMPTS = 10

# Ours: HTTP to HTTPS is one, a renamed host another.
MAX_REDIRECTS = 3

# Ours: as much of a vendor's message as a person reads.
MESSAGE_LENGTH = 300

USER_AGENT = "odoo-sale-lengow/19.0"
