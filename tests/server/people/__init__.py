"""Tests of people, their rights and how they sign in."""
