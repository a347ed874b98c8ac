"""Many pictures: what is done with one, in how many processes, and what is written down of it."""
