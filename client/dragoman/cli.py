"""The command `dragoman`; a placeholder until its commands are there."""


def main() -> int:
    """Run the command; return its exit status."""
    raise NotImplementedError
