import { exactText } from "../format/numbers.ts";

/** What can be done to many. */
export type BulkVerb = "retry" | "cancel" | "remove";

/** How each is said. */
export const bulkWords: Readonly<
  Record<BulkVerb, { readonly verb: string; readonly key: string; readonly done: string; readonly about: string }>
> = {
  retry: {
    verb: "Retry",
    key: "R",
    done: "retried",
    about: "Those that have ended run again; those that wait for their time run at once.",
  },
  cancel: {
    verb: "Cancel",
    key: "C",
    done: "cancelled",
    about: "Those that wait never run; those that run are asked to stop.",
  },
  remove: {
    verb: "Remove",
    key: "⌫",
    done: "removed",
    about: "Those that have ended are deleted with their steps and attempts. This cannot be taken back.",
  },
};

/** The question of the dialog: the verb, how many, of what, and where. Pure. */
export function bulkTitle(
  verb: BulkVerb,
  {
    count,
    isExact,
    q,
    environment,
  }: { readonly count: number; readonly isExact: boolean; readonly q: string; readonly environment: string | null },
): string {
  const scope = q === "" ? "of all tasks" : `matching ${q}`;
  const many = `${isExact ? "" : "at least "}${exactText(count)} ${count === 1 ? "task" : "tasks"}`;
  return `${bulkWords[verb].verb} ${many} ${scope}${environment === null ? "" : ` in ${environment}`}?`;
}

/** Whether the count must be typed first. Pure. */
export function needsTyping(verb: BulkVerb, count: number, isDanger: boolean): boolean {
  return count > 1_000 || (verb === "remove" && isDanger);
}
