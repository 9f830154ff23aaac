"""What a template may print: the case as typed records of plain data, so that a template can call nothing.

`templates check` checks templates against these records, and `templates fields` lists them: each field carries its
Chinese title, and an optional field says so in its type.
"""
