"""What every request passes: host check, login, sessions, limits, security headers and the audit log."""
