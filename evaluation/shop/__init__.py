"""The next product in histories of a shop, ranked over its whole catalogue."""
