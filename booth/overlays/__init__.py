"""What is drawn over the live picture and on every page: type, colours, shapes and the guides round a face."""
