"""What generated clients and models are made of."""
