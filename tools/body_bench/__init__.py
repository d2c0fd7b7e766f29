"""Bodies whose stance is known exactly, to see how far the measures of a body can be trusted."""
