"""What is known of how single areas really distributed, as data."""
