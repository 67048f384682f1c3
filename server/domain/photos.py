"""Which pictures are taken, and how long one is kept that hangs on nothing."""

import datetime as dt

MOST_BYTES = 5 * 1024 * 1024
# Smaller is no picture of a meal; larger is more than a 50-megapixel phone takes, and a file made to fill our memory.
LEAST_SIDE_PIXELS = 8
MOST_PIXELS = 52_000_000
SIZES = {"full": 1600, "thumbnail": 320}
"""The longest side of what is kept, in pixels: enough to read a receipt, and little enough for a phone's screen."""

# What a photo can hang on, and what one must be allowed to do to see it there.
SEEN_BY = {"entry": "entry.read", "purchase": "purchase.read"}

# Written down but its file not yet safe: whoever sent it has long given up after this.
ARRIVES_WITHIN = dt.timedelta(hours=1)
# Sent, and then no meal or receipt was filed with it.
WAITS_FOR_AN_ENTRY = dt.timedelta(days=7)
