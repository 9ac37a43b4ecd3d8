"""What a person types and sees in a terminal."""
