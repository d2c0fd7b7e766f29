"""Keeps a portrait and hands it over: folder, store, print, mail, phone page."""
