"""The office run: a list of people, one portrait each, within the brand. Names stay sealed until the export."""
