// Generated from migrations/*.sql by `pnpm gen`. Do not edit.

/** Every migration of this store, oldest first. */
export const migrations: readonly { readonly version: number; readonly name: string; readonly sql: string }[] = [
  {
    version: 1,
    name: "create_tasks",
    sql: `-- Status numbers: 0 blocked, 1 queued, 2 claimed, 3 running, 4 suspended, 5 paused, 6 succeeded, 7 failed,
-- 8 cancelled; and two sorts of queued that a claim must not meet: -1 parked behind a full key, -2 not due.
--
-- Only what every task has stands in this table, because each column and each index that knows the status costs every
-- task at every move. A time that can be told from another is null.
create table millrace_task (
  seq integer primary key,
  id text not null,
  tenant_id text not null default '',
  kind text not null,
  status integer not null,
  -- What is special about the task, as a sum; 0 lets the short statements have it.
  flags integer not null default 0,
  priority integer not null default 0,
  scheduled_at integer not null,
  attempt integer not null default 0,
  version integer not null default 1,
  failures integer not null default 0,
  -- Of the current attempt, else of the last one.
  lease_token text,
  -- Likewise.
  host_id text,
  lease_expires_at integer,
  -- Who ended the last ended attempt and what it led to: who * 16 + status.
  ended integer,
  created_at integer not null,
  updated_at integer,
  claimed_at integer,
  started_at integer,
  last_sign_at integer,
  finished_at integer,
  input,
  output,
  -- JSON: what is said once, at the enqueue; null when nothing differs from the usual.
  fixed text,
  check ((status in (2, 3)) = (lease_expires_at is not null)),
  check ((status >= 6) = (finished_at is not null))
);

create unique index millrace_task_id on millrace_task (id);
create index millrace_task_ready on millrace_task (kind, priority desc, scheduled_at, id) where status = 1;
create index millrace_task_kind on millrace_task (kind, seq);
create index millrace_task_lease on millrace_task (lease_expires_at) where lease_expires_at is not null;
create index millrace_task_final on millrace_task (status, kind, seq, finished_at, flags) where finished_at is not null;
create index millrace_task_tenant on millrace_task (tenant_id, seq) where tenant_id <> '';

-- What may change but seldom does, as JSON: waits, pauses, cancels, failures, progress.
create table millrace_loose (
  seq integer primary key,
  loose text not null
);

-- An input too large to be rewritten with its row at every move.
create table millrace_input (
  seq integer primary key,
  input not null
);

-- Tasks that are not due, in the order they fall due.
create table millrace_due (
  kind text not null,
  due_at integer not null,
  seq integer not null,
  primary key (kind, due_at, seq)
) without rowid;

-- Open tasks of the statuses that are listed apart: -2, -1, 0, 4, 5.
create table millrace_shelf (
  status integer not null,
  kind text not null,
  seq integer not null,
  primary key (status, kind, seq)
) without rowid;

-- Queued tasks that have a concurrency key: behind a full one (parked = 1), or ready, under their first: sure to take it
-- when it is free (0), or not (2: it may expire, must run alone, or has a second key).
create table millrace_keyed (
  parked integer not null,
  tenant_id text not null,
  key text not null,
  kind text not null,
  -- Negative, so that the highest comes first.
  rank integer not null,
  scheduled_at integer not null,
  id text not null,
  seq integer not null,
  primary key (parked, tenant_id, key, kind, rank, scheduled_at, id)
) without rowid;

-- Deadlines: 1 of a wait, 2 to begin, 3 to tell those that wait for it, 6 to 8 of its own retention, by its status.
create table millrace_timer (
  type integer not null,
  at integer not null,
  seq integer not null,
  primary key (type, at, seq)
) without rowid;

-- The last task made with a dedupe key: it holds the key while it is open, or within its window.
create table millrace_dedupe (
  tenant_id text not null,
  kind text not null,
  key text not null,
  seq integer not null,
  primary key (tenant_id, kind, key)
) without rowid;

-- Open tasks by supersede key.
create table millrace_supersede (
  tenant_id text not null,
  kind text not null,
  key text not null,
  seq integer not null,
  primary key (tenant_id, kind, key, seq)
) without rowid;

-- What tasks can be found by: tags, channels, parent, root, flow, origin and keys, each with a letter before it.
create table millrace_label (
  label text not null,
  seq integer not null,
  primary key (label, seq)
) without rowid;

create table millrace_edge (
  waiter integer not null,
  stage integer not null,
  position integer not null,
  dependency integer not null,
  -- 0 continue, 1 abort, 2 fail
  on_failure integer not null,
  primary key (waiter, stage, position)
) without rowid;
create index millrace_edge_dependency on millrace_edge (dependency, waiter);

create table millrace_attempt (
  task integer not null,
  attempt integer not null,
  lease_token text not null,
  host_id text,
  claimed_at integer,
  started_at integer,
  ended_at integer not null,
  ended integer not null,
  outcome text not null,
  failure,
  primary key (task, attempt)
) without rowid;

create table millrace_step (
  task integer not null,
  attempt integer not null,
  n integer not null,
  kind text not null,
  level text not null,
  message text not null,
  meta text,
  percent real,
  at integer not null,
  primary key (task, attempt, n)
) without rowid;

create table millrace_memo (
  task integer not null,
  name text not null,
  value not null,
  primary key (task, name)
) without rowid;

create table millrace_signal (
  place integer primary key autoincrement,
  task integer not null,
  signal_id text not null,
  name text not null,
  payload,
  -- A consumed one stays to recognise its repetition.
  consumed integer not null default 0
);
create unique index millrace_signal_id on millrace_signal (task, signal_id);
create index millrace_signal_kept on millrace_signal (task, name, place) where consumed = 0;

-- Limits of concurrency keys and what is held of them.
create table millrace_key (
  tenant_id text not null,
  key text not null,
  lim integer not null,
  held integer not null default 0 check (held >= 0),
  -- How many open tasks bear it.
  used integer not null default 0 check (used >= 0),
  -- An operator set the limit.
  fixed integer not null default 0,
  rate text,
  drops integer,
  refilled_at integer,
  primary key (tenant_id, key)
) without rowid;

-- The store's own limit stands here under the name '*'. What is held of a limit is told by the counts of leased tasks.
create table millrace_kind (
  kind text primary key,
  version integer not null default 0,
  schemas text not null default '{}',
  code_lim integer,
  lim integer,
  lim_at integer,
  lim_by text,
  code_rate text,
  rate text,
  drops integer,
  refilled_at integer,
  fairness text not null default 'none',
  paused_at integer,
  paused_by text,
  paused_why text,
  last_seen_at integer not null
) without rowid;

create table millrace_host (
  host_id text primary key,
  -- JSON of the last heartbeat.
  beat text not null,
  state text not null,
  is_lost integer not null default 0,
  started_at integer not null,
  last_seen_at integer not null,
  alive_until integer not null,
  drain_requested_at integer
) without rowid;

-- How many tasks stand where; here -3 are those not due after a failure.
create table millrace_count (
  tenant_id text not null,
  kind text not null,
  status integer not null,
  n integer not null,
  primary key (kind, status, tenant_id)
) without rowid;

-- One row for all tasks to which the same thing happened in one transaction. \`ids\` holds 16 bytes a task. \`version\` and
-- \`attempt\` are those of every task; where they differ they are null and stand in \`versions\` and \`attempts\`. Type 99 is
-- \`started\` and \`succeeded\` told together, as two entries a task. The newest row is never removed, so that no place in
-- the journal is used twice.
create table millrace_event (
  seq integer primary key,
  at integer not null,
  type integer not null,
  tenant_id text not null,
  kind text,
  was integer,
  became integer,
  reason text,
  host_id text,
  n integer not null,
  version integer,
  attempt integer,
  ids blob,
  versions text,
  attempts text,
  data text
);

create table millrace_cursor (
  consumer text primary key,
  cursor text not null,
  saved_at integer not null
) without rowid;

-- What operators say of failures that are alike.
create table millrace_failure_mark (
  key text primary key,
  state text not null,
  marked_at integer not null,
  marked_by text,
  note text,
  until_count integer
) without rowid;

create table millrace_meta (
  name text primary key,
  value
) without rowid;
`,
  },
  {
    version: 2,
    name: "hosts_of_a_pod",
    sql: `-- A host may live as a pod, and give way to the next one of the same pod.
alter table millrace_host add column pod_id text;
alter table millrace_host add column superseded_at integer;
alter table millrace_host add column superseded_by text;
-- Leases that it took up to then are to be ended; null = none are.
alter table millrace_host add column recover_until integer;
create index millrace_host_pod on millrace_host (pod_id) where pod_id is not null;

-- Kinds of which it was told that nobody serves them.
create table millrace_unserved (
  kind text primary key
) without rowid;
`,
  },
  {
    version: 3,
    name: "schedules",
    sql: `-- Schedules. What an occurrence changes stands in columns; the rest of the record is JSON, and its input as of a task.
create table millrace_schedule (
  tenant_id text not null,
  schedule_id text not null,
  -- When somebody must look at it; null = never again.
  look_at integer,
  next_at integer,
  place_at integer not null,
  revision integer not null,
  record text not null,
  input,
  primary key (tenant_id, schedule_id)
) without rowid;
create index millrace_schedule_look on millrace_schedule (look_at) where look_at is not null;

-- What became of occurrences: the key lets each happen once. Outcomes: 0 enqueued, 1 late, 2 missed, 3 skipped, 4 refused.
create table millrace_occurrence (
  tenant_id text not null,
  schedule_id text not null,
  scheduled_for integer not null,
  -- A row may stand for a run of occurrences that came out alike.
  until integer not null,
  count integer not null,
  outcome integer not null,
  reason text,
  task_id text,
  recorded_at integer not null,
  primary key (tenant_id, schedule_id, scheduled_for)
) without rowid;
-- Those that did not run, or not in time, as they are listed: of all tenants, and of one.
create index millrace_occurrence_odd on millrace_occurrence (scheduled_for, tenant_id, schedule_id) where outcome <> 0;
create index millrace_occurrence_odd_of_tenant on millrace_occurrence (tenant_id, scheduled_for, schedule_id) where outcome <> 0;
-- Rows that stand for several: they do not meet each other, so the last that begins before a moment tells whether one covers it.
create index millrace_occurrence_run on millrace_occurrence (tenant_id, schedule_id, scheduled_for) where count > 1;
create index millrace_occurrence_recorded on millrace_occurrence (recorded_at);
`,
  },
];
