import {
  isFinal,
  isHostAlive,
  type Clock,
  type EpochMs,
  type ExplainedTask,
  type FacetName,
  type HostRecord,
  type KindRecord,
  type TaskFilter,
  type TaskId,
  type TaskLimit,
  type TaskRecord,
  type TaskSnapshot,
  type TaskStore,
  type TaskWaits,
} from "@millrace/models";
import type { SnapshotReader } from "../snapshot-reader.ts";

/** All that is known of why a task does not run. */
export interface ExplainFacts {
  readonly task: TaskSnapshot;
  readonly kind: KindRecord | null;
  /** Those that live; null when the store keeps no list. */
  readonly hosts: readonly HostRecord[] | null;
  readonly waits: TaskWaits | null;
  /** Of `waits.waitsFor`, the first few. */
  readonly waitsFor: readonly ExplainedTask[];
  /** Limits without a free place, with the first few tasks that hold them. */
  readonly full: readonly { readonly limit: TaskLimit; readonly holders: readonly ExplainedTask[] }[];
  readonly notKnown: readonly FacetName[];
  readonly now: EpochMs;
}

/** How many tasks are counted at most. */
const mostCounted = 1_000;
/** How many tasks are named at most. */
export const mostNamed = 10;

/** What facts are gathered with. */
export interface ExplainPorts {
  readonly store: TaskStore;
  readonly snapshots: SnapshotReader;
  readonly clock: Clock;
}

/** Reads what the store knows; null when there is no such task, or it is another tenant's. */
export async function explainFacts(
  { store, snapshots, clock }: ExplainPorts,
  taskId: TaskId,
  tenantId: string | null,
): Promise<ExplainFacts | null> {
  const [waits, task, kinds, hosts] = await Promise.all([
    store.facet("waits")?.look(taskId, mostCounted) ?? null,
    store.get([taskId]).then(([found]) => found),
    store.kinds(),
    store.facet("hosts")?.list() ?? null,
  ]);
  if (!task || (tenantId !== null && task.tenantId !== tenantId)) return null;
  const now = waits?.at ?? clock.now();
  const limits = isFinal(task.status) ? [] : (waits?.limits ?? []);
  const full = limits.filter(({ limit, held }) => limit !== null && held >= limit);
  return {
    task: await snapshots.snapshotOf(task),
    kind: kinds.find(({ kind }) => kind === task.kind) ?? null,
    hosts: hosts?.filter((host) => isHostAlive(host, now)) ?? null,
    waits,
    waitsFor: await namedTasks(store, { taskIds: waits?.waitsFor.slice(0, mostNamed) ?? [] }, tenantId),
    full: await Promise.all(
      full.map(async (limit) => ({ limit, holders: await namedTasks(store, holdersOf(limit), tenantId) })),
    ),
    notKnown: [...(waits ? [] : (["waits"] as const)), ...(hosts ? [] : (["hosts"] as const))],
    now,
  };
}

function holdersOf({ scope }: TaskLimit): TaskFilter {
  const statuses = ["claimed", "running"] as const;
  if (scope.type === "store") return { statuses };
  if (scope.type === "kind") return { statuses, kinds: [scope.kind] };
  return { statuses, tenantId: scope.tenantId, concurrencyKey: scope.key };
}

async function namedTasks(
  store: TaskStore,
  filter: TaskFilter,
  tenantId: string | null,
): Promise<readonly ExplainedTask[]> {
  if (filter.taskIds?.length === 0) return [];
  const { tasks } = await store.read({
    ...filter,
    ...(tenantId === null ? {} : { tenantId }),
    limit: mostNamed,
    orderBy: "created_asc",
  });
  return tasks.map(namedTask);
}

function namedTask({ id, kind, status, hostId }: TaskRecord): ExplainedTask {
  return { taskId: id, kind, status, hostId };
}
