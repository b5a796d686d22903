import {
  isFinal,
  isLeased,
  type ExplainedHost,
  type HostRecord,
  type TaskExplanationReason,
  type TaskSnapshot,
} from "@millrace/models";
import { mostNamed, type ExplainFacts } from "./explain-facts.ts";

/** Why a task does not run, the first to look at first. Pure. */
export function explainReasons(facts: ExplainFacts): readonly TaskExplanationReason[] {
  const { task } = facts;
  if (isFinal(task.status)) return [finished(task, task.status)];
  if (isLeased(task.status)) return [running(facts)];
  const own = ownReasons(facts);
  // What will keep it next is worth knowing early, unless somebody must act on the task itself first.
  const isHeldByItself = own.length > 0 && task.status !== "queued";
  const more = isHeldByItself ? [] : [...placeReasons(facts), ...(own.length > 0 ? [] : lineReasons(facts))];
  const reasons = [...own, ...more];
  return reasons.length > 0 ? reasons : [{ code: "next" }];
}

function finished(task: TaskSnapshot, status: "succeeded" | "failed" | "cancelled"): TaskExplanationReason {
  const { reason, finishedAt, cancelledBy, cancelReason } = task;
  const isCancelled = status === "cancelled";
  return {
    code: "finished",
    status,
    reason,
    at: finishedAt,
    failure: failureHead(task),
    by: isCancelled ? cancelledBy : null,
    why: isCancelled ? cancelReason : null,
  };
}

function running({ task, hosts, now }: ExplainFacts): TaskExplanationReason {
  const { hostId, attempt, claimedAt, leaseExpiresAt, staleAt, cancelRequestedAt } = task;
  return {
    code: "running",
    hostId,
    label: hosts?.find((host) => host.hostId === hostId)?.label ?? "",
    attempt,
    since: claimedAt,
    started: task.started,
    leaseEndsInMs: leaseExpiresAt === null ? null : leaseExpiresAt - now,
    staleAt,
    cancelRequestedAt,
  };
}

/** What of the task itself keeps it. */
function ownReasons(facts: ExplainFacts): readonly TaskExplanationReason[] {
  const { task, now } = facts;
  const reasons: TaskExplanationReason[] = [];
  const { expiresAt } = task;
  if (expiresAt !== null && task.attempt === 0 && expiresAt <= now) reasons.push({ code: "expired", expiresAt });
  if (task.status === "paused") {
    reasons.push({ code: "task-paused", by: task.pausedBy, why: task.pausedWhy, since: task.updatedAt });
  }
  const status = task.pausedFrom ?? task.status;
  if (status === "blocked" || status === "suspended") reasons.push(waiting(facts, status));
  if (status === "queued" && task.scheduledAt > now) reasons.push(notDue(facts));
  return reasons;
}

function waiting({ task, waitsFor, now }: ExplainFacts, status: "blocked" | "suspended"): TaskExplanationReason {
  const { wakeAt: until, waitSignal, reason, openDependencies } = task;
  if (status === "blocked" || reason === "children") {
    const awaited = status === "blocked" ? "dependencies" : "children";
    return { code: "waits-for-tasks", for: awaited, open: openDependencies, tasks: waitsFor, until };
  }
  if (waitSignal !== null) return { code: "waits-for-signal", name: waitSignal, until };
  if (reason === "sleep" && until !== null) return { code: "waits-for-time", until, inMs: Math.max(0, until - now) };
  return { code: "waits-for-person", until };
}

function notDue({ task, now }: ExplainFacts): TaskExplanationReason {
  const { scheduledAt, failures } = task;
  const inMs = scheduledAt - now;
  if (failures === 0) return { code: "not-due", scheduledAt, inMs };
  return { code: "back-off", scheduledAt, inMs, failures, failure: failureHead(task) };
}

/** What keeps every task of its kind. */
function placeReasons({ task, kind, hosts }: ExplainFacts): readonly TaskExplanationReason[] {
  const reasons: TaskExplanationReason[] = [];
  if (kind && kind.pausedAt !== null) {
    const { pausedBy: by, pausedWhy: why, pausedAt: since } = kind;
    reasons.push({ code: "kind-paused", kind: task.kind, by, why, since });
  }
  const serving = hosts?.filter(({ kinds }) => kinds.includes(task.kind));
  if (serving && !serving.some(takesMore)) {
    reasons.push({ code: "no-host", kind: task.kind, draining: serving.slice(0, mostNamed).map(shownHost) });
  }
  return reasons;
}

/** What keeps a task that is due. */
function lineReasons({ task, hosts, waits, full }: ExplainFacts): readonly TaskExplanationReason[] {
  const reasons: TaskExplanationReason[] = full.flatMap(({ limit: { scope, limit, held }, holders }) =>
    limit === null ? [] : [{ code: "limit-full" as const, scope, limit, held, holders }],
  );
  for (const { scope, rate, nextStartInMs } of waits?.limits ?? []) {
    if (rate !== null && nextStartInMs > 0) reasons.push({ code: "rate-limit", scope, rate, inMs: nextStartInMs });
  }
  if (task.suspect) reasons.push({ code: "runs-alone", interruptions: task.interruptions });
  const serving = hosts?.filter((host) => takesMore(host) && host.kinds.includes(task.kind)) ?? [];
  if (serving.length > 0 && serving.every(({ running: busy, slots }) => busy >= slots)) {
    reasons.push({ code: "hosts-busy", kind: task.kind, hosts: serving.slice(0, mostNamed).map(shownHost) });
  }
  if (waits && waits.ahead.count > 0) reasons.push({ code: "in-line", ahead: waits.ahead, priority: task.priority });
  return reasons;
}

function takesMore({ state, drainRequestedAt }: HostRecord): boolean {
  return state === "running" && drainRequestedAt === null;
}

function shownHost({ hostId, label, running: busy, slots }: HostRecord): ExplainedHost {
  return { hostId, label, running: busy, slots };
}

function failureHead({ failure }: TaskSnapshot): { readonly name: string; readonly message: string } | null {
  return failure === null ? null : { name: failure.name, message: failure.message };
}
