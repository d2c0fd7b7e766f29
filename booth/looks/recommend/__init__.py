"""Which looks suit, and why: from what is measured of this sitter alone, said in one true sentence, offered only."""
