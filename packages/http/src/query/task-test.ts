import type { EpochMs, TaskSnapshot } from "@millrace/models";
import { matchesGlob } from "./glob.ts";
import { durationRanges, isInRanges, numberRanges, type NumberRange } from "./number-range.ts";
import { queryProblem, type QueryField, type QueryTerm } from "./query-term.ts";

/** Whether a task is what a term looks for. */
export type TaskTest = (task: TaskSnapshot) => boolean;

/** The test of a term that no index answers. @throws `QUERY_INVALID` */
export function testOf(term: QueryTerm, now: EpochMs): TaskTest {
  const test = positiveTest(term, now);
  return term.negated ? (task) => !test(task) : test;
}

function positiveTest(term: QueryTerm, now: EpochMs): TaskTest {
  const { field, values, path } = term;
  const any = (of: (task: TaskSnapshot) => string | null): TaskTest => {
    return (task) => values.some((value) => of(task) === value);
  };
  const inRanges = (ranges: readonly NumberRange[], of: (task: TaskSnapshot) => number | null): TaskTest => {
    return (task) => {
      const found = of(task);
      return found !== null && isInRanges(ranges, found);
    };
  };
  switch (field) {
    case "id":
      return (task) => values.some((value) => task.id.startsWith(value.toLowerCase()));
    case "tag":
      return (task) => values.some((value) => task.tags.some((tag) => matchesGlob(tag, value)));
    case "attempts":
      return inRanges(numberRanges(term), (task) => task.attempt);
    case "failures":
      return inRanges(numberRanges(term), (task) => task.failures);
    case "priority":
      return inRanges(numberRanges(term), (task) => task.priority);
    case "age":
      return inRanges(durationRanges(term), (task) => now - task.createdAt);
    case "took":
      return inRanges(durationRanges(term), (task) => tookMs(task, now));
    case "waited":
      return inRanges(durationRanges(term), (task) => Math.max(0, (task.startedAt ?? now) - task.createdAt));
    case "error":
      return (task) => values.some((value) => hasError(task, value.toLowerCase()));
    case "payload":
      return (task) => hasValue(task.input, path, values);
    case "result":
      return (task) => hasValue(task.output, path, values);
    case "word":
      return (task) => values.some((value) => hasWord(task, value));
    case "key":
      return (task) =>
        values.some((key) =>
          ["dedupe", "concurrency", "supersede"].some((sort) => task.channels.includes(`${sort}:${key}`)),
        );
    case "channel":
      return (task) => values.some((channel) => task.channels.includes(channel));
    case "schedule":
    case "trigger":
      return (task) => task.origin.type === field && values.some((value) => task.origin.id === value);
    default:
      return any(textOf(field, term));
  }
}

function textOf(field: QueryField, term: QueryTerm): (task: TaskSnapshot) => string | null {
  switch (field) {
    case "host":
      return (task) => task.hostId;
    case "flow":
      return (task) => task.flowId;
    case "parent":
      return (task) => task.parentId;
    case "root":
      return (task) => task.rootId;
    case "tenant":
      return (task) => task.tenantId;
    case "reason":
      return (task) => task.reason;
    case "fingerprint":
      return (task) => task.failureFingerprint;
    default:
      throw queryProblem(`${field} cannot be looked for like this`, term);
  }
}

function tookMs({ startedAt, finishedAt }: TaskSnapshot, now: EpochMs): number | null {
  return startedAt === null ? null : Math.max(0, (finishedAt ?? now) - startedAt);
}

function hasError({ failure, failureFingerprint }: TaskSnapshot, value: string): boolean {
  if (failureFingerprint === value) return true;
  if (failure === null) return false;
  const { name, code = "", message } = failure;
  return name.toLowerCase() === value || code.toLowerCase() === value || message.toLowerCase().includes(value);
}

/** A free word is how an id begins, a part of the kind, or a tag or its value. */
function hasWord({ id, kind, tags }: TaskSnapshot, value: string): boolean {
  const word = value.toLowerCase();
  if (id.startsWith(word) || kind.toLowerCase().includes(word)) return true;
  return tags.some((tag) => tag.toLowerCase() === word || tag.toLowerCase().endsWith(`:${word}`));
}

/** Only own fields are followed; a list is looked through. */
function hasValue(root: unknown, path: string, values: readonly string[]): boolean {
  let at: readonly unknown[] = [root];
  for (const part of path.split(".").slice(0, 32)) {
    at = at.flatMap((one) => step(one, part)).slice(0, 1_000);
  }
  return at
    .flatMap((one): readonly unknown[] => (Array.isArray(one) ? one.slice(0, 1_000) : [one]))
    .some((found) => {
      const text = textOfValue(found);
      return text !== null && values.some((value) => matchesGlob(text, value));
    });
}

function step(value: unknown, part: string): readonly unknown[] {
  if (Array.isArray(value)) return value.slice(0, 1_000).flatMap((item: unknown) => step(item, part));
  if (typeof value !== "object" || value === null || !Object.hasOwn(value, part)) return [];
  return [Reflect.get(value, part)];
}

/** Only what stands for itself can be looked for. */
function textOfValue(value: unknown): string | null {
  if (typeof value === "string") return value;
  return typeof value === "number" || typeof value === "boolean" || value === null ? String(value) : null;
}
