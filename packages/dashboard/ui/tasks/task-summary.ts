import type { ListedTask } from "../api/answers.ts";
import { lineText } from "../format/texts.ts";

/** The line that tells one task from another: what its author said, and what it does or died of. */
export function summaryOf({ summary, failure, progress, state, cancelReason, pausedWhy, tags }: ListedTask): string {
  const now = nowOf({ failure, progress, state, cancelReason, pausedWhy });
  const head = summary ?? tags.slice(0, 2).join(" ");
  return lineText([head, now].filter((part) => part !== "" && part !== null).join(" · "), 300);
}

function nowOf({
  failure,
  progress,
  state,
  cancelReason,
  pausedWhy,
}: Pick<ListedTask, "failure" | "progress" | "state" | "cancelReason" | "pausedWhy">): string {
  switch (state) {
    case "running":
    case "stale":
    case "suspended":
      return progress.label ?? "";
    case "cancelled":
      return cancelReason ?? "";
    case "paused":
      return pausedWhy ?? "";
    case "succeeded":
      return "";
    default:
      return failure === null ? "" : `${failure.code ?? failure.name}: ${failure.message}`;
  }
}

/** How long it waited for its start, and how long it ran, in ms; null = not yet. */
export function timesOf(
  task: Pick<ListedTask, "createdAt" | "scheduledAt" | "startedAt" | "finishedAt" | "state">,
  now: number,
): { readonly waitedMs: number | null; readonly ranMs: number | null } {
  const { createdAt, scheduledAt, startedAt, finishedAt, state } = task;
  const isOpen = finishedAt === null;
  // Until its time had come it did not wait for anybody.
  const due = Math.max(createdAt, Math.min(scheduledAt, startedAt ?? scheduledAt));
  const waitedMs =
    startedAt === null ? (isOpen && state === "queued" ? Math.max(0, now - due) : null) : Math.max(0, startedAt - due);
  const runs = state === "running" || state === "stale";
  const ranMs = startedAt === null || (isOpen && !runs) ? null : Math.max(0, (finishedAt ?? now) - startedAt);
  return { waitedMs, ranMs };
}
