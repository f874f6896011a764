"""What X-rays show of a crystal."""
