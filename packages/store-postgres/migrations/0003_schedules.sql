-- Schedules. What an occurrence changes stands in columns; the rest of the record is JSON, and its input as of a task.
create table millrace_schedule (
  tenant_id text collate "C" not null,
  schedule_id text collate "C" not null,
  -- When somebody must look at it; null = never again.
  look_at bigint,
  next_at bigint,
  place_at bigint not null,
  revision bigint not null,
  record text not null,
  input text,
  primary key (tenant_id, schedule_id)
) with (fillfactor = 70, autovacuum_vacuum_scale_factor = 0.05);
create index millrace_schedule_look on millrace_schedule (look_at) where look_at is not null;

-- What became of occurrences: the key lets each happen once. Outcomes: 0 enqueued, 1 late, 2 missed, 3 skipped, 4 refused.
create table millrace_occurrence (
  tenant_id text collate "C" not null,
  schedule_id text collate "C" not null,
  scheduled_for bigint not null,
  -- A row may stand for a run of occurrences that came out alike.
  until bigint not null,
  count integer not null,
  outcome smallint not null,
  reason text,
  task_id uuid,
  recorded_at bigint not null,
  primary key (tenant_id, schedule_id, scheduled_for)
);
-- Those that did not run, or not in time, as they are listed: of all tenants, and of one.
create index millrace_occurrence_odd on millrace_occurrence (scheduled_for, tenant_id, schedule_id) where outcome <> 0;
create index millrace_occurrence_odd_of_tenant on millrace_occurrence (tenant_id, scheduled_for, schedule_id) where outcome <> 0;
-- Rows that stand for several: they do not meet each other, so the last that begins before a moment tells whether one covers it.
create index millrace_occurrence_run on millrace_occurrence (tenant_id, schedule_id, scheduled_for) where count > 1;
create index millrace_occurrence_recorded on millrace_occurrence (recorded_at);
