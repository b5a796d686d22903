import type { LimitScope, TaskExplanationReason } from "@millrace/models";

/** The reasons as sentences for people. Pure. */
export function explainText(reasons: readonly TaskExplanationReason[]): string {
  return reasons.map(sentence).join(" ");
}

function sentence(reason: TaskExplanationReason): string {
  switch (reason.code) {
    case "finished":
      return finished(reason);
    case "running":
      return running(reason);
    case "task-paused":
      return `The task is paused${by(reason.by)}${why(reason.why)}.`;
    case "kind-paused":
      return `The kind "${reason.kind}" is paused${by(reason.by)}${why(reason.why)}.`;
    case "waits-for-tasks":
      return `It waits for ${count(reason.open, reason.for === "children" ? "child" : "task")} to end.`;
    case "waits-for-signal":
      return `It waits for the signal "${reason.name}".`;
    case "waits-for-time":
      return `It sleeps and goes on in ${duration(reason.inMs)}.`;
    case "waits-for-person":
      return "It waits until somebody resumes it.";
    case "not-due":
      return `It is due in ${duration(reason.inMs)}.`;
    case "back-off":
      return `It has failed ${times(reason.failures)} and is tried again in ${duration(reason.inMs)}${lastFailure(reason)}.`;
    case "expired":
      return "It did not begin in time and is about to be cancelled.";
    case "no-host":
      return noHost(reason);
    case "limit-full":
      return `${limited(reason.scope)} is full: ${reason.held} of ${reason.limit} run.`;
    case "rate-limit":
      return `${rated(reason.scope)} lets the next task start in ${duration(reason.inMs)}.`;
    case "hosts-busy":
      return `All places of the hosts that serve "${reason.kind}" are taken.`;
    case "runs-alone":
      return "A host died while it ran, so it waits for a host where it can run alone.";
    case "in-line":
      return `${reason.ahead.exact ? "" : "More than "}${count(reason.ahead.count, "task")} of its kind come${
        reason.ahead.exact && reason.ahead.count === 1 ? "s" : ""
      } first.`;
    case "next":
      return "Nothing keeps it: a host takes it with its next look.";
  }
}

type Reason<Code extends TaskExplanationReason["code"]> = Extract<TaskExplanationReason, { code: Code }>;

function finished({ status, reason, failure, ...cancelled }: Reason<"finished">): string {
  if (status === "succeeded") return "It has succeeded.";
  const code = reason === null ? "" : ` (${reason})`;
  if (status === "cancelled") return `It was cancelled${by(cancelled.by)}${code}${why(cancelled.why)}.`;
  return `It has failed${code}${failure === null ? "" : `: ${head(failure)}`}.`;
}

function running({ hostId, label, attempt, started, ...more }: Reason<"running">): string {
  const where = label === "" ? (hostId ?? "a host") : label;
  const what = started ? `Attempt ${attempt} runs on ${where}` : `Attempt ${attempt} is about to start on ${where}`;
  const stale = more.staleAt === null ? "" : ", but has given no sign of life for a while";
  return `${what}${stale}${more.cancelRequestedAt === null ? "" : "; it was asked to stop"}.`;
}

function noHost({ kind, draining }: Reason<"no-host">): string {
  if (draining.length === 0) return `No live host serves the kind "${kind}".`;
  return `Every host that serves the kind "${kind}" takes no more tasks.`;
}

function limited(scope: LimitScope): string {
  if (scope.type === "store") return "The limit of the whole store";
  return scope.type === "kind" ? `The limit of the kind "${scope.kind}"` : `The limit of the key "${scope.key}"`;
}

function rated(scope: LimitScope): string {
  return scope.type === "key" ? `The rate of the key "${scope.key}"` : "The rate of its kind";
}

function lastFailure({ failure }: Reason<"back-off">): string {
  return failure === null ? "" : `; last: ${head(failure)}`;
}

function head({ name, message }: { readonly name: string; readonly message: string }): string {
  const [line = ""] = message.split("\n");
  return `${name}: ${line.length > 160 ? `${line.slice(0, 160)}…` : line}`;
}

function by(who: string | null): string {
  return who === null ? "" : ` by ${who}`;
}

function why(text: string | null): string {
  return text === null || text === "" ? "" : `: ${text}`;
}

function count(n: number, noun: "task" | "child"): string {
  if (n === 1) return `1 ${noun}`;
  return noun === "child" ? `${n} children` : `${n} tasks`;
}

function times(n: number): string {
  return n === 1 ? "once" : `${n} times`;
}

const units: readonly (readonly [name: string, ms: number])[] = [
  ["d", 86_400_000],
  ["h", 3_600_000],
  ["min", 60_000],
  ["s", 1_000],
];

/** At most two units: `3 min 12 s`. */
function duration(ms: number): string {
  const at = units.findIndex(([, size]) => ms >= size);
  const [big, small] = at === -1 ? [] : [units[at], units[at + 1]];
  if (!big) return `${ms} ms`;
  const first = `${Math.floor(ms / big[1])} ${big[0]}`;
  const rest = small ? Math.floor((ms % big[1]) / small[1]) : 0;
  return small && rest > 0 ? `${first} ${rest} ${small[0]}` : first;
}
