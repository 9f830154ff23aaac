"""All cases of a desk at a glance: a row for each, kept as long as its files lie there unchanged."""
