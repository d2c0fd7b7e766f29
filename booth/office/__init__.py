"""The office run: a list of people, one portrait each, named and within the brand. Names stay sealed until the export."""
