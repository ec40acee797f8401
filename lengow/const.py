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

# Marketplaces' numbers of orders have 10 to 40 characters; an index takes no endless one.
MAXIMUM_NUMBER_LENGTH = 255
# Ours: bytes of a document in memory at a time, and how long one may take. An answer
# longer than this is a document and not the errors met while making one.
DOWNLOAD_PIECE = 256 * 1024
DOWNLOAD_SECONDS = 100.0
DOWNLOAD_ERROR_BYTES = 64 * 1024

# API reference, "Retrieve stock movements": "The retention time for data in ZFS service
# is 100 days."
MOVEMENT_DAYS = 100
# API reference, "Parameters for shipping notice creation".
CARRIER_NAME_LENGTH = 100

USER_AGENT = "odoo-sale-lengow/19.0"

# Ours, from the addresses that orders carry: domains of the mailboxes that forward to
# buyers, some of them to several. Patterns as file names have them.
RELAY_EMAIL_DOMAINS = (
    "marketplace.amazon.*",
    "octopia-messages.com",
    "*.octopia-messages.com",
    "*.octopia.com",
    "cdiscount.*",
    "*.cdiscount.*",
    "members.ebay.*",
    "allegromail.*",
    "user.allegrogroup.*",
    "*.bol.com",
    "*.decathlon.*",
    "*.mirakl.*",
    "*.kaufland.*",
    "kaufland-marktplatz.de",
    "mail.real.de",
    "*.manomano.*",
    "*.rueducommerce.*",
    "*.fnac.com",
    "*.darty.com",
    "relay.walmart.com",
    "*.tiktokw.*",
    "*.zalando.*",
    "*.otto.market",
    "*.aboutyou.*",
    "*.cdon.com",
    "*.emag.*",
    "*.rakuten.*",
    "*.spartoo.*",
    "*.aliexpress.com",
)

# Ours: mailboxes that nobody reads, letters only.
RELAY_EMAIL_NAMES = frozenset(
    {
        "noreply",
        "donotreply",
        "nepasrepondre",
        "pasdereponse",
        "keineantwort",
        "nichtantworten",
        "noresponder",
        "nonrispondere",
        "nomail",
        "noemail",
        "unknown",
        "anonymous",
    }
)

# API reference, "Orders Status", and lengow_api, "Orders".
LENGOW_STATUSES = frozenset(
    {
        "new",
        "waiting_acceptance",
        "refused",
        "accepted",
        "waiting_shipment",
        "shipped",
        "closed",
        "canceled",
        "refunding",
        "refunded",
        "partial_refunded",
        "pickup_to_prepare",
        "to_pickup",
        "pickup_completed",
        "pickup_canceled",
        "to_refund",
    }
)

# API reference, "Available action types". A marketplace may offer others.
ACTION_TYPES = (
    "accept",
    "refuse",
    "ship",
    "cancel",
    "refund",
    "partial_cancel",
    "set_delivery_date",
    "set_eligible_shipping_methods",
    "buy_shipment_label",
    "pickup_ready",
    "pickup_complete",
    "pickup_cancel",
    "pickup_refund",
)

# API reference, "Create an action on an order": what every request says anyway.
ACTION_KEYS = ("account_id", "marketplace", "marketplace_order_id", "action_type")

# lengow_api, "Actions": `line` makes it one request per line, a quantity one per part.
LINE_ARGUMENTS = ("line",)
QUANTITY_ARGUMENTS = ("quantity", "shipped_quantity", "refund_quantity")

# lengow_api, "Actions" (Amazon's refund): amounts with these words are not the goods'.
CHARGE_WORDS = ("shipping", "tax")

# Ours: a delivery is reported as it becomes complete, other actions as they are asked for.
PARTIAL_ACTION_TYPES = ("ship",)

# Ours: bounds of a rule, of how often arguments that depend on each other are looked at
# again, and of all conditions that are judged for one request. A pattern gets a quarter
# of a second, and all patterns of one request together a whole one; no documented rule
# needs a thousandth of it.
RULE_DEPTH = 5
RULE_CONDITIONS = 200
RULE_ROUNDS = 50
RULE_JUDGEMENTS = 20_000
PATTERN_SECONDS = 0.25
PATTERNS_SECONDS = 1.0
PATTERN_LENGTH = 500
PATTERN_SUBJECT_LENGTH = 1000
# Ours: no list is so long that a place in it has more digits.
INDEX_DIGITS = 9
# Ours: decimal places of a float that are not noise.
FLOAT_DIGITS = 6
# Ours: patterns that were too slow once are not tried again by the same process.
SLOW_PATTERNS = 1000
# Ours: so many choices are told in a sentence.
CHOICES_TOLD = 10

# Ours: as long as a name of a feed's column may be. Lengow tells no limit; its channels
# map columns by name, and longer ones are cut in its screens.
HEADER_LENGTH = 58
