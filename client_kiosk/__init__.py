"""The touch kiosk: services, a ticket in two touches, on paper or on the screen."""
