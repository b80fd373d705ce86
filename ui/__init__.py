"""What people touch: the page, the terminal and the command line."""
