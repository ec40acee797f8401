"""Limits and defaults of the connector, each with where it comes from."""

# Lengow's API and its sandbox (API reference, "Make a request"; the sandbox is `.net`).
PRODUCTION_URL = "https://api.lengow.io"

# "never more than 500 requests a minute" (advice for the Orders API), less a margin for
# other tools of the merchant that use the same account.
REQUESTS_PER_MINUTE = 450
MAXIMUM_REQUESTS_PER_MINUTE = 500

# An order can become visible later than its `updated_at` says; two hours is what the
# field uses.
OVERLAP_MINUTES = 120

# Without a valid date filter Lengow answers the last seven days.
IMPORT_WINDOW_DAYS = 7.0

# Older orders are not created any more: their life on the marketplace is over.
OLDEST_ORDER_DAYS = 90

# A few cents of rounding between a marketplace's total and its parts.
TOLERANCE = 0.05

# "It is unnecessary to request it more than once an hour" (Marketplaces API).
MARKETPLACES_MINIMUM_AGE_MINUTES = 60

# Measured on Odoo 19: batches of 10 to 50 are fastest, no gain beyond.
IMPORT_BATCH_SIZE = 25

# Pauses before an order in error is tried again, in minutes; then a person must.
RETRY_PAUSES_MINUTES = (5, 15, 60, 360, 1440)

# Runs of synchronisations are kept for the operator this long.
SYNC_KEPT_DAYS = 30

# So many records fit into one transaction of housekeeping.
RECORDS_AT_ONCE = 10_000

# Orders that a changed setting has read again before the click returns, at 3 ms each;
# and how many of the others the cron reads again in one transaction.
REREAD_AT_ONCE = 200
REREAD_PER_TRANSACTION = 1_000

# The scheduler calls a cron with work left again within seconds.
SYNC_SAME_RUN_SECONDS = 30

# How often a worker gives way to others that are at the same records, before it leaves
# the rest to its next run.
MAXIMUM_CONFLICTS = 5

# A cron's worker is killed after 120 s (limit_time_real): what one request may take in
# all, retries included, leaves room for the other accounts.
REQUEST_SECONDS = 30.0
CONNECT_SECONDS = 10.0

# Amazon's habit of naming a product that lies in its own warehouse.
FBA_SUFFIX = "_FBA"

# The largest number of a record (PostgreSQL's integer).
MAXIMUM_INTEGER = 2**31 - 1

# What `merchant_product_id.field` holds is a name of the merchant's catalogue; these are
# usual ones for Odoo's internal reference and barcode. `ID_PRODUCT`, which the API's
# examples show, is none: most shops call their own numbers so.
PRODUCT_FIELD_NAMES = {
    "sku": "default_code",
    "reference": "default_code",
    "internal_reference": "default_code",
    "ean": "barcode",
    "ean13": "barcode",
    "gtin": "barcode",
    "upc": "barcode",
}

# How many products a sentence names.
NAMES_SHOWN = 5

# Suggestions of the wizard Map Products: one costs a few searches by name, so only the
# first ones get one; and the share of words in common below which a name says nothing.
MAXIMUM_SUGGESTIONS = 40
CANDIDATES_COMPARED = 100
SUGGESTION_LIKENESS = 0.6

# What is delivered is counted in the marketplace's pieces, which may be packs: of a pack of
# six, one is 0.166667.
QUANTITY_DIGITS = 6

# Carriers that left with orders of these last days are offered for mapping, and the share
# of words in common below which the name of another one says nothing.
CARRIER_DAYS = 90
CARRIER_LIKENESS = 0.5

# A delivery of Odoo has at most three steps: pick, pack, ship.
MAXIMUM_DELIVERY_STEPS = 3

# An account whose orders could not be fetched on more days in a row pauses by itself.
PAUSE_AFTER_DAYS = 3

# Orders that wait for longer are named in the daily mail.
WAITING_LONG_DAYS = 3

# Each order that is imported by its number costs a request and a part of a second.
MAXIMUM_NUMBERS = 50

# What a user's click may take in all; Odoo ends it after 120 s (limit_time_real).
CLICK_SECONDS = 60

# Lengow tries an action three to five times by itself (lengow_api, "Actions"); after this
# long without an answer a person is told.
SETTLE_DAYS = 3

# Answers of actions are read again from this much before the last time, and an action
# that no list has shown is asked for by its number after a while.
SETTLE_OVERLAP_MINUTES = 15
STRAGGLER_MINUTES = 60

# After a request without an answer Lengow is asked twice whether it has the action, with
# this pause between: it may show a fresh one late.
LOOK_UP_MINUTES = 5
# How far before the request what Lengow made is looked at: clocks differ.
LOOK_BACK_MINUTES = 60

# Settled actions whose orders are told of in one transaction.
TOLD_AT_ONCE = 200

# A sending worker waits for its place below the allowance, at most a minute, and for the
# answer.
SEND_SECONDS = 90.0

# So many requests that fail one after the other are no accident: the others wait.
MAXIMUM_FAILURES = 3
# Stock movements are asked for in windows of so many days, and each fetch looks back so
# far: liquidations are reported up to a week after they happened (API reference,
# "Liquidated items").
MOVEMENT_WINDOW_DAYS = 7
MOVEMENT_OVERLAP_DAYS = 7
# So many movements are stored in one go, and so many become stock moves in one
# transaction.
MOVEMENTS_AT_ONCE = 5000
MOVEMENTS_MOVED_AT_ONCE = 2000

# The quality of returned pieces that are as good as new (API reference, "Returned
# items").
GOOD_QUALITY = "A"

# The daily report of what lies in Zalando's warehouses (API reference, "List available
# document types").
STOCK_REPORT_TYPE = "zfs-item-quantity-snapshot"

# A step of a shipping notice that was begun so long ago is not being done any more: its
# worker is gone.
STEP_MINUTES = 10

# EANs go into the address of a request, which servers bound to some thousand characters.
MAXIMUM_EANS = 300

# An error's text that comes in place of a document, in bytes.
ERROR_TEXT_BYTES = 2000
# Where feeds are served. Merchants have entered it in Lengow: it never changes.
FEED_PATH = "/lengow/feed"

# Measured on Odoo 19: batches of 1,000 products are fastest but for one of all.
FEED_BATCH_SIZE = 1000

# Rows of a feed are computed anew at least so often: links to images expire after 14
# days at the soonest (`limited_field_access_token`), and write dates do not tell all.
FEED_FULL_BUILD_DAYS = 7


# Rows of the preview, products that a warning names, and builds that are kept.
FEED_PREVIEW_ROWS = 5
FEED_WARNING_PRODUCTS = 1000
FEED_BUILDS_KEPT = 20

# Requests on the same feed are noted at most so often, in seconds.
FEED_FETCH_NOTED_SECONDS = 60

# Part of a file that is sent at once.
FEED_CHUNK_BYTES = 256 * 1024

# Raised when rows are written in another way, so that an upgrade builds them anew.
FEED_FORMAT_VERSION = 4

# A feed that was looked at so recently is left alone by the cron's next call, in seconds.
FEED_CHECK_SECONDS = 60

# What a killed build loses at most, in seconds of work.
FEED_SAVE_SECONDS = 5
