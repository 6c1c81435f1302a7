"""Lists from real spreadsheets: read, reduced, understood, questioned, compared, and only then accepted.

No Django, no clock, no writing: bytes go in, records and findings come out. The way of one file::

    read_book → lay_out → reduce → interpret → ImportResult → preview → accept (the office's action)
"""
