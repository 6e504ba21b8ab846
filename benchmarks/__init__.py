"""What is measured, against what, with which command."""
