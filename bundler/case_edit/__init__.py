"""Every change to a case folder: merged with concurrent changes, crash-safe, written by one writer."""
