-- A host may live as a pod, and give way to the next one of the same pod.
alter table millrace_host add column pod_id text collate "C";
alter table millrace_host add column superseded_at bigint;
alter table millrace_host add column superseded_by text collate "C";
-- Leases that it took up to then are to be ended; null = none are.
alter table millrace_host add column recover_until bigint;
create index millrace_host_pod on millrace_host (pod_id) where pod_id is not null;

-- Kinds of which it was told that nobody serves them.
create table millrace_unserved (
  kind text collate "C" primary key
);
