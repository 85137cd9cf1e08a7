"""Generic screens of records: list, form, tree, history, files, comparison; whatever a kind's description says."""
