-- The schema "tenancy" of a database in which there is one tenant alone. An application, and the SQL that makes its
-- tables, are the same here as where tenants share: it enters, and it protects its tables. What keeps others out is
-- that no role of theirs can connect; so there are no keys, no seals and no policies here, and nothing to pay for them.

CREATE SCHEMA tenancy;
COMMENT ON SCHEMA tenancy IS 'version 1';

CREATE FUNCTION tenancy.current_tenant() RETURNS uuid
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$ SELECT '00000000-0000-0000-0000-000000000000'::uuid $$;

-- A token of another tenant has come to the wrong database: nothing is done then.
CREATE FUNCTION tenancy.enter(token text) RETURNS uuid
LANGUAGE plpgsql STABLE AS $$
BEGIN
  IF token IS NULL OR pg_catalog.length(token) OPERATOR(pg_catalog.<>) 118
    OR pg_catalog.left(token, 4) OPERATOR(pg_catalog.<>) 'gdt1'
  THEN
    RAISE EXCEPTION USING ERRCODE = 'insufficient_privilege', MESSAGE = 'the token is not one';
  ELSIF pg_catalog.substr(token, 13, 32)
    OPERATOR(pg_catalog.<>) pg_catalog.replace(tenancy.current_tenant()::text, '-', '')
  THEN
    RAISE EXCEPTION USING ERRCODE = 'insufficient_privilege',
      MESSAGE = 'the token is of another tenant than this database';
  END IF;
  RETURN tenancy.current_tenant();
END
$$;

-- Gives a table its column tenant_id, which holds this tenant alone; again changes nothing. The caller owns the table.
CREATE FUNCTION tenancy.protect(target regclass, tolerated name[] DEFAULT '{}') RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
  IF NOT EXISTS (SELECT FROM pg_attribute WHERE attrelid = target AND attname = 'tenant_id' AND NOT attisdropped) THEN
    EXECUTE format('ALTER TABLE %s ADD COLUMN tenant_id uuid NOT NULL DEFAULT tenancy.current_tenant()', target);
  ELSE
    EXECUTE format('ALTER TABLE %s ALTER COLUMN tenant_id SET DEFAULT tenancy.current_tenant(), '
                   'ALTER COLUMN tenant_id SET NOT NULL', target);
  END IF;
  IF NOT EXISTS (SELECT FROM pg_constraint WHERE conrelid = target AND conname = 'tenancy_tenant') THEN
    EXECUTE format('ALTER TABLE %s ADD CONSTRAINT tenancy_tenant CHECK (tenant_id = tenancy.current_tenant())', target);
  END IF;
END
$$;

GRANT USAGE ON SCHEMA tenancy TO PUBLIC;
