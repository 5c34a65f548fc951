-- A route is kept as the document that the API takes and the edge is told.
ALTER TABLE route ADD COLUMN document jsonb;

UPDATE route
   SET document = jsonb_build_object(
         'hosts', hosts, 'pathPrefix', path_prefix, 'methods', to_jsonb(methods), 'service', service);

-- Every service that a route may lead to, also as one of several, for a version, or as a mirror.
CREATE TABLE route_service (
  route_id uuid NOT NULL REFERENCES route (id) ON DELETE CASCADE,
  service  text NOT NULL CONSTRAINT route_service_service_fkey REFERENCES service (name),
  PRIMARY KEY (route_id, service)
);
CREATE INDEX route_service_service_idx ON route_service (service);

INSERT INTO route_service (route_id, service) SELECT id, service FROM route;

-- What requests a route matches, in a form that is the same for all ways to write it. A hash, since
-- an index holds no more than 2.7 kB of a row.
CREATE FUNCTION route_match(document jsonb) RETURNS bytea
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT sha256(convert_to(jsonb_build_array(
    document -> 'hosts',
    document -> 'pathPrefix',
    document -> 'pathExact',
    regexp_replace(document ->> 'pathTemplate', '\{[^}]*\}', '{}', 'g'),
    (SELECT jsonb_agg(DISTINCT method) FROM jsonb_array_elements(document -> 'methods') AS method),
    (SELECT jsonb_agg(DISTINCT jsonb_build_array(
              lower(header ->> 'name'), header -> 'value', coalesce(header -> 'absent', 'false')))
       FROM jsonb_array_elements(document -> 'headers') AS header)
  )::text, 'UTF8'))
$$;

ALTER TABLE route
  DROP COLUMN hosts,
  DROP COLUMN path_prefix,
  DROP COLUMN methods,
  DROP COLUMN service,
  ALTER COLUMN document SET NOT NULL,
  ADD COLUMN match bytea NOT NULL GENERATED ALWAYS AS (route_match(document)) STORED,
  ADD CONSTRAINT route_match_key UNIQUE (match);

-- Every service that is different for a tenant, or takes the place of one.
CREATE TABLE tenant_service (
  tenant_id uuid NOT NULL REFERENCES tenant (id),
  service   text NOT NULL CONSTRAINT tenant_service_service_fkey REFERENCES service (name),
  PRIMARY KEY (tenant_id, service)
);
CREATE INDEX tenant_service_service_idx ON tenant_service (service);
