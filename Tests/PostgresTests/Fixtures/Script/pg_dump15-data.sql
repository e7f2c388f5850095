--
-- PostgreSQL database dump
--

\restrict 3e214Bip1diJx4HPl0qMu0QkEm5dwgsDRYgq06mSPodGQv6U1srul8H22hVTY66

-- Dumped from database version 14.23
-- Dumped by pg_dump version 15.19

SET statement_timeout = 0;
SET lock_timeout = 0;
SET idle_in_transaction_session_timeout = 0;
SET client_encoding = 'UTF8';
SET standard_conforming_strings = on;
SELECT pg_catalog.set_config('search_path', '', false);
SET check_function_bodies = false;
SET xmloption = content;
SET client_min_messages = warning;
SET row_security = off;

--
-- Data for Name: a; Type: INDEX; Schema: y; Owner: z; Type: TABLE DATA; Schema: Odd; Type: TABLE; Schema: x; Owner: postgres
--

COPY "Odd; Type: TABLE; Schema: x"."a; Type: INDEX; Schema: y; Owner: z" (id) FROM stdin;
\.


--
-- Data for Name: Weird ".; name; Type: TABLE DATA; Schema: ops; Owner: postgres
--

COPY ops."Weird "".;
name" (id, "select", c, m, at) FROM stdin;
\.


--
-- Data for Name: child; Type: TABLE DATA; Schema: public; Owner: postgres
--

COPY public.child (id, pid, region) FROM stdin;
1	1	eu
2	\N	\\.
\.


--
-- Data for Name: parent_eu; Type: TABLE DATA; Schema: public; Owner: postgres
--

COPY public.parent_eu (id, region, note) FROM stdin;
1	eu	x
\.


--
-- Name: Weird ".; name_id_seq; Type: SEQUENCE SET; Schema: ops; Owner: postgres
--

SELECT pg_catalog.setval('ops."Weird "".;
name_id_seq"', 1, false);


--
-- Name: lonely; Type: SEQUENCE SET; Schema: ops; Owner: postgres
--

SELECT pg_catalog.setval('ops.lonely', 7, true);


--
-- Name: child_id_seq; Type: SEQUENCE SET; Schema: public; Owner: postgres
--

SELECT pg_catalog.setval('public.child_id_seq', 2, true);


--
-- Data for Name: BLOBS; Type: BLOBS; Schema: -; Owner: -
--

BEGIN;

SELECT pg_catalog.lo_open('4242', 131072);
SELECT pg_catalog.lowrite(0, '\x00ff27');
SELECT pg_catalog.lo_close(0);

COMMIT;

--
-- PostgreSQL database dump complete
--

\unrestrict 3e214Bip1diJx4HPl0qMu0QkEm5dwgsDRYgq06mSPodGQv6U1srul8H22hVTY66

