"""What each document needs of the case before it can be filled, and what that assures its template of."""
