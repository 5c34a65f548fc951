-- What is added up of figures that gateways reported stays a number that can be kept, whatever one of them has made up.
CREATE FUNCTION bounded(total numeric) RETURNS bigint
LANGUAGE sql IMMUTABLE PARALLEL SAFE
AS $$ SELECT CASE WHEN total > 1000000000000000000 THEN 1000000000000000000 ELSE total END::bigint $$;

-- Whoever fills this with times that are none would hide what others have lost.
DELETE FROM usage_lost WHERE ends_at > now() + interval '1 day' OR starts_at < now() - interval '400 days';
