-- What the control plane keeps secret for a tenant is sealed with the tenant's own keys; a job moves what
-- is sealed with the master key. Such a value begins with the letters gkt1.
ALTER TABLE tenant_keyset
  DROP CONSTRAINT tenant_keyset_kind_check,
  ADD CONSTRAINT tenant_keyset_kind_check CHECK (kind IN ('secrets', 'data', 'signatures'));
