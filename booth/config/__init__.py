"""Settings and sentences: the profile schema and the words in every language."""
