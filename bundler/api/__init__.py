"""The public functions check, render, build and verify, which the commands of these names are written on.

``import bundler`` offers them as `bundler.check` and so on; ``docs/python.md`` says what is stable. What only one of them
needs is imported inside it: the commands import these modules, and `check` must start quickly.
"""
