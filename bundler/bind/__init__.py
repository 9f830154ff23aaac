"""Set pages and attached files, bound into one numbered PDF."""
