from . import lengow_feed
