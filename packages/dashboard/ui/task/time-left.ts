import type { TaskProgressState } from "@millrace/models";
import { roughText } from "../format/durations.ts";

/** About how long is left, once enough is known to say so: after a tenth and five seconds. Pure. */
export function timeLeft(
  { percent, startedAt, updatedAt }: Pick<TaskProgressState, "percent" | "startedAt" | "updatedAt">,
  now: number,
): string | null {
  if (percent === null || startedAt === null || percent < 10 || percent >= 100) return null;
  // What was said a while ago says nothing about now.
  const at = updatedAt ?? now;
  const ran = at - startedAt;
  if (now - startedAt < 5_000 || ran <= 0) return null;
  const left = (ran * (100 - percent)) / percent - (now - at);
  // One that is slower than before says nothing any more.
  return left <= 0 ? null : `about ${roughText(left)} left`;
}
