"""ReDial: finding the film that somebody recommended next in a real conversation."""
