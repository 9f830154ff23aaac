"""What a bundle says of itself: ``manifest.json``, its model and its distrustful reading."""
