import type { TaskRecord } from "@millrace/models";

/** The letter before each sort of label, so that a tag never answers for a channel. */
export const label = {
  tag: (tag: string): string => `t:${tag}`,
  channel: (channel: string): string => `c:${channel}`,
  parent: (id: string): string => `p:${id}`,
  root: (id: string): string => `r:${id}`,
  flow: (id: string): string => `f:${id}`,
  origin: (id: string): string => `o:${id}`,
  dedupe: (key: string): string => `d:${key}`,
  supersede: (key: string): string => `s:${key}`,
  concurrency: (key: string): string => `k:${key}`,
} as const;

/** Every label a task is found by. A task of which nothing special was said has none and pays for none. */
export function labelsOf(
  task: Pick<
    TaskRecord,
    | "id"
    | "tags"
    | "channels"
    | "parentId"
    | "rootId"
    | "flowId"
    | "origin"
    | "dedupeKey"
    | "supersedeKey"
    | "concurrencyKeys"
  >,
): readonly string[] {
  const labels = [
    ...task.tags.map(label.tag),
    ...task.channels.map(label.channel),
    ...task.concurrencyKeys.map(({ key }) => label.concurrency(key)),
  ];
  if (task.parentId !== null) labels.push(label.parent(task.parentId));
  if (task.rootId !== task.id) labels.push(label.root(task.rootId));
  if (task.flowId !== null) labels.push(label.flow(task.flowId));
  if (task.origin.id !== null) labels.push(label.origin(task.origin.id));
  if (task.dedupeKey !== null) labels.push(label.dedupe(task.dedupeKey));
  if (task.supersedeKey !== null) labels.push(label.supersede(task.supersedeKey));
  return labels;
}
