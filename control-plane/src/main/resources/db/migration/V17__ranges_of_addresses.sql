-- config.security.allowedIpRanges of tenants is kept by the gateways from now on. What was stored
-- before is brought to its normal form; what is no range, or has bits set behind its prefix, could
-- be stored, too: the former is left out, the latter loses these bits. A tenant whose list held
-- nothing else has none then, as it had none in effect.
CREATE FUNCTION pg_temp.normal_range(written text) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
  RETURN text(network(written::inet));
EXCEPTION WHEN data_exception THEN
  RETURN NULL;
END $$;

DO $$
DECLARE
  found      record;
  normal     jsonb;
  next_place bigint;
BEGIN
  FOR found IN
    SELECT id, document FROM tenant
     WHERE jsonb_typeof(document #> '{config,security,allowedIpRanges}') = 'array'
     ORDER BY id
  LOOP
    SELECT jsonb_agg(DISTINCT pg_temp.normal_range(written)) INTO normal
      FROM jsonb_array_elements_text(found.document #> '{config,security,allowedIpRanges}') written
     WHERE pg_temp.normal_range(written) IS NOT NULL;
    UPDATE tenant
       SET document = CASE WHEN normal IS NULL
             THEN document #- '{config,security,allowedIpRanges}'
             ELSE jsonb_set(document, '{config,security,allowedIpRanges}', normal) END,
           version = version + 1
     WHERE id = found.id;
    IF normal IS NOT NULL AND EXISTS
        (SELECT FROM edge_object WHERE kind = 'tenant' AND key = found.id::text AND NOT removed) THEN
      UPDATE edge_revision SET revision = revision + 1 RETURNING revision INTO next_place;
      UPDATE edge_object
         SET payload = payload || jsonb_build_object('bounds', jsonb_build_object('allow', normal)),
             revision = next_place, changed_at = now()
       WHERE kind = 'tenant' AND key = found.id::text;
    END IF;
  END LOOP;
END $$;
