"""What the stream is compared with: one module a technology, each with its own best practice.

`memory` is the limit: the same batches as bytes from memory. The others serve the same events from
a table of columns of their own (`columns`), as their users would. Each module has a `Reader` for
the client's side; those with a server of their own have a `main` that serves until it is ended.
"""
