"""Two servers over one PostgreSQL, which is restarted while a client reads."""

from __future__ import annotations

from contextlib import closing

from dragoman.v1 import event_service_pb2 as events
from dragoman_server.store import open_store
from tests.postgres import PASSWORD, Cluster
from tests.wire import world
from tests.wire.serving import serving


async def test_pages_go_on_at_another_server_and_after_a_restart(cluster: Cluster) -> None:
    with (
        cluster.schema() as url,
        closing(open_store(url)) as one,
        closing(open_store(url)) as other,
    ):
        world.fill(one)
        async with serving(one) as first, serving(other) as second:
            whole = await first.one("ListEvents", events.ListEventsRequest(page_size=1000))
            assert whole.events
            found = []
            token = ""
            pages = 0
            while token or not pages:
                asked = events.ListEventsRequest(page_size=1, page_token=token)
                wire = (first, second)[pages % 2]
                if pages == 2:
                    cluster.stop()
                    cluster.start()
                if pages in {2, 3}:
                    # Each server is told once, by the call that finds its connections broken.
                    refusal = await wire.refusal("ListEvents", asked)
                    assert refusal.code.name == "UNAVAILABLE"
                    assert PASSWORD not in str(refusal)
                page = await wire.one("ListEvents", asked)
                found += page.events
                token = page.next_page_token
                pages += 1
            assert pages > 4
            assert found == list(whole.events)
