"""The guided first set-up: from an empty server's one-time code to a hall that serves. One file a step."""
