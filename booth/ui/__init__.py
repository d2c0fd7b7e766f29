"""The kiosk: the pages a guest walks through, the session that holds their pictures and the one window."""
