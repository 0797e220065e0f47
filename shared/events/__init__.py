"""What happened, as small frozen classes. A name is past tense and keeps its meaning: another meaning is a new name.

`catalogue.py` knows them all; `docs/events.md` has a row for each, and a test says so.
"""
