"""The case folder that `new` makes: a case.json to fill in, and word of which papers go where."""
