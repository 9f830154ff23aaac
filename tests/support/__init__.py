"""What several tests share: cases, files, browsers, other readers."""
