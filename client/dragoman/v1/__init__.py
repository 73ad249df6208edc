"""Generated messages and stubs of the contract dragoman.v1; see docs/decisions/0002."""
