"""Load test of the desk: many simulated clerks at once, and a verification of the case folders afterwards."""
