-- Records, the revisions that they hold from and to, and the indexes that reads are answered from.
-- Days are ordinals (1 is 0001-01-01). docs/decisions/0003 explains rows, indexes and dates, 0004 the
-- two parts of a record, 0008 what differs from SQLite. Text is compared as bytes whatever the
-- database's locale: COLLATE "C" stands at every column of text.

-- One row, which a commit locks before it reads the head: revisions become visible in their order.
CREATE TABLE data_set (
    id TEXT COLLATE "C" NOT NULL
);

-- One row a commit: the clock. The counts are those of the records that hold at it.
CREATE TABLE revision (
    revision BIGINT PRIMARY KEY,
    record_time BIGINT NOT NULL,            -- microseconds since 1970
    documents BIGINT NOT NULL,
    actors BIGINT NOT NULL,
    events BIGINT NOT NULL,
    negotiations BIGINT NOT NULL,
    sanction_changes BIGINT NOT NULL
);

-- One row a version of a record. `row` is made of kind, key and a counter, so that records of one
-- day lie side by side. The columns that filters need stand before the bytes, which may overflow.
CREATE TABLE record (
    row BIGINT PRIMARY KEY,
    kind INTEGER NOT NULL,
    key INTEGER NOT NULL,                   -- the order's number: a day, 0 for actors, 4194304 undated
    id TEXT COLLATE "C" NOT NULL,
    from_revision BIGINT NOT NULL,
    to_revision BIGINT NOT NULL,            -- exclusive; 4611686018427387904 while it holds
    span INTEGER NOT NULL,                  -- length class of the interval
    last_day INTEGER NOT NULL,              -- 4194304 where open or undated
    type INTEGER NOT NULL,                  -- event type, sanction action, actor kind
    status INTEGER NOT NULL,
    assertion INTEGER NOT NULL,
    confidence DOUBLE PRECISION NOT NULL,
    tokens TEXT COLLATE "C" NOT NULL,       -- this row's postings, a JSON list, to close them by
    core BYTEA NOT NULL,
    detail BYTEA NOT NULL
);

-- Every stream reads the core: it is never compressed.
ALTER TABLE record ALTER COLUMN core SET STORAGE EXTERNAL;

-- By descending to_revision first comes what holds now, however often the record was revised.
CREATE INDEX record_by_id ON record (id, to_revision, from_revision);
CREATE INDEX record_by_key ON record (kind, key, id, from_revision, to_revision, span, last_day);
-- Intervals of more than one day, by length class: what began before a range and reaches into it.
CREATE INDEX record_wide ON record (kind, span, key, id, last_day, from_revision, to_revision)
    WHERE span > 0;

-- Values that filters ask for, as numbers: an actor, a document, an event type and so on.
CREATE TABLE token (
    token BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    kind INTEGER NOT NULL,
    field TEXT COLLATE "C" NOT NULL,
    value TEXT COLLATE "C" NOT NULL,
    postings BIGINT NOT NULL,               -- how many there are, dead ones included: to choose by
    UNIQUE (kind, field, value)
-- Room on each page to count in place.
) WITH (fillfactor = 70);

-- Which rows have a token, in the order of reads.
CREATE TABLE posting (
    token BIGINT NOT NULL,
    key INTEGER NOT NULL,
    id TEXT COLLATE "C" NOT NULL,
    row BIGINT NOT NULL,
    from_revision BIGINT NOT NULL,
    to_revision BIGINT NOT NULL,
    span INTEGER NOT NULL,
    last_day INTEGER NOT NULL,
    mask INTEGER NOT NULL,                  -- actors: roles by scope
    -- The other columns go along, so that walking postings need not visit their table.
    PRIMARY KEY (token, key, id, row)
        INCLUDE (from_revision, to_revision, span, last_day, mask)
);

CREATE INDEX posting_wide
    ON posting (token, span, key, id, row, last_day, from_revision, to_revision, mask)
    WHERE span > 0;

-- Who takes part in a row, an actor once: to tell participants of one record apart. The three
-- tokens are of field actor; 0 is nobody.
CREATE TABLE participant (
    row BIGINT NOT NULL,
    actor BIGINT NOT NULL,
    side BIGINT NOT NULL,
    country BIGINT NOT NULL,
    roles INTEGER NOT NULL,
    PRIMARY KEY (row, actor)
);

-- Names of actors without case and accents, whole (start 0) and from each later word on. Keyed by
-- actor, not by row: they change far more seldom than the record.
CREATE TABLE name (
    folded TEXT COLLATE "C" NOT NULL,
    start INTEGER NOT NULL,
    actor_id TEXT COLLATE "C" NOT NULL,
    name TEXT COLLATE "C" NOT NULL,         -- as texts write it
    cased TEXT COLLATE "C" NOT NULL,        -- without case only
    from_revision BIGINT NOT NULL,
    to_revision BIGINT NOT NULL,
    PRIMARY KEY (folded, start, actor_id, name, from_revision)
);

CREATE INDEX name_by_actor ON name (actor_id, to_revision);

-- What became of ids that no longer name a record of their own: merged into another, or gone.
CREATE TABLE fate (
    id TEXT COLLATE "C" NOT NULL,
    to_revision BIGINT NOT NULL,
    from_revision BIGINT NOT NULL,
    kind INTEGER NOT NULL,
    into_id TEXT COLLATE "C",               -- NULL: gone
    successor_ids TEXT COLLATE "C" NOT NULL, -- a JSON list
    PRIMARY KEY (id, to_revision)
);

CREATE INDEX fate_by_target ON fate (into_id, to_revision) WHERE into_id IS NOT NULL;

-- The last reading of each document. Not versioned: it serves the writing side only.
CREATE TABLE reading (
    document_id TEXT COLLATE "C" PRIMARY KEY,
    extractor_version TEXT COLLATE "C" NOT NULL,
    record_ids TEXT COLLATE "C" NOT NULL    -- a JSON list
);

CREATE TABLE share (
    actor_id TEXT COLLATE "C" NOT NULL,
    document_id TEXT COLLATE "C" NOT NULL,
    actor BYTEA NOT NULL,
    PRIMARY KEY (actor_id, document_id)
);

CREATE INDEX share_by_document ON share (document_id);
