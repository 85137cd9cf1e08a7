"""A kind of record that the product does not know: what it needs to have a list, a form, buttons and rights is here."""
