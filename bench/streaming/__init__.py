"""How fast records stream, side by side with peers and with the limit, as ratios."""
