-- Version 2: where the owner of the schema may set the parameter backtrace_functions, the entered tenant is kept there.
--
-- It is a parameter of the server's own that holds any text, that everybody may read, and that nobody may set who is
-- neither a superuser nor was granted it (PostgreSQL 15 and later). The application cannot write it, so that what stands
-- there needs no seal: a policy reads it and believes it, at the price of a setting. To what it is there for, backtraces
-- of errors in the server's functions of these names, a function gatehouse_… that does not exist adds nothing; what is
-- configured for that is out of force while a tenant is entered.
--
--   GRANT SET ON PARAMETER backtrace_functions TO the owner of the schema     as a superuser, before or after
--
-- Without that (managed servers may give nobody the right) the seal of version 1 goes on doing its work.
--
-- Besides, both policies of a table are gone where one is, and more is found that leads around them. Tables that were
-- protected by version 1 are named by tenancy.findings() until they are protected again.

DO $$
BEGIN
  IF to_regclass('tenancy.seal') IS NULL THEN
    RAISE EXCEPTION 'this database is one tenant''s alone, and has the schema tenancy that is for that';
  END IF;
END
$$;

COMMENT ON SCHEMA tenancy IS 'version 2';

-- As tenancy.current_tenant() was in version 1. Whoever asks for the tenant asks for this one too, as the one below is
-- put in place of its call.
CREATE FUNCTION tenancy.sealed_tenant() RETURNS uuid
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

GRANT EXECUTE ON FUNCTION tenancy.sealed_tenant() TO PUBLIC;

-- The planner puts the expression in place of the call, so that no function is called where the parameter tells. Its
-- names are bound here, and not where it is used.
CREATE OR REPLACE FUNCTION tenancy.current_tenant() RETURNS uuid
LANGUAGE sql STABLE SECURITY INVOKER PARALLEL RESTRICTED COST 10
RETURN CASE
  WHEN pg_catalog.starts_with(pg_catalog.current_setting('backtrace_functions'), 'gatehouse_')
  THEN pg_catalog.substr(pg_catalog.current_setting('backtrace_functions'), 11)::pg_catalog.uuid
  ELSE tenancy.sealed_tenant()
END;

-- Whether the tenant is kept in the parameter. Declared immutable so that a session finds it out once; where it was
-- granted since, sessions that are open keep to the seal, and where it was taken away, they are refused until they
-- connect anew.
CREATE FUNCTION tenancy.sets_parameter() RETURNS boolean
LANGUAGE plpgsql IMMUTABLE AS $$
BEGIN
  RETURN pg_catalog.has_parameter_privilege(current_user, 'backtrace_functions', 'SET');
END
$$;
REVOKE ALL ON FUNCTION tenancy.sets_parameter() FROM PUBLIC;

-- Keeps a tenant whose token was verified as version 1 did.
CREATE FUNCTION tenancy.seal_tenant(tenant uuid) RETURNS uuid
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE AS $$
BEGIN
  RETURN pg_catalog.substr(pg_catalog.set_config(
    'tenancy.entered',
    tenant::pg_catalog.text
    OPERATOR(pg_catalog.||) pg_catalog.encode(pg_catalog.sha256(
      tenancy.seal_key()
      OPERATOR(pg_catalog.||) pg_catalog.uuid_send(tenant)
      OPERATOR(pg_catalog.||) pg_catalog.int4send(pg_catalog.pg_backend_pid())
      OPERATOR(pg_catalog.||) pg_catalog.timestamptz_send(pg_catalog.transaction_timestamp())), 'hex'),
    true), 1, 36)::pg_catalog.uuid;
END
$$;
REVOKE ALL ON FUNCTION tenancy.seal_tenant(uuid) FROM PUBLIC;

CREATE FUNCTION tenancy.refuse_ended(token text) RETURNS uuid
LANGUAGE plpgsql VOLATILE AS $$
BEGIN
  RAISE EXCEPTION USING
    ERRCODE = 'insufficient_privilege',
    MESSAGE = pg_catalog.format(
      'the token ended at %s, and it is %s here',
      pg_catalog.to_timestamp(pg_catalog.substr(token, 45, 10)::pg_catalog.float8),
      pg_catalog.clock_timestamp());
END
$$;
REVOKE ALL ON FUNCTION tenancy.refuse_ended(text) FROM PUBLIC;

-- One expression, as PL/pgSQL sets each one up anew in every transaction, and all that stands in it: what seldom happens
-- is in functions of its own.
CREATE OR REPLACE FUNCTION tenancy.enter(token text) RETURNS uuid
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
      THEN tenancy.refuse_ended(token)
      WHEN (pg_catalog.starts_with(pg_catalog.current_setting('backtrace_functions'), 'gatehouse_')
            OR COALESCE(pg_catalog.current_setting('tenancy.entered', true), '') OPERATOR(pg_catalog.<>) '')
           AND tenancy.is_another(pg_catalog.substr(token, 13, 32)::pg_catalog.uuid)
      THEN tenancy.refuse('another tenant was entered in this transaction before')
      WHEN tenancy.sets_parameter()
      THEN pg_catalog.substr(pg_catalog.set_config(
        'backtrace_functions', 'gatehouse_' OPERATOR(pg_catalog.||) pg_catalog.substr(token, 13, 32),
        true), 11)::pg_catalog.uuid
      ELSE tenancy.seal_tenant(pg_catalog.substr(token, 13, 32)::pg_catalog.uuid)
    END
    ELSE tenancy.refuse('the token is not valid in this database')
  END;
END
$$;

-- Another key for seals. Transactions under way that have sealed a tenant must begin anew. A session that is in a
-- REPEATABLE READ transaction meanwhile keeps the old key until it ends: end such sessions where the key was stolen.
CREATE OR REPLACE FUNCTION tenancy.renew_seal() RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
  UPDATE tenancy.seal
     SET key = sha256(uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid()));
  -- A function that was altered is compiled anew by every session, with new plans.
  ALTER FUNCTION tenancy.sealed_tenant() COST 10;
  ALTER FUNCTION tenancy.seal_tenant(uuid) COST 100;
END
$$;

-- As in version 1, and for nobody who could write a tenant into the parameter.
CREATE OR REPLACE FUNCTION tenancy.admit(role regrole) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
  found record;
BEGIN
  SELECT r.rolsuper, has_parameter_privilege(r.oid, 'backtrace_functions', 'SET') AS sets, r.rolbypassrls, pg_has_role(r.oid, n.nspowner, 'MEMBER') AS owner INTO found
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
  ELSIF found.sets THEN
    RAISE EXCEPTION USING
      MESSAGE = format('%s may set the parameter backtrace_functions, and with it whose a transaction is', role),
      HINT = 'REVOKE SET ON PARAMETER backtrace_functions from it, or from PUBLIC.';
  END IF;
  EXECUTE format('GRANT USAGE ON SCHEMA tenancy TO %s', role);
  EXECUTE format('GRANT EXECUTE ON FUNCTION tenancy.enter(text), tenancy.current_tenant() TO %s', role);
  -- What a session leaves behind in its temporary schema would be found first by the next one on its connection.
  EXECUTE format('REVOKE TEMPORARY ON DATABASE %I FROM PUBLIC, %s', current_database(), role);
  EXECUTE format('REVOKE CREATE ON SCHEMA public FROM PUBLIC, %s', role);
  INSERT INTO tenancy.application (role) VALUES (admit.role) ON CONFLICT DO NOTHING;
END
$$;

-- As in version 1, and exclusion constraints.
CREATE OR REPLACE FUNCTION tenancy.telling_keys(target regclass) RETURNS TABLE (key name, columns text)
LANGUAGE sql STABLE AS $$
  SELECT i.relname, pg_get_indexdef(i.oid)
    FROM pg_index x
    JOIN pg_class i ON i.oid = x.indexrelid
   WHERE x.indrelid = target AND (x.indisunique OR x.indisexclusion)
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

-- As in version 1, but for the last policy.
CREATE OR REPLACE FUNCTION tenancy.protect(target regclass, tolerated name[] DEFAULT '{}') RETURNS void
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
  -- What stands behind OR is never asked. It has this policy go where the other one goes, with the schema tenancy: a
  -- table with row-level security and no policy shows nothing.
  EXECUTE format(
    'CREATE POLICY tenancy_rows ON %1$s USING (true OR tenancy.current_tenant() IS NULL) '
    'WITH CHECK (true OR tenancy.current_tenant() IS NULL)', target);
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

-- What would let a row of one tenant be seen, changed or guessed by another; nothing, if all is well. An application's
-- role counts as whatever it can become by SET ROLE.
CREATE OR REPLACE FUNCTION tenancy.findings() RETURNS TABLE (object text, finding text)
LANGUAGE sql STABLE AS $$
  WITH RECURSIVE protected AS (
    SELECT c.oid, c.relowner, c.relforcerowsecurity, c.relrowsecurity
      FROM pg_class c
      JOIN pg_policy p ON p.polrelid = c.oid AND p.polname = 'tenancy_tenant'
  ), application AS (
    SELECT r.oid, r.rolname, r.rolsuper
      FROM tenancy.application a
      JOIN pg_roles r ON r.oid = a.role
  ), actor AS (
    SELECT a.oid AS application, a.rolname AS name, r.oid, r.rolname, r.rolsuper, r.rolbypassrls, r.rolcreaterole,
           r.rolreplication, CASE WHEN r.oid = a.oid THEN '' ELSE format(', as %s', r.rolname) END AS as_whom
      FROM application a
      JOIN pg_roles r ON r.oid = a.oid OR NOT a.rolsuper AND pg_has_role(a.oid, r.oid, 'MEMBER')
  ), above AS (
    SELECT r.oid, r.rolname
      FROM pg_roles r
     WHERE r.rolsuper OR r.rolbypassrls OR has_parameter_privilege(r.oid, 'backtrace_functions', 'SET')
  ), dependent AS (
    SELECT v.oid, v.relkind, v.relowner, v.reloptions, p.oid AS base
      FROM protected p
      JOIN pg_depend d ON d.refobjid = p.oid AND d.refclassid = 'pg_class'::regclass
      JOIN pg_rewrite w ON w.oid = d.objid AND d.classid = 'pg_rewrite'::regclass
      JOIN pg_class v ON v.oid = w.ev_class
    UNION
    SELECT v.oid, v.relkind, v.relowner, v.reloptions, b.base
      FROM dependent b
      JOIN pg_depend d ON d.refobjid = b.oid AND d.refclassid = 'pg_class'::regclass
      JOIN pg_rewrite w ON w.oid = d.objid AND d.classid = 'pg_rewrite'::regclass
      JOIN pg_class v ON v.oid = w.ev_class AND v.oid <> b.oid
  )
  SELECT p.oid::regclass::text, 'row-level security is switched off, or not forced upon the owner'
    FROM protected p WHERE NOT (p.relrowsecurity AND p.relforcerowsecurity)
  UNION ALL
  SELECT p.oid::regclass::text, 'would show all rows if the schema tenancy were dropped: protect it again'
    FROM protected p
    JOIN pg_policy o ON o.polrelid = p.oid AND o.polname = 'tenancy_rows'
   WHERE NOT EXISTS (
     SELECT FROM pg_depend d
      WHERE d.classid = 'pg_policy'::regclass AND d.objid = o.oid AND d.refclassid = 'pg_proc'::regclass)
  UNION ALL
  SELECT c.oid::regclass::text, 'has a column tenant_id, but is not protected'
    FROM pg_class c
    JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'tenant_id' AND NOT a.attisdropped
   WHERE c.relkind IN ('r', 'p') AND c.relnamespace <> 'tenancy'::regnamespace
     AND c.oid NOT IN (SELECT oid FROM protected) AND NOT c.relispartition
  UNION ALL
  SELECT t.relid::regclass::text, format('is a partition that %s may use past its protected table%s', r.name, r.as_whom)
    FROM protected p
   CROSS JOIN LATERAL pg_partition_tree(p.oid) t
   CROSS JOIN actor r
   WHERE t.level > 0 AND t.relid NOT IN (SELECT oid FROM protected) AND t.relid <> p.oid
     AND (has_any_column_privilege(r.oid, t.relid, 'SELECT, INSERT, UPDATE')
          OR has_table_privilege(r.oid, t.relid, 'DELETE, TRUNCATE'))
  UNION ALL
  SELECT p.oid::regclass::text, format('the key %s tells of other tenants'' rows: %s', k.key, k.columns)
    FROM protected p, tenancy.telling_keys(p.oid) k
  UNION ALL
  SELECT p.oid::regclass::text, format('%s may %s it, which asks no policy%s', r.name, lower(x.privilege), r.as_whom)
    FROM protected p
   CROSS JOIN actor r
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
    FROM dependent v CROSS JOIN actor r
   WHERE v.relkind = 'm' AND has_any_column_privilege(r.oid, v.oid, 'SELECT')
  UNION ALL
  SELECT f.oid::regprocedure::text,
         format('runs as %s, which is above all policies or may set the parameter backtrace_functions', o.rolname)
    FROM pg_proc f
    JOIN above o ON o.oid = f.proowner
   CROSS JOIN actor r
   WHERE f.prosecdef
     AND f.pronamespace NOT IN ('tenancy'::regnamespace, 'pg_catalog'::regnamespace, 'information_schema'::regnamespace)
     AND has_function_privilege(r.oid, f.oid, 'EXECUTE')
     AND has_schema_privilege(r.oid, f.pronamespace, 'USAGE')
  UNION ALL
  SELECT r.name, format('is above all policies%s', r.as_whom) FROM actor r WHERE r.rolsuper OR r.rolbypassrls
  UNION ALL
  SELECT r.name, format('may make roles, or copy the whole server%s', r.as_whom)
    FROM actor r WHERE NOT r.rolsuper AND (r.rolcreaterole OR r.rolreplication)
  UNION ALL
  SELECT r.name, format('may set the parameter backtrace_functions, and with it whose a transaction is%s', r.as_whom)
    FROM actor r
   WHERE NOT r.rolsuper
     AND (has_parameter_privilege(r.oid, 'backtrace_functions', 'SET')
          OR has_parameter_privilege(r.oid, 'backtrace_functions', 'ALTER SYSTEM'))
  UNION ALL
  SELECT coalesce(r.rolname, 'all roles'), format('begins its sessions with %s', c.setting)
    FROM pg_db_role_setting s
    LEFT JOIN pg_roles r ON r.oid = s.setrole
   CROSS JOIN unnest(s.setconfig) c (setting)
   WHERE (s.setdatabase = 0 OR s.setdatabase = (SELECT oid FROM pg_database WHERE datname = current_database()))
     AND (s.setrole = 0 OR s.setrole IN (SELECT oid FROM application))
     AND (c.setting LIKE 'backtrace\_functions=gatehouse\_%' OR c.setting LIKE 'row\_security=%'
          OR c.setting LIKE 'default\_transaction\_read\_only=%' OR c.setting LIKE 'session\_replication\_role=%')
  UNION ALL
  SELECT r.name, format('may read %s, with which tokens or seals are made%s', k.relation, r.as_whom)
    FROM actor r
   CROSS JOIN (VALUES ('tenancy.token_key'), ('tenancy.seal')) k (relation)
   WHERE NOT r.rolsuper AND has_any_column_privilege(r.oid, k.relation, 'SELECT')
  UNION ALL
  SELECT r.name, format('may call %s, which is for the owner alone%s', f.oid::regprocedure, r.as_whom)
    FROM actor r
   CROSS JOIN pg_proc f
   WHERE NOT r.rolsuper AND f.pronamespace = 'tenancy'::regnamespace
     AND f.proname IN ('seal_key', 'seal_tenant', 'put_token_key', 'drop_token_key', 'renew_seal', 'admit')
     AND has_function_privilege(r.oid, f.oid, 'EXECUTE')
     AND NOT pg_has_role(r.application, f.proowner, 'MEMBER')
  UNION ALL
  SELECT r.rolname, 'may make temporary tables, which the next user of its connection would find first'
    FROM application r WHERE has_database_privilege(r.oid, current_database(), 'TEMPORARY')
  UNION ALL
  SELECT r.rolname, format('may make tables and functions in the schema %s, which others could find first', n.nspname)
    FROM application r CROSS JOIN pg_namespace n
   WHERE has_schema_privilege(r.oid, n.oid, 'CREATE') AND n.nspname NOT LIKE 'pg\_%'
$$;
