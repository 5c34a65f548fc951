-- What the role that serves requests may do. Runs as the owner after every migration, so that new
-- tables are covered; the role's name is in gatehouse.application_role.
DO $$
DECLARE
  role text := quote_ident(current_setting('gatehouse.application_role'));
BEGIN
  EXECUTE format('GRANT CONNECT ON DATABASE %I TO %s', current_database(), role);
  EXECUTE format('GRANT USAGE ON SCHEMA public, audit TO %s', role);
  EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO %s', role);
  EXECUTE format('GRANT USAGE ON ALL SEQUENCES IN SCHEMA public, audit TO %s', role);
  EXECUTE format('REVOKE ALL ON flyway_schema_history FROM %s', role);
  EXECUTE format('REVOKE ALL ON ALL TABLES IN SCHEMA audit FROM %s', role);
  EXECUTE format('GRANT SELECT ON ALL TABLES IN SCHEMA audit TO %s', role);
  EXECUTE format(
    'GRANT INSERT ON audit.signing_key, audit.checkpoint, audit.checkpoint_head TO %s', role);
  EXECUTE format('GRANT EXECUTE ON FUNCTION audit.append TO %s', role);
  EXECUTE format('GRANT EXECUTE ON FUNCTION usage_partitions TO %s', role);
  EXECUTE format('GRANT EXECUTE ON FUNCTION health_partitions TO %s', role);
END
$$;
