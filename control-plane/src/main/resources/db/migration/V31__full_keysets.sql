-- Since when a keyset is due to be succeeded and has as many keys as it may: it was told once.
ALTER TABLE tenant_keyset ADD COLUMN full_since timestamptz;
