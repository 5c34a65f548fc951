-- Keys that sign the tenant's context. The private half is sealed with the master key.
CREATE TABLE signing_key (
    kid             text        PRIMARY KEY,
    sealed_jwk      bytea       NOT NULL,
    public_jwk      jsonb       NOT NULL,
    published_at    timestamptz NOT NULL,
    signs_from      timestamptz NOT NULL,
    -- Set when the successor is known.
    published_until timestamptz
);
