-- Status numbers: 0 blocked, 1 queued, 2 claimed, 3 running, 4 suspended, 5 paused, 6 succeeded, 7 failed, 8 cancelled.
-- All times are milliseconds since 1970. Names that are compared are in the collation "C": cheaper, and the same
-- everywhere. What every task passes through has no CHECK: each statement would read and plan its text anew.

-- The record: one insert and one update for a plain task. A claim never touches it; while a row of `running` stands
-- beside it, that row tells status, version, attempt, lease and the times of the attempt. No index holds what the update
-- changes, and half of each page is left free for it, so that it stays within its page and writes to no index.
create table millrace_task (
  id uuid primary key,
  tenant_id text collate "C" not null default '',
  kind text collate "C" not null,
  status smallint not null,
  -- What is special about the task, as a sum; 0 lets the short statements have it.
  flags integer not null default 0,
  priority smallint not null default 0,
  scheduled_at bigint not null,
  attempt integer not null default 0,
  version integer not null default 1,
  failures integer not null default 0,
  -- Of the last ended attempt.
  lease_token text,
  host_id text,
  -- Who ended that attempt and what it led to: who * 16 + status.
  ended smallint,
  created_at bigint not null,
  updated_at bigint not null,
  claimed_at bigint,
  started_at bigint,
  last_sign_at bigint,
  finished_at bigint,
  input text,
  output text,
  -- JSON: what is said once, at the enqueue; null when nothing differs from the usual.
  fixed text,
  -- JSON: what may change but seldom does: waits, pauses, cancels, failures, progress.
  loose text
) with (fillfactor = 45);
create index millrace_task_created on millrace_task (created_at, id);

-- Tasks that are neither queued nor leased, as those look for them who want a status, a kind or the oldest of them.
create table millrace_resting (
  status smallint not null,
  kind text collate "C" not null,
  -- Of a final one its end, else 0.
  at bigint not null,
  id uuid not null,
  -- It says of itself how long it is kept.
  kept_by_itself boolean not null,
  -- Null of a succeeded one: those are many, and a list in the order of creation soon meets them.
  created_at bigint,
  -- Those that one statement ended: `id` is none of them.
  ids uuid[],
  primary key (status, kind, at, id)
) with (toast_tuple_target = 8160);
create index millrace_resting_created on millrace_resting (status, kind, created_at, id) where created_at is not null;

-- Queued tasks. Place 0: a claim may meet it; 1: parked behind a full key; 2: not due.
create table millrace_queue (
  id uuid primary key,
  tenant_id text collate "C" not null default '',
  kind text collate "C" not null,
  place smallint not null default 0,
  flags integer not null default 0,
  priority smallint not null default 0,
  scheduled_at bigint not null,
  attempt integer not null default 0,
  version integer not null default 1,
  failures integer not null default 0,
  -- The key it is parked behind.
  parked_key text collate "C"
) with (autovacuum_vacuum_scale_factor = 0.01, autovacuum_vacuum_threshold = 2000);
create index millrace_queue_ready on millrace_queue (kind, priority desc, scheduled_at, id) where place = 0;
create index millrace_queue_parked on millrace_queue (tenant_id, parked_key, kind, priority desc, scheduled_at, id)
  where place = 1;
create index millrace_queue_due on millrace_queue (kind, scheduled_at, id) include (tenant_id, failures) where place = 2;

-- Leased tasks. No index on the end of the lease: a renewal stays within its page, and the table is small.
create table millrace_running (
  id uuid primary key,
  tenant_id text collate "C" not null default '',
  kind text collate "C" not null,
  status smallint not null,
  flags integer not null default 0,
  attempt integer not null,
  version integer not null,
  lease_token text not null,
  lease_expires_at bigint not null,
  host_id text not null,
  claimed_at bigint not null,
  started_at bigint,
  last_sign_at bigint,
  updated_at bigint not null
) with (fillfactor = 70, autovacuum_vacuum_scale_factor = 0.01, autovacuum_vacuum_threshold = 2000);

-- Deadlines: 1 of a wait, 2 to begin, 3 to tell those that wait for it, 6 to 8 of its own retention, by its status.
create table millrace_timer (
  type smallint not null,
  at bigint not null,
  id uuid not null,
  primary key (type, at, id)
);

-- The last task made with a dedupe key: it holds the key while it is open, or within its window.
create table millrace_dedupe (
  tenant_id text collate "C" not null,
  kind text collate "C" not null,
  key text collate "C" not null,
  id uuid not null,
  primary key (tenant_id, kind, key)
);

-- Open tasks by supersede key.
create table millrace_supersede (
  tenant_id text collate "C" not null,
  kind text collate "C" not null,
  key text collate "C" not null,
  id uuid not null,
  primary key (tenant_id, kind, key, id)
);

-- Open tasks by concurrency key.
create table millrace_keyed (
  tenant_id text collate "C" not null,
  key text collate "C" not null,
  id uuid not null,
  primary key (tenant_id, key, id)
);

-- Limits of concurrency keys and what is held of them. An enqueue never locks a row of it.
create table millrace_key (
  tenant_id text collate "C" not null,
  key text collate "C" not null,
  lim integer not null,
  held integer not null default 0 check (held >= 0),
  -- An operator set the limit.
  fixed boolean not null default false,
  rate text,
  drops bigint,
  refilled_at bigint,
  primary key (tenant_id, key)
) with (fillfactor = 50);

-- What tasks can be found by: tags, channels, parent, root, flow, origin and keys, each with a letter before it.
create table millrace_label (
  label text collate "C" not null,
  id uuid not null,
  primary key (label, id)
);

create table millrace_edge (
  waiter uuid not null,
  stage integer not null,
  position integer not null,
  dependency uuid not null,
  -- 0 continue, 1 abort, 2 fail
  on_failure smallint not null,
  primary key (waiter, stage, position)
);
create index millrace_edge_dependency on millrace_edge (dependency, waiter);

create table millrace_attempt (
  task uuid not null,
  attempt integer not null,
  lease_token text not null,
  host_id text,
  claimed_at bigint,
  started_at bigint,
  ended_at bigint not null,
  ended smallint not null,
  outcome text not null,
  failure text,
  primary key (task, attempt)
);

create table millrace_step (
  task uuid not null,
  attempt integer not null,
  n bigint not null,
  kind text not null,
  level text not null,
  message text not null,
  meta text,
  percent double precision,
  at bigint not null,
  primary key (task, attempt, n)
);

create table millrace_memo (
  task uuid not null,
  name text collate "C" not null,
  value text not null,
  primary key (task, name)
);

create table millrace_signal (
  place bigint generated always as identity primary key,
  task uuid not null,
  signal_id text collate "C" not null,
  name text collate "C" not null,
  payload text,
  -- A consumed one stays to recognise its repetition.
  consumed boolean not null default false
);
create unique index millrace_signal_id on millrace_signal (task, signal_id);
create index millrace_signal_kept on millrace_signal (task, name, place) where not consumed;

create table millrace_kind (
  kind text collate "C" primary key,
  version integer not null default 0,
  schemas text not null default '{}',
  code_lim integer,
  lim integer,
  lim_at bigint,
  lim_by text,
  code_rate text,
  rate text,
  drops bigint,
  refilled_at bigint,
  fairness text not null default 'none',
  paused_at bigint,
  paused_by text,
  paused_why text,
  last_seen_at bigint not null
) with (fillfactor = 50);
-- What the short claim must leave to the long one.
create index millrace_kind_special on millrace_kind (kind)
  where paused_at is not null or lim is not null or code_lim is not null or rate is not null or code_rate is not null
    or fairness <> 'none';

create table millrace_host (
  host_id text collate "C" primary key,
  -- JSON of the last heartbeat.
  beat text not null,
  state text not null,
  is_lost boolean not null default false,
  started_at bigint not null,
  last_seen_at bigint not null,
  alive_until bigint not null,
  drain_requested_at bigint
);

-- Which part of the journal is written to: retention turns it, so that a part grows old as a whole and is emptied as a
-- whole. Writers read it without a lock, and no part is ever made or dropped while they write.
create sequence millrace_event_part minvalue 0 maxvalue 7;
select setval('millrace_event_part', 0);
create sequence millrace_event_seq;

-- One row for all tasks to which the same thing happened in one transaction; it is at the same time the change of the
-- counts. `version` and `attempt` are those of every task; where they differ they are null and stand in the lists. Type
-- 99 is `started` and `succeeded` told together, as two entries a task.
create table millrace_event (
  part smallint not null default pg_sequence_last_value('millrace_event_part'),
  seq bigint not null default nextval('millrace_event_seq'),
  xid xid8 not null default pg_current_xact_id(),
  at bigint not null,
  type smallint not null,
  tenant_id text collate "C" not null,
  kind text collate "C",
  was smallint,
  became smallint,
  reason text,
  host_id text,
  n integer not null,
  version integer,
  attempt integer,
  ids uuid[],
  versions integer[],
  attempts integer[],
  data text
) partition by list (part);
create table millrace_event_0 partition of millrace_event for values in (0) with (toast_tuple_target = 8160);
create table millrace_event_1 partition of millrace_event for values in (1) with (toast_tuple_target = 8160);
create table millrace_event_2 partition of millrace_event for values in (2) with (toast_tuple_target = 8160);
create table millrace_event_3 partition of millrace_event for values in (3) with (toast_tuple_target = 8160);
create table millrace_event_4 partition of millrace_event for values in (4) with (toast_tuple_target = 8160);
create table millrace_event_5 partition of millrace_event for values in (5) with (toast_tuple_target = 8160);
create table millrace_event_6 partition of millrace_event for values in (6) with (toast_tuple_target = 8160);
create table millrace_event_7 partition of millrace_event for values in (7) with (toast_tuple_target = 8160);
create index millrace_event_place on millrace_event (seq);
create index millrace_event_xid on millrace_event (xid);

-- How many tasks stand where, as of the part of the journal that `meta` names.
create table millrace_count (
  tenant_id text collate "C" not null,
  kind text collate "C" not null,
  status smallint not null,
  n bigint not null,
  primary key (kind, status, tenant_id)
) with (fillfactor = 50);

create table millrace_cursor (
  consumer text collate "C" primary key,
  cursor text not null,
  saved_at bigint not null
);

-- What operators say of failures that are alike.
create table millrace_failure_mark (
  key text collate "C" primary key,
  state text not null,
  marked_at bigint not null,
  marked_by text,
  note text,
  until_count bigint
);

create table millrace_meta (
  name text collate "C" primary key,
  value text
);
