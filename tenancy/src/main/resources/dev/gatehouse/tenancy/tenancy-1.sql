-- The schema "tenancy": PostgreSQL itself knows which tenant a transaction is of, and shows it the rows of no other.
--
-- For PostgreSQL 15 to 18, without any extension. Run it once in each database, in one transaction, as a role that is
-- not the application's and owns nothing of the application's; a superuser where roles are to be made. It owns the
-- schema then, and what stands in here is trusted because nobody else can become it.
--
--   tenancy.enter(token)       verifies a token and fixes the tenant until the transaction ends
--   tenancy.current_tenant()   that tenant, or an error; never null
--   tenancy.protect(table)     makes a table show and take the rows of this tenant alone
--   tenancy.admit(role)        lets an application's role use the first two
--   tenancy.findings()         what would let a row escape
--   tenancy.put_token_key(id, key, audience), drop_token_key(id), renew_seal()   for the owner alone
--
-- Every name is written with its schema, operators included: what stands in a caller's search_path changes nothing.

CREATE SCHEMA tenancy;
REVOKE ALL ON SCHEMA tenancy FROM PUBLIC;
COMMENT ON SCHEMA tenancy IS 'version 1';

-- What tokens are verified with: HMAC-SHA-256 (RFC 2104) with the key already in both pads, and the audience, which
-- every token is for, at the front of the text. Two keys overlap while one takes the place of the other.
CREATE TABLE tenancy.token_key (
  id          text PRIMARY KEY CHECK (id ~ '^[0-9a-z]{8}$'),
  audience    text NOT NULL CHECK (length(audience) BETWEEN 1 AND 200),
  inner_text  bytea NOT NULL,
  outer_text  bytea NOT NULL,
  created_at  timestamptz NOT NULL DEFAULT now()
);

-- What the owner seals an entered tenant with. It is made here, and never leaves.
CREATE TABLE tenancy.seal (
  only_one boolean PRIMARY KEY DEFAULT true CHECK (only_one),
  key      bytea NOT NULL CHECK (length(key) = 32)
);

-- Whom tenancy.admit has let in.
CREATE TABLE tenancy.application (
  role        regrole PRIMARY KEY,
  admitted_at timestamptz NOT NULL DEFAULT now()
);

REVOKE ALL ON ALL TABLES IN SCHEMA tenancy FROM PUBLIC;

-- 256 bits from the server's generator for secrets, of which a random UUID has 122.
INSERT INTO tenancy.seal (key)
SELECT sha256(uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid()));

-- Declared immutable so that a session reads it once: PL/pgSQL keeps the value in the plans of the two functions that
-- use it, where no caller can see it. renew_seal() makes every session forget these plans.
CREATE FUNCTION tenancy.seal_key() RETURNS bytea
LANGUAGE plpgsql IMMUTABLE PARALLEL RESTRICTED AS $$
BEGIN
  RETURN (SELECT key FROM tenancy.seal);
END
$$;

-- The tenant in the setting, if the seal beside it was made in this very transaction: it holds for this backend and
-- this time of begin, and for no other. 36 characters of the tenant, then 64 of SHA-256 over the key and 28 bytes; as
-- that length never varies, nothing can be appended. Both sides of the comparison are hashed, so that how long it takes
-- says nothing of the seal. One expression, as PL/pgSQL sets each one up anew in every transaction.
CREATE FUNCTION tenancy.current_tenant() RETURNS uuid
LANGUAGE plpgsql STABLE SECURITY DEFINER PARALLEL RESTRICTED COST 10 AS $$
BEGIN
  RETURN CASE
    WHEN COALESCE(pg_catalog.length(pg_catalog.current_setting('tenancy.entered', true)), 0)
         OPERATOR(pg_catalog.<>) 100
    THEN tenancy.refuse_nobody()
    WHEN pg_catalog.sha256(pg_catalog.decode(
           pg_catalog.substr(pg_catalog.current_setting('tenancy.entered'), 37), 'hex'))
         OPERATOR(pg_catalog.=) pg_catalog.sha256(pg_catalog.sha256(
           tenancy.seal_key()
           OPERATOR(pg_catalog.||) pg_catalog.uuid_send(
             pg_catalog.substr(pg_catalog.current_setting('tenancy.entered'), 1, 36)::pg_catalog.uuid)
           OPERATOR(pg_catalog.||) pg_catalog.int4send(pg_catalog.pg_backend_pid())
           OPERATOR(pg_catalog.||) pg_catalog.timestamptz_send(pg_catalog.transaction_timestamp())))
    THEN pg_catalog.substr(pg_catalog.current_setting('tenancy.entered'), 1, 36)::pg_catalog.uuid
    ELSE tenancy.refuse_nobody()
  END;
END
$$;

CREATE FUNCTION tenancy.refuse_nobody() RETURNS uuid
LANGUAGE plpgsql STABLE AS $$
BEGIN
  RAISE EXCEPTION USING
    ERRCODE = 'insufficient_privilege',
    MESSAGE = 'no tenant was entered in this transaction',
    HINT = 'SELECT tenancy.enter(token) first, in the same transaction.';
END
$$;

-- A token has 118 characters: gdt1, 8 of the key's id, 32 of the tenant, 10 of the second since 1970 at which it ends,
-- 64 of HMAC-SHA-256 over the audience, a zero byte and the 54 characters before it.
CREATE FUNCTION tenancy.enter(token text) RETURNS uuid
LANGUAGE plpgsql VOLATILE SECURITY DEFINER PARALLEL UNSAFE AS $$
DECLARE
  inner_text pg_catalog.bytea;
  outer_text pg_catalog.bytea;
BEGIN
  SELECT k.inner_text, k.outer_text INTO inner_text, outer_text
    FROM tenancy.token_key k
   WHERE k.id OPERATOR(pg_catalog.=) pg_catalog.substr(token, 5, 8);
  RETURN CASE
    WHEN pg_catalog.sha256(pg_catalog.convert_to(pg_catalog.substr(token, 55), 'UTF8'))
         OPERATOR(pg_catalog.=) pg_catalog.sha256(pg_catalog.convert_to(pg_catalog.encode(
           pg_catalog.sha256(outer_text OPERATOR(pg_catalog.||) pg_catalog.sha256(
             inner_text OPERATOR(pg_catalog.||) pg_catalog.convert_to(pg_catalog.substr(token, 1, 54), 'UTF8'))),
           'hex'), 'UTF8'))
    THEN CASE
      WHEN pg_catalog.to_timestamp(pg_catalog.substr(token, 45, 10)::pg_catalog.float8)
           OPERATOR(pg_catalog.<=) pg_catalog.clock_timestamp()
      THEN tenancy.refuse(pg_catalog.format(
        'the token ended at %s, and it is %s here',
        pg_catalog.to_timestamp(pg_catalog.substr(token, 45, 10)::pg_catalog.float8),
        pg_catalog.clock_timestamp()))
      WHEN COALESCE(pg_catalog.current_setting('tenancy.entered', true), '') OPERATOR(pg_catalog.<>) ''
           AND tenancy.is_another(pg_catalog.substr(token, 13, 32)::pg_catalog.uuid)
      THEN tenancy.refuse('another tenant was entered in this transaction before')
      ELSE pg_catalog.substr(pg_catalog.set_config(
        'tenancy.entered',
        pg_catalog.substr(token, 13, 32)::pg_catalog.uuid::pg_catalog.text
        OPERATOR(pg_catalog.||) pg_catalog.encode(pg_catalog.sha256(
          tenancy.seal_key()
          OPERATOR(pg_catalog.||) pg_catalog.uuid_send(pg_catalog.substr(token, 13, 32)::pg_catalog.uuid)
          OPERATOR(pg_catalog.||) pg_catalog.int4send(pg_catalog.pg_backend_pid())
          OPERATOR(pg_catalog.||) pg_catalog.timestamptz_send(pg_catalog.transaction_timestamp())), 'hex'),
        true), 1, 36)::pg_catalog.uuid
    END
    ELSE tenancy.refuse('the token is not valid in this database')
  END;
END
$$;

CREATE FUNCTION tenancy.refuse(why text) RETURNS uuid
LANGUAGE plpgsql VOLATILE AS $$
BEGIN
  RAISE EXCEPTION USING ERRCODE = 'insufficient_privilege', MESSAGE = why;
END
$$;

-- Whether this transaction is another tenant's already; what somebody has put there by hand is nobody's.
CREATE FUNCTION tenancy.is_another(tenant uuid) RETURNS boolean
LANGUAGE plpgsql STABLE PARALLEL RESTRICTED AS $$
BEGIN
  RETURN tenancy.current_tenant() OPERATOR(pg_catalog.<>) tenant;
EXCEPTION WHEN others THEN
  RETURN false;
END
$$;

-- HMAC wants the key in blocks of 64 bytes, each XORed with a constant.
CREATE FUNCTION tenancy.padded(key bytea, filler integer) RETURNS bytea
LANGUAGE plpgsql IMMUTABLE AS $$
DECLARE
  block bytea := key || decode(repeat('00', 64 - length(key)), 'hex');
BEGIN
  FOR i IN 0..63 LOOP
    block := set_byte(block, i, get_byte(block, i) # filler);
  END LOOP;
  RETURN block;
END
$$;

-- From now on tokens under this key are good here; the same again changes it.
CREATE FUNCTION tenancy.put_token_key(id text, key bytea, audience text) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
  IF length(key) <> 32 THEN
    RAISE EXCEPTION 'a key must have 32 bytes, found %', length(key);
  END IF;
  INSERT INTO tenancy.token_key AS k (id, audience, inner_text, outer_text)
  VALUES (put_token_key.id, put_token_key.audience,
          tenancy.padded(key, 54) || convert_to(put_token_key.audience, 'UTF8') || '\x00'::bytea,
          tenancy.padded(key, 92))
  ON CONFLICT ON CONSTRAINT token_key_pkey DO UPDATE
     SET audience = EXCLUDED.audience, inner_text = EXCLUDED.inner_text, outer_text = EXCLUDED.outer_text;
END
$$;

-- From now on they are not. False if there was no such key.
CREATE FUNCTION tenancy.drop_token_key(id text) RETURNS boolean
LANGUAGE plpgsql AS $$
BEGIN
  DELETE FROM tenancy.token_key k WHERE k.id = drop_token_key.id;
  RETURN FOUND;
END
$$;

-- Another key for seals. Transactions under way that have entered a tenant must begin anew.
CREATE FUNCTION tenancy.renew_seal() RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
  UPDATE tenancy.seal
     SET key = sha256(uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid()));
  -- A function that was altered is compiled anew by every session, with new plans.
  ALTER FUNCTION tenancy.current_tenant() COST 10;
  ALTER FUNCTION tenancy.enter(text) COST 100;
END
$$;

REVOKE ALL ON ALL FUNCTIONS IN SCHEMA tenancy FROM PUBLIC;

-- Lets the role of an application enter tenants. It must be one that policies hold for.
CREATE FUNCTION tenancy.admit(role regrole) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
  found record;
BEGIN
  SELECT r.rolsuper, r.rolbypassrls, pg_has_role(r.oid, n.nspowner, 'MEMBER') AS owner INTO found
    FROM pg_roles r, pg_namespace n
   WHERE r.oid = admit.role AND n.nspname = 'tenancy';
  IF found.rolsuper OR found.rolbypassrls THEN
    RAISE EXCEPTION USING
      MESSAGE = format('%s is above all policies', role),
      HINT = format('ALTER ROLE %s NOSUPERUSER NOBYPASSRLS, or give the application a role of its own.', role);
  ELSIF found.owner THEN
    RAISE EXCEPTION USING
      MESSAGE = format('%s can become the owner of the schema tenancy', role),
      HINT = 'Give the application a role of its own.';
  END IF;
  EXECUTE format('GRANT USAGE ON SCHEMA tenancy TO %s', role);
  EXECUTE format('GRANT EXECUTE ON FUNCTION tenancy.enter(text), tenancy.current_tenant() TO %s', role);
  -- What a session leaves behind in its temporary schema would be found first by the next one on its connection.
  EXECUTE format('REVOKE TEMPORARY ON DATABASE %I FROM PUBLIC, %s', current_database(), role);
  EXECUTE format('REVOKE CREATE ON SCHEMA public FROM PUBLIC, %s', role);
  INSERT INTO tenancy.application (role) VALUES (admit.role) ON CONFLICT DO NOTHING;
END
$$;
REVOKE ALL ON FUNCTION tenancy.admit(regrole) FROM PUBLIC;

-- Lets the role that an application's tables belong to protect them.
CREATE FUNCTION tenancy.admit_owner(role regrole) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
  EXECUTE format('GRANT USAGE ON SCHEMA tenancy TO %s', role);
  EXECUTE format('GRANT SELECT ON tenancy.application TO %s', role);
  EXECUTE format(
    'GRANT EXECUTE ON FUNCTION tenancy.protect(regclass, name[]), tenancy.telling_keys(regclass), '
    'tenancy.findings(), tenancy.enter(text), tenancy.current_tenant() TO %s', role);
END
$$;
REVOKE ALL ON FUNCTION tenancy.admit_owner(regrole) FROM PUBLIC;

-- Keys that do not begin within a tenant tell, by failing, that another one has such a row: unique indexes without
-- tenant_id, and foreign keys without tenant_id on both sides.
CREATE FUNCTION tenancy.telling_keys(target regclass) RETURNS TABLE (key name, columns text)
LANGUAGE sql STABLE AS $$
  SELECT i.relname, pg_get_indexdef(i.oid)
    FROM pg_index x
    JOIN pg_class i ON i.oid = x.indexrelid
   WHERE x.indrelid = target AND x.indisunique
     AND NOT EXISTS (
       SELECT FROM pg_attribute a
        WHERE a.attrelid = target AND a.attname = 'tenant_id'
          AND a.attnum = ANY ((x.indkey::smallint[])[0:x.indnkeyatts - 1]))
  UNION ALL
  SELECT c.conname, pg_get_constraintdef(c.oid)
    FROM pg_constraint c
   WHERE c.conrelid = target AND c.contype = 'f'
     AND EXISTS (SELECT FROM pg_attribute a WHERE a.attrelid = c.confrelid AND a.attname = 'tenant_id')
     AND NOT EXISTS (
       SELECT FROM unnest(c.conkey, c.confkey) AS pair (mine, theirs)
         JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = pair.mine
         JOIN pg_attribute b ON b.attrelid = c.confrelid AND b.attnum = pair.theirs
        WHERE a.attname = 'tenant_id' AND b.attname = 'tenant_id')
$$;
REVOKE ALL ON FUNCTION tenancy.telling_keys(regclass) FROM PUBLIC;

-- Makes a table show and take the rows of the entered tenant alone; again changes nothing. The caller owns the table.
-- A key that tells of other tenants' rows is refused, unless it is named in "tolerated": a random UUID as a primary
-- key can be, as nobody can guess another's.
CREATE FUNCTION tenancy.protect(target regclass, tolerated name[] DEFAULT '{}') RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
  kind "char";
  telling text;
  earlier record;
  holder record;
  has_rows boolean;
BEGIN
  SELECT c.relkind INTO kind FROM pg_class c WHERE c.oid = target;
  IF kind NOT IN ('r', 'p') THEN
    RAISE EXCEPTION '% is not a table', target;
  END IF;
  IF NOT EXISTS (SELECT FROM pg_attribute WHERE attrelid = target AND attname = 'tenant_id' AND NOT attisdropped) THEN
    EXECUTE format('SELECT EXISTS (SELECT FROM %s)', target) INTO has_rows;
    IF has_rows THEN
      RAISE EXCEPTION USING
        MESSAGE = format('%s has rows, and nothing says whose they are', target),
        HINT = format('ALTER TABLE %s ADD COLUMN tenant_id uuid, fill it, and protect the table then.', target);
    END IF;
    EXECUTE format('ALTER TABLE %s ADD COLUMN tenant_id uuid', target);
  ELSIF (SELECT atttypid FROM pg_attribute WHERE attrelid = target AND attname = 'tenant_id') <> 'uuid'::regtype THEN
    RAISE EXCEPTION 'the column tenant_id of % must be a uuid', target;
  END IF;
  SELECT string_agg(format('%s (%s)', k.key, k.columns), '; ') INTO telling
    FROM tenancy.telling_keys(target) k
   WHERE k.key <> ALL (tolerated);
  IF telling IS NOT NULL THEN
    RAISE EXCEPTION USING
      MESSAGE = format('%s has keys that tell of other tenants'' rows: %s', target, telling),
      HINT = 'Put tenant_id into them, on both sides of a foreign key; or name those in the second argument whose '
             'values nobody can guess.';
  END IF;
  EXECUTE format('ALTER TABLE %s ALTER COLUMN tenant_id SET DEFAULT tenancy.current_tenant(), '
                 'ALTER COLUMN tenant_id SET NOT NULL', target);
  IF NOT EXISTS (
    SELECT FROM pg_index x JOIN pg_attribute a ON a.attrelid = x.indrelid AND a.attnum = x.indkey[0]
     WHERE x.indrelid = target AND a.attname = 'tenant_id' AND x.indisvalid AND x.indpred IS NULL)
  THEN
    EXECUTE format('CREATE INDEX ON %s (tenant_id)', target);
  END IF;
  EXECUTE format('ALTER TABLE %s ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY', target);
  -- The restrictive one holds beside whatever other policies the application adds. The subquery has it evaluated once
  -- for each statement, not for each row.
  FOR earlier IN
    SELECT p.polname FROM pg_policy p
     WHERE p.polrelid = target AND p.polname IN ('tenancy_tenant', 'tenancy_rows')
  LOOP
    EXECUTE format('DROP POLICY %I ON %s', earlier.polname, target);
  END LOOP;
  EXECUTE format(
    'CREATE POLICY tenancy_tenant ON %1$s AS RESTRICTIVE '
    'USING (tenant_id = (SELECT tenancy.current_tenant())) '
    'WITH CHECK (tenant_id = (SELECT tenancy.current_tenant()))', target);
  EXECUTE format('CREATE POLICY tenancy_rows ON %1$s USING (true) WITH CHECK (true)', target);
  -- TRUNCATE asks no policy, and the two others let their holder run code on others' rows, or ask for them.
  EXECUTE format('REVOKE TRUNCATE, TRIGGER, REFERENCES ON %s FROM PUBLIC', target);
  FOR holder IN
    SELECT DISTINCT g.grantee::regrole AS role
      FROM pg_class c, aclexplode(c.relacl) g
     WHERE c.oid = target AND g.grantee <> c.relowner AND g.grantee <> 0
       AND g.privilege_type IN ('TRUNCATE', 'TRIGGER', 'REFERENCES')
  LOOP
    EXECUTE format('REVOKE TRUNCATE, TRIGGER, REFERENCES ON %s FROM %s', target, holder.role);
  END LOOP;
END
$$;
REVOKE ALL ON FUNCTION tenancy.protect(regclass, name[]) FROM PUBLIC;

-- What would let a row of one tenant be seen, changed or guessed by another; nothing, if all is well.
CREATE FUNCTION tenancy.findings() RETURNS TABLE (object text, finding text)
LANGUAGE sql STABLE AS $$
  WITH protected AS (
    SELECT c.oid, c.relowner, c.relforcerowsecurity, c.relrowsecurity, c.relacl
      FROM pg_class c
      JOIN pg_policy p ON p.polrelid = c.oid AND p.polname = 'tenancy_tenant'
  ), application AS (
    SELECT r.oid, r.rolname, r.rolsuper, r.rolbypassrls
      FROM tenancy.application a
      JOIN pg_roles r ON r.oid = a.role
  ), dependent AS (
    SELECT DISTINCT v.oid, v.relkind, v.relowner, v.reloptions, p.oid AS base
      FROM protected p
      JOIN pg_depend d ON d.refobjid = p.oid AND d.refclassid = 'pg_class'::regclass
      JOIN pg_rewrite w ON w.oid = d.objid AND d.classid = 'pg_rewrite'::regclass
      JOIN pg_class v ON v.oid = w.ev_class
  )
  SELECT p.oid::regclass::text, 'row-level security is switched off, or not forced upon the owner'
    FROM protected p WHERE NOT (p.relrowsecurity AND p.relforcerowsecurity)
  UNION ALL
  SELECT c.oid::regclass::text, 'has a column tenant_id, but is not protected'
    FROM pg_class c
    JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'tenant_id' AND NOT a.attisdropped
   WHERE c.relkind IN ('r', 'p') AND c.relnamespace <> 'tenancy'::regnamespace
     AND c.oid NOT IN (SELECT oid FROM protected) AND NOT c.relispartition
  UNION ALL
  SELECT c.oid::regclass::text, format('is a partition that %s may use past its protected table', r.rolname)
    FROM protected p
    JOIN pg_inherits i ON i.inhparent = p.oid
    JOIN pg_class c ON c.oid = i.inhrelid
   CROSS JOIN application r
   WHERE has_table_privilege(r.oid, c.oid, 'SELECT, INSERT, UPDATE, DELETE') AND c.oid NOT IN (SELECT oid FROM protected)
  UNION ALL
  SELECT p.oid::regclass::text, format('the key %s tells of other tenants'' rows: %s', k.key, k.columns)
    FROM protected p, tenancy.telling_keys(p.oid) k
  UNION ALL
  SELECT p.oid::regclass::text, format('%s may %s it, which asks no policy', r.rolname, lower(x.privilege))
    FROM protected p
   CROSS JOIN application r
   CROSS JOIN (VALUES ('TRUNCATE'), ('TRIGGER'), ('REFERENCES')) x (privilege)
   WHERE has_table_privilege(r.oid, p.oid, x.privilege) AND r.oid <> p.relowner
  UNION ALL
  SELECT p.oid::regclass::text, format('belongs to %s, which can take the protection off', r.rolname)
    FROM protected p JOIN application r ON pg_has_role(r.oid, p.relowner, 'MEMBER')
  UNION ALL
  SELECT v.oid::regclass::text, format('shows %s as its owner %s sees it: recreate it WITH (security_invoker)', v.base::regclass, o.rolname)
    FROM dependent v JOIN pg_roles o ON o.oid = v.relowner
   WHERE v.relkind = 'v' AND (o.rolsuper OR o.rolbypassrls)
     AND NOT coalesce('security_invoker=true' = ANY (v.reloptions) OR 'security_invoker=on' = ANY (v.reloptions), false)
  UNION ALL
  SELECT v.oid::regclass::text, format('keeps rows of %s, whoever asks', v.base::regclass)
    FROM dependent v CROSS JOIN application r
   WHERE v.relkind = 'm' AND has_table_privilege(r.oid, v.oid, 'SELECT')
  UNION ALL
  SELECT f.oid::regprocedure::text, format('runs as %s, which is above all policies', o.rolname)
    FROM pg_proc f
    JOIN pg_roles o ON o.oid = f.proowner
   CROSS JOIN application r
   WHERE f.prosecdef AND (o.rolsuper OR o.rolbypassrls)
     AND f.pronamespace NOT IN ('tenancy'::regnamespace, 'pg_catalog'::regnamespace, 'information_schema'::regnamespace)
     AND has_function_privilege(r.oid, f.oid, 'EXECUTE')
     AND has_schema_privilege(r.oid, f.pronamespace, 'USAGE')
  UNION ALL
  SELECT r.rolname, 'is above all policies' FROM application r WHERE r.rolsuper OR r.rolbypassrls
  UNION ALL
  SELECT r.rolname, 'may make temporary tables, which the next user of its connection would find first'
    FROM application r WHERE has_database_privilege(r.oid, current_database(), 'TEMPORARY')
  UNION ALL
  SELECT r.rolname, format('may make tables and functions in the schema %s, which others could find first', n.nspname)
    FROM application r CROSS JOIN pg_namespace n
   WHERE has_schema_privilege(r.oid, n.oid, 'CREATE') AND n.nspname NOT LIKE 'pg\_%'
$$;
REVOKE ALL ON FUNCTION tenancy.findings() FROM PUBLIC;
