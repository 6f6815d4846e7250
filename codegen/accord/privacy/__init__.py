"""What in an exchange is nobody else's business, and what stands there instead."""
