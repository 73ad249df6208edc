-- Records, the revisions that they hold from and to, and the indexes that reads are answered from.
-- Days are ordinals (1 is 0001-01-01). docs/decisions/0003 explains rows, indexes and dates, 0004 the
-- two parts of a record.

CREATE TABLE data_set (
    id TEXT NOT NULL
);

-- One row a commit: the clock. The counts are those of the records that hold at it.
CREATE TABLE revision (
    revision INTEGER PRIMARY KEY,
    record_time INTEGER NOT NULL,        -- microseconds since 1970
    documents INTEGER NOT NULL,
    actors INTEGER NOT NULL,
    events INTEGER NOT NULL,
    negotiations INTEGER NOT NULL,
    sanction_changes INTEGER NOT NULL
);

-- One row a version of a record. `row` is made of kind, key and a counter, so that records of one
-- day lie side by side. The columns that filters need stand before the bytes, which may overflow.
CREATE TABLE record (
    row INTEGER PRIMARY KEY,
    kind INTEGER NOT NULL,
    key INTEGER NOT NULL,                -- the order's number: a day, 0 for actors, 4194304 undated
    id TEXT NOT NULL,
    from_revision INTEGER NOT NULL,
    to_revision INTEGER NOT NULL,        -- exclusive; 4611686018427387904 while it holds
    span INTEGER NOT NULL,               -- length class of the interval
    last_day INTEGER NOT NULL,           -- 4194304 where open or undated
    type INTEGER NOT NULL,               -- event type, sanction action, actor kind
    status INTEGER NOT NULL,
    assertion INTEGER NOT NULL,
    confidence REAL NOT NULL,
    tokens TEXT NOT NULL,                -- this row's postings, a JSON list, so that they can be closed
    core BLOB NOT NULL,
    detail BLOB NOT NULL
);

-- By descending to_revision first comes what holds now, however often the record was revised.
CREATE INDEX record_by_id ON record (id, to_revision, from_revision);
CREATE INDEX record_by_key ON record (kind, key, id, from_revision, to_revision, span, last_day);
-- Intervals of more than one day, by length class: what began before a range and reaches into it.
CREATE INDEX record_wide ON record (kind, span, key, id, last_day, from_revision, to_revision)
    WHERE span > 0;

-- Values that filters ask for, as numbers: an actor, a document, an event type and so on.
CREATE TABLE token (
    token INTEGER PRIMARY KEY,
    kind INTEGER NOT NULL,
    field TEXT NOT NULL,
    value TEXT NOT NULL,
    postings INTEGER NOT NULL,           -- how many there are, dead ones included: to choose by
    UNIQUE (kind, field, value)
);

-- Which rows have a token, in the order of reads.
CREATE TABLE posting (
    token INTEGER NOT NULL,
    key INTEGER NOT NULL,
    id TEXT NOT NULL,
    row INTEGER NOT NULL,
    from_revision INTEGER NOT NULL,
    to_revision INTEGER NOT NULL,
    span INTEGER NOT NULL,
    last_day INTEGER NOT NULL,
    mask INTEGER NOT NULL,               -- actors: roles by scope
    PRIMARY KEY (token, key, id, row)
) WITHOUT ROWID;

CREATE INDEX posting_wide
    ON posting (token, span, key, id, row, last_day, from_revision, to_revision, mask)
    WHERE span > 0;

-- Who takes part in a row, an actor once: to tell participants of one record apart. The three
-- tokens are of field actor; 0 is nobody.
CREATE TABLE participant (
    row INTEGER NOT NULL,
    actor INTEGER NOT NULL,
    side INTEGER NOT NULL,
    country INTEGER NOT NULL,
    roles INTEGER NOT NULL,
    PRIMARY KEY (row, actor)
) WITHOUT ROWID;

-- Names of actors without case and accents, whole (start 0) and from each later word on. Keyed by
-- actor, not by row: they change far more seldom than the record.
CREATE TABLE name (
    folded TEXT NOT NULL,
    start INTEGER NOT NULL,
    actor_id TEXT NOT NULL,
    name TEXT NOT NULL,                  -- as texts write it
    cased TEXT NOT NULL,                 -- without case only
    from_revision INTEGER NOT NULL,
    to_revision INTEGER NOT NULL,
    PRIMARY KEY (folded, start, actor_id, name, from_revision)
) WITHOUT ROWID;

CREATE INDEX name_by_actor ON name (actor_id, to_revision);

-- What became of ids that no longer name a record of their own: merged into another, or gone.
CREATE TABLE fate (
    id TEXT NOT NULL,
    to_revision INTEGER NOT NULL,
    from_revision INTEGER NOT NULL,
    kind INTEGER NOT NULL,
    into_id TEXT,                        -- NULL: gone
    successor_ids TEXT NOT NULL,         -- a JSON list
    PRIMARY KEY (id, to_revision)
) WITHOUT ROWID;

CREATE INDEX fate_by_target ON fate (into_id, to_revision) WHERE into_id IS NOT NULL;

-- The last reading of each document. Not versioned: it serves the writing side only.
CREATE TABLE reading (
    document_id TEXT PRIMARY KEY,
    extractor_version TEXT NOT NULL,
    record_ids TEXT NOT NULL             -- a JSON list
) WITHOUT ROWID;

CREATE TABLE share (
    actor_id TEXT NOT NULL,
    document_id TEXT NOT NULL,
    actor BLOB NOT NULL,
    PRIMARY KEY (actor_id, document_id)
) WITHOUT ROWID;

CREATE INDEX share_by_document ON share (document_id);
