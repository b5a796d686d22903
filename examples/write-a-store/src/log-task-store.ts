import { appendFileSync, existsSync, readFileSync } from "node:fs";
import { deserialize, serialize } from "node:v8";
import { createMemoryTaskStore } from "@millrace/store-memory";
import { systemClock, systemRandom, type Clock, type FacetName, type Random, type TaskStore } from "@millrace/models";

type Method = (...args: unknown[]) => unknown;
type Methods = Readonly<Record<string, Method>>;

/** A call that may have changed something: when it was made, what chance said, and with what. */
interface Entry {
  readonly at: number;
  readonly uuids: readonly string[];
  readonly name: string;
  readonly args: readonly unknown[];
}

const reads = new Set(["read", "get", "steps", "attempts", "aggregate", "events", "kinds", "watch", "close", "within"]);
const facets: readonly FacetName[] = [
  "retention",
  "hosts",
  "limits",
  "cursors",
  "waits",
  "schedules",
  "activity",
  "failureMarks",
];

/**
 * Keeps tasks in memory and every call that changes them in a file, one line each. Opened again, it makes the same calls at the same
 * times with the same chance, and so has the same tasks. For one process; the file only grows.
 */
export function openLogTaskStore(
  file: string,
  { clock = systemClock, random = systemRandom }: { readonly clock?: Clock; readonly random?: Random } = {},
): TaskStore {
  // What the memory store takes for time and chance: the entry's while the past is made again, then the world's.
  let now = clock.now();
  let said: string[] = [];
  let drawn: string[] = [];
  const uuid = (): string => {
    const next = said.shift() ?? random.uuid();
    drawn.push(next);
    return next;
  };
  const memory = createMemoryTaskStore({
    clock: { ...clock, now: () => now },
    random: { next: () => random.next(), uuid },
    epoch: file,
  });
  const parts: Readonly<Record<string, object | null>> = Object.fromEntries(
    facets.map((name) => [name, memory.facet(name)]),
  );

  // `facet.method`, or a method of the store itself. The memory store does its work before it answers: order is kept.
  const perform = (name: string, args: readonly unknown[]): unknown => {
    const [part, method = name] = name.includes(".") ? name.split(".") : [""];
    const owner = part === "" ? memory : parts[part ?? ""];
    drawn = [];
    return (owner as Methods | null)?.[method]?.(...args);
  };
  const remembered =
    (name: string): Method =>
    (...args) => {
      now = clock.now();
      const answer = perform(name, args);
      if (reads.has(name)) return answer;
      const entry: Entry = { at: now, uuids: drawn, name, args };
      // `flush` has the disk confirm it: what is answered has been kept.
      appendFileSync(file, `${serialize(entry).toString("base64")}\n`, { flush: true });
      return answer;
    };

  // What stands after the last line break was being written when the power went: nobody had been answered.
  for (const line of existsSync(file) ? readFileSync(file, "utf8").split("\n").slice(0, -1) : []) {
    const entry = deserialize(Buffer.from(line, "base64")) as Entry;
    now = entry.at;
    said = [...entry.uuids];
    void Promise.resolve(perform(entry.name, entry.args)).catch(() => {}); // what was refused then is refused now
  }
  said = [];

  const wrapped = (owner: object, prefix: string): Methods =>
    Object.fromEntries(Object.keys(owner).map((name) => [name, remembered(`${prefix}${name}`)]));
  const ownFacets = Object.fromEntries(
    Object.entries(parts).map(([name, part]) => [name, part && wrapped(part, `${name}.`)]),
  );
  // Each method has the memory store's own type: only its call is written down.
  return { ...wrapped(memory, ""), facet: (name: FacetName) => ownFacets[name] ?? null } as unknown as TaskStore;
}
