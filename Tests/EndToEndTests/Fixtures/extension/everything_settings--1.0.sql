CREATE TABLE everything_settings.options (name text PRIMARY KEY, value text);
INSERT INTO everything_settings.options VALUES ('built.in', 'never dumped');
CREATE TABLE everything_settings.all_rows (n int);
CREATE TABLE everything_settings.never_dumped (n int);
INSERT INTO everything_settings.never_dumped VALUES (1);
CREATE SEQUENCE everything_settings.counter;
SELECT pg_extension_config_dump('everything_settings.options', $$WHERE name LIKE 'user.%'$$);
SELECT pg_extension_config_dump('everything_settings.all_rows', '');
SELECT pg_extension_config_dump('everything_settings.counter', '');
