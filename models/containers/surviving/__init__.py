"""The layer that outlives what apps do to pictures: other sizes, turns, conversion, compression.

It is written into the look before a file's own container is, in the luma of a reduced, *canonical*
copy (`grid`), as bits in its lowest frequencies (`carriers`). The message is in layers (`layers`),
so that what a copy still carries can be used, and says how the photo follows from the look and
what that misses (`content`). `writing` and `reading` put it in and get it out; `container` is what
the registry of containers sees.
"""
