"""What each document requires of a case; one function for each document, named by its id, yields what is missing."""
