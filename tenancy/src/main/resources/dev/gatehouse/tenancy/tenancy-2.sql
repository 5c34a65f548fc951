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

-- Another key for seals. Transactions under way that have sealed a tenant must begin anew.
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

-- The findings of version 1, and whoever else could write a tenant into the parameter.
ALTER FUNCTION tenancy.findings() RENAME TO findings_in_tables;

CREATE FUNCTION tenancy.findings() RETURNS TABLE (object text, finding text)
LANGUAGE sql STABLE AS $$
  SELECT f.object, f.finding FROM tenancy.findings_in_tables() f
  UNION ALL
  SELECT r.rolname, 'may set the parameter backtrace_functions, and with it whose a transaction is'
    FROM tenancy.application a
    JOIN pg_roles r ON r.oid = a.role
   WHERE has_parameter_privilege(r.oid, 'backtrace_functions', 'SET') AND NOT r.rolsuper
$$;
REVOKE ALL ON FUNCTION tenancy.findings() FROM PUBLIC;

-- What was granted of the one is granted of both.
DO $$
DECLARE
  granted record;
BEGIN
  FOR granted IN
    SELECT g.grantee::regrole AS role
      FROM pg_proc p, aclexplode(p.proacl) g
     WHERE p.oid = 'tenancy.findings_in_tables()'::regprocedure AND g.grantee <> p.proowner AND g.grantee <> 0
  LOOP
    EXECUTE format('GRANT EXECUTE ON FUNCTION tenancy.findings() TO %s', granted.role);
  END LOOP;
END
$$;

CREATE OR REPLACE FUNCTION tenancy.admit_owner(role regrole) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
  EXECUTE format('GRANT USAGE ON SCHEMA tenancy TO %s', role);
  EXECUTE format('GRANT SELECT ON tenancy.application TO %s', role);
  EXECUTE format(
    'GRANT EXECUTE ON FUNCTION tenancy.protect(regclass, name[]), tenancy.telling_keys(regclass), '
    'tenancy.findings(), tenancy.findings_in_tables(), tenancy.enter(text), tenancy.current_tenant() TO %s', role);
END
$$;
