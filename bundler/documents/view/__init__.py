"""What a template may print: the case as typed records of plain data, so that it can call nothing.

The records are also what `templates check` proves templates against, and what `templates fields` lists: each field bears
its Chinese title, and one that may be absent says so in its type.
"""
