DO $$ BEGIN IF current_setting('listen_addresses') = '' THEN PERFORM pg_terminate_backend(pg_backend_pid()); END IF; END $$;
CREATE FUNCTION @extschema@.demanded() RETURNS int LANGUAGE sql AS 'SELECT 1';
