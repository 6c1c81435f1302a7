"""EPCIS 2.0: custody events in words that other people's tools read, and back.

`ids` and `words` name things, `parts`, `fields` and `events` write facts, `hashing` gives event ids,
`corrections` declares errors, `reading` reads our own documents back, `rules` and `checking` judge anybody's.
Only `office` opens the database. docs/decisions/0011-epcis.md.
"""
