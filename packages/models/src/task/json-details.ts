import type { Json } from "./json.ts";
import { truncateBytes } from "./text-length.ts";

/** What bounds a value that is shown rather than used: it may lose parts, it may not fail. */
const maxDepth = 6;
const maxNodes = 500;
const maxTextBytes = 4_096;

interface Walk {
  nodes: number;
  readonly path: Set<object>;
}

/**
 * Makes JSON of any value whatever, for failures and logs: cycles, functions, BigInts, Maps, throwing getters and too
 * much of anything are replaced by short texts. `undefined` where there is nothing to show.
 */
export function toJsonDetails(value: unknown): Json | undefined {
  return shown(value, 0, { nodes: 0, path: new Set() });
}

function shown(value: unknown, depth: number, walk: Walk): Json | undefined {
  switch (typeof value) {
    case "string":
      return truncateBytes(value, maxTextBytes);
    case "number":
      return Number.isFinite(value) ? value : String(value);
    case "boolean":
      return value;
    case "bigint":
      return truncateBytes(String(value), maxTextBytes);
    case "symbol":
      return truncateBytes(String(value), maxTextBytes);
    case "undefined":
    case "function":
      return undefined;
    case "object":
      return value === null ? null : shownObject(value, depth, walk);
  }
}

function shownObject(value: object, depth: number, walk: Walk): Json {
  if (walk.path.has(value)) return "[circular]";
  walk.path.add(value);
  try {
    if (depth >= maxDepth) return Array.isArray(value) ? "[array]" : "[object]";
    if (value instanceof Date) return Number.isNaN(value.getTime()) ? "Invalid Date" : value.toISOString();
    if (value instanceof Error) return `${value.name}: ${truncateBytes(value.message, maxTextBytes)}`;
    if (ArrayBuffer.isView(value)) return `[${value.byteLength} bytes]`;
    if (Array.isArray(value)) return shownList(value, depth, walk);
    if (value instanceof Set) return shownList([...value.values()], depth, walk);
    if (value instanceof Map)
      return shownEntries(
        [...value].map(([key, item]) => [String(key), item]),
        depth,
        walk,
      );
    return shownEntries(readableEntries(value), depth, walk);
  } catch {
    return "[unreadable]";
  } finally {
    walk.path.delete(value);
  }
}

function shownList(items: readonly unknown[], depth: number, walk: Walk): Json {
  const list: Json[] = [];
  for (const item of items) {
    if (walk.nodes >= maxNodes) return [...list, `[${items.length - list.length} more]`];
    walk.nodes += 1;
    list.push(shown(item, depth + 1, walk) ?? null);
  }
  return list;
}

function shownEntries(entries: readonly (readonly [string, unknown])[], depth: number, walk: Walk): Json {
  const result: Record<string, Json> = {};
  let told = 0;
  for (const [key, item] of entries) {
    if (walk.nodes >= maxNodes) {
      result["…"] = `[${entries.length - told} more]`;
      break;
    }
    walk.nodes += 1;
    told += 1;
    const json = shown(item, depth + 1, walk);
    // An own key of that name would become a prototype further on.
    if (json !== undefined && key !== "__proto__") result[truncateBytes(key, 200)] = json;
  }
  return result;
}

function readableEntries(value: object): readonly (readonly [string, unknown])[] {
  return Object.keys(value).map((key) => {
    try {
      return [key, Reflect.get(value, key)] as const;
    } catch {
      return [key, "[unreadable]"] as const;
    }
  });
}
