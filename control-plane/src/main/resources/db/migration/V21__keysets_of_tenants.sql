-- The keys of tenants: keysets of Tink, wrapped by the master key for their tenant and kind.
CREATE TABLE tenant_keyset (
  tenant_id  uuid        NOT NULL REFERENCES tenant (id),
  kind       text        NOT NULL CHECK (kind IN ('data', 'signatures')),
  wrapped    bytea       NOT NULL,
  rotated_at timestamptz NOT NULL,
  CONSTRAINT tenant_keyset_pkey PRIMARY KEY (tenant_id, kind)
);
CREATE INDEX tenant_keyset_rotation_idx ON tenant_keyset (rotated_at);

-- What may be known of a key. It is counted as used before it is used, many times at once.
CREATE TABLE tenant_key (
  tenant_id  uuid        NOT NULL,
  kind       text        NOT NULL,
  id         bigint      NOT NULL,
  created_at timestamptz NOT NULL,
  used       bigint      NOT NULL DEFAULT 0,
  PRIMARY KEY (tenant_id, kind, id),
  FOREIGN KEY (tenant_id, kind) REFERENCES tenant_keyset (tenant_id, kind) ON DELETE CASCADE
);
CREATE INDEX tenant_key_used_idx ON tenant_key (used);
