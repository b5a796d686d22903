import type { TaskFilter } from "@millrace/models";
import type { PageEntry } from "./page-entries.ts";

/** Sinks by what they look for, so that an event is shown to those whom it may concern and not to all. */
export interface SinkIndex<Sink> {
  add(sink: Sink, filter: TaskFilter): void;
  delete(sink: Sink): void;
  /** May name a sink twice. */
  concerned(entry: PageEntry): Iterable<Sink>;
}

type Places<Sink> = Map<string, Set<Sink>>;

const everything = "*";
const anyChannel = "~";

/** Makes an empty index. Each sink stands under one sort of key: task ids, else channels, else kinds, else everything. */
export function createSinkIndex<Sink>(): SinkIndex<Sink> {
  // By tenant; those that ask for no tenant stand under null.
  const tenants = new Map<string | null, Places<Sink>>();
  const keysOf = new Map<Sink, { readonly tenant: string | null; readonly keys: readonly string[] }>();

  return {
    add(sink, filter) {
      const tenant = filter.tenantId ?? null;
      const keys = sinkKeys(filter);
      keysOf.set(sink, { tenant, keys });
      const places: Places<Sink> = tenants.get(tenant) ?? new Map<string, Set<Sink>>();
      tenants.set(tenant, places);
      for (const key of keys) {
        const place = places.get(key) ?? new Set();
        places.set(key, place);
        place.add(sink);
      }
    },
    delete(sink) {
      const known = keysOf.get(sink);
      if (!known) return;
      keysOf.delete(sink);
      const places = tenants.get(known.tenant);
      for (const key of known.keys) {
        const place = places?.get(key);
        place?.delete(sink);
        if (place?.size === 0) places?.delete(key);
      }
      if (places?.size === 0) tenants.delete(known.tenant);
    },
    *concerned(entry) {
      const keys = entryKeys(entry);
      for (const tenant of [entry.event.tenantId, null]) {
        const places = tenants.get(tenant);
        if (!places) continue;
        for (const key of keys) yield* places.get(key) ?? [];
      }
    },
  };
}

function sinkKeys({ taskIds, channels, kinds }: TaskFilter): readonly string[] {
  if (taskIds) return [...new Set(taskIds)].map((id) => `t${id}`);
  if (channels) return [anyChannel, ...new Set(channels.map((channel) => `c${channel}`))];
  if (kinds) return [...new Set(kinds)].map((kind) => `k${kind}`);
  return [everything];
}

function entryKeys({ event, snapshot }: PageEntry): readonly string[] {
  // Of a task that is gone nobody knows the channels.
  const channels = snapshot === null ? [anyChannel] : snapshot.channels.map((channel) => `c${channel}`);
  return [`t${event.taskId}`, `k${event.kind}`, everything, ...channels];
}
