"""The servicers, one a file, thin: check, ask the store, frame, send."""
