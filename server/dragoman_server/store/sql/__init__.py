"""What stores in SQL databases share: `SqlStore` is all of the protocol but for the database.

`database` is the seam: a connection, and what its database says differently. `statements` makes
the SQL of reads, `planning` chooses what drives them, `reading` runs them; `writing` applies a
commit; `lookups`, `names` and `readings` answer single questions; `migrations` reads the scripts
that make the schema.
"""
