"""From the bytes of a request to a question for the store, and from its rows to a response.

Nothing here touches the network or the store's database: `decode` makes messages of bytes and
refuses what the server does not know, `filters` makes queries of messages, `cursors` keeps a place,
`framing` wraps stored bytes as responses, `errors` says no.
"""
