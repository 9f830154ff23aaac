"""The order of the steps: read and check a case, then draft, set, number and join its bundle."""
