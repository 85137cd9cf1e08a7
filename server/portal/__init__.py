"""Web pages for citizens' phones and PCs: plain HTML from the server, readable without JavaScript."""
