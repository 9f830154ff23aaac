"""What each document requires of a case before it can be drafted, and what that guarantees to its template."""
