"""Take in registers and scans: propose what each row or scan is, and leave every doubt to a person."""
