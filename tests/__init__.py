"""Tests, one folder a part of the house; `ground` is what they stand on."""
