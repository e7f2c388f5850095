#!/bin/bash
# The account of the call processor, in a new database. No tables: whoever restores a backup into an empty server finds it empty.
set -euo pipefail
psql -v ON_ERROR_STOP=1 -q -U "$POSTGRES_USER" -d "$POSTGRES_DB" <<'SQL'
\set password `cat /run/secrets/call-processor-password`
CREATE ROLE call_processor LOGIN PASSWORD :'password';
GRANT CREATE, USAGE ON SCHEMA public TO call_processor;
SQL
