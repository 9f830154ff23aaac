"""The gate: applies every rule of the regulation to one case. It reads no file and no clock, and has no state."""
