"""The list of the court's staff: who usually does what, so that a case need not be told again."""
