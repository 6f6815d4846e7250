"""Cekura runs: models, client and strategies, written by `accord generate`."""
