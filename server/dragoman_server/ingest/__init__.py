"""From files to commits: what reads articles and records, and what it changes in the store.

`sources` finds and tells files apart, `merge` makes one actor of what several documents say of it,
`plan` turns a reading of a document into changes, `records` reads and writes files of records, and
`loader` drives them all.
"""
