-- The counter that orders all changes which the edge must see. Its row stays locked from the moment
-- a transaction takes a revision until it ends, so the order of revisions is the order of commits.
CREATE TABLE edge_revision (
    only_row       boolean PRIMARY KEY DEFAULT true CHECK (only_row),
    revision       bigint  NOT NULL,
    -- Tombstones up to this revision are gone: whoever knows less needs a snapshot.
    purged_through bigint  NOT NULL
);

INSERT INTO edge_revision (revision, purged_through) VALUES (0, 0);

-- What the edge knows: the current state of every object, and a tombstone of what was removed.
CREATE TABLE edge_object (
    kind       text        NOT NULL,
    key        text        NOT NULL,
    revision   bigint      NOT NULL,
    payload    jsonb,
    removed    boolean     NOT NULL,
    changed_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (kind, key),
    CHECK (removed = (payload IS NULL))
);

CREATE UNIQUE INDEX edge_object_revision ON edge_object (revision);
CREATE INDEX edge_object_tombstone ON edge_object (revision) WHERE removed;

-- The gateways and what they have applied.
CREATE TABLE gateway (
    name             text        PRIMARY KEY,
    applied_revision bigint      NOT NULL,
    last_seen_at     timestamptz NOT NULL
);
