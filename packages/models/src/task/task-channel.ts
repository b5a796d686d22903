import { TaskError } from "../errors/task-error.ts";
import type { TaskRecord } from "./task-record.ts";

/** The words that stand before the colon of a channel. */
export type TaskChannelPrefix =
  | "task"
  | "kind"
  | "topic"
  | "resource"
  | "correlation"
  | "dedupe"
  | "concurrency"
  | "supersede"
  | "scope";

/** How many characters a channel may have. */
const maxLength = 500;

/**
 * Names of channels, by which tasks are grouped, listed and followed: `taskChannel.scope("workspace:42")` is
 * `scope:workspace:42`. The channels `task`, `kind`, `dedupe`, `concurrency` and `supersede` are derived from a task's own
 * fields and need not be given to it.
 */
export const taskChannel: Readonly<Record<TaskChannelPrefix, (value: string) => string>> = {
  task: (value) => `task:${value}`,
  kind: (value) => `kind:${value}`,
  topic: (value) => `topic:${value}`,
  resource: (value) => `resource:${value}`,
  correlation: (value) => `correlation:${value}`,
  dedupe: (value) => `dedupe:${value}`,
  concurrency: (value) => `concurrency:${value}`,
  supersede: (value) => `supersede:${value}`,
  scope: (value) => `scope:${value}`,
};

/**
 * The one written form of a channel: without white space around it. Any text of 1 to 500 characters without control
 * characters is a channel; a prefix is a habit, not a rule.
 *
 * @throws `METADATA_INVALID` when it is empty, too long or holds a control character.
 */
export function normalizeTaskChannel(channel: string): string {
  const text = channel.trim();
  if (text === "") throw invalid("A channel must not be empty.");
  if (text.length > maxLength) throw invalid(`A channel has at most ${maxLength} characters, got ${text.length}.`);
  // oxlint-disable-next-line no-control-regex -- control characters are just what is looked for
  if (/[\u0000-\u001f\u007f]/.test(text)) throw invalid("A channel must not hold control characters.");
  return text;
}

/** Several channels in their one written form, each once, in the order given. @throws `METADATA_INVALID` as above. */
export function normalizeTaskChannels(channels: readonly string[]): readonly string[] {
  return [...new Set(channels.map(normalizeTaskChannel))];
}

/** What channels are derived from. */
export type ChannelFields = Pick<
  TaskRecord,
  "id" | "kind" | "dedupeKey" | "concurrencyKeys" | "supersedeKey" | "channels"
>;

/** Every channel of a task: the stored ones first, then those derived from its id, kind and keys; each once. */
export function taskChannels(task: ChannelFields): readonly string[] {
  const channels = [...task.channels, taskChannel.task(task.id), taskChannel.kind(task.kind)];
  if (task.dedupeKey !== null) channels.push(taskChannel.dedupe(task.dedupeKey));
  for (const { key } of task.concurrencyKeys) channels.push(taskChannel.concurrency(key));
  if (task.supersedeKey !== null) channels.push(taskChannel.supersede(task.supersedeKey));
  // Derived ones differ by their prefixes; only a stored one can stand twice.
  return task.channels.length === 0 ? channels : [...new Set(channels)];
}

/** The column that a derived channel asks for. */
export interface DerivedChannel {
  readonly field: "id" | "kind" | "dedupeKey" | "concurrencyKey" | "supersedeKey";
  readonly value: string;
}

const derivedFields: ReadonlyMap<string, DerivedChannel["field"]> = new Map([
  ["task", "id"],
  ["kind", "kind"],
  ["dedupe", "dedupeKey"],
  ["concurrency", "concurrencyKey"],
  ["supersede", "supersedeKey"],
]);

/**
 * What a channel that may be derived asks for, so that SQL can look at the column; null for every other channel. A task
 * may also carry such a text among its stored channels, which matches too.
 */
export function parseDerivedChannel(channel: string): DerivedChannel | null {
  const colon = channel.indexOf(":");
  const field = colon < 0 ? undefined : derivedFields.get(channel.slice(0, colon));
  return field === undefined ? null : { field, value: channel.slice(colon + 1) };
}

function invalid(message: string): TaskError {
  return new TaskError("METADATA_INVALID", message, { details: { path: "channels" } });
}
