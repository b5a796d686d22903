import { createManualClock, createSeededRandom, journalStart, type TaskId, type TaskStore } from "@millrace/models";
import { createMemoryTaskStore } from "@millrace/store-memory";
import * as fc from "fast-check";
import { expect, it } from "vitest";
import { checkInvariants } from "../../invariants/check-invariants.ts";
import { readHistory } from "../../invariants/read-history.ts";
import type { PropertyRuns, StoreUnderTest, TestTaskStoreOptions } from "../store-under-test.ts";
import { clientCommands } from "./client-commands.ts";
import { askBoth, type PropertyWorld, type Side } from "./property-world.ts";
import { compareDetails, readerCommands } from "./reader-commands.ts";
import { scheduleCommands } from "./schedule-commands.ts";
import { workerCommands } from "./worker-commands.ts";

const seedOfIds = 1;
const nobody: TaskId = "00000000-0000-7000-8000-000000000000";
// One place of those that commands draw is kept for tasks that may never have been stored, or are gone.
const rarePlace = 11;
// Long lanes multiply the runs by some hundreds; a run must never be cut by the time limit of a case.
const timeoutMs = 3_600_000;

/** Any sequence of commands leads the store and the memory store to the same answers, records and events. */
export function equivalenceProperty(options: TestTaskStoreOptions): void {
  const runs = resolveRuns(options.runs);
  const title = `I1–I14: ${runs.numRuns} random runs of up to ${runs.commands} commands answer, store and tell what the memory store does`;
  it(title, { timeout: timeoutMs }, () => assertEquivalence(options));
}

/** As `equivalenceProperty`, at once: rejects with seed, path and the commands that remain after shrinking. */
export async function assertEquivalence(options: TestTaskStoreOptions): Promise<void> {
  const runs = resolveRuns(options.runs);
  const commands = fc.commands([...clientCommands, ...workerCommands, ...readerCommands, ...scheduleCommands], {
    maxCommands: runs.commands,
    size: "max",
    ...(options.runs?.replayPath === undefined ? {} : { replayPath: options.runs.replayPath }),
  });
  const property = fc.asyncProperty(commands, async (sequence) => {
    const { world, under } = await openWorld(options);
    try {
      await fc.asyncModelRun(() => ({ model: world, real: world }), sequence);
      await compareEnd(world);
    } finally {
      await world.reference.store.close();
      await under.close();
    }
  });
  await fc.assert(property, { numRuns: runs.numRuns, ...runs.replay });
}

function resolveRuns(runs: PropertyRuns = {}): {
  readonly numRuns: number;
  readonly commands: number;
  readonly replay: { readonly seed?: number; readonly path?: string };
} {
  const factor = Number(process.env["MILLRACE_PROPERTY_RUNS"] ?? "1");
  if (!(factor > 0)) throw new Error("MILLRACE_PROPERTY_RUNS must be a number above 0.");
  return {
    numRuns: Math.max(1, Math.round((runs.propertyRuns ?? 60) * factor)),
    commands: runs.commands ?? 120,
    replay: {
      ...(runs.seed === undefined ? {} : { seed: runs.seed }),
      ...(runs.path === undefined ? {} : { path: runs.path }),
    },
  };
}

async function openWorld(
  options: TestTaskStoreOptions,
): Promise<{ readonly world: PropertyWorld; readonly under: StoreUnderTest }> {
  const clock = createManualClock();
  const under = await options.create({ clock, random: createSeededRandom(seedOfIds) });
  const memory = createMemoryTaskStore({ clock, random: createSeededRandom(seedOfIds) });
  const side = (name: Side["name"], store: TaskStore): Side => ({
    name,
    store,
    cursor: journalStart,
    tokens: new Map(),
  });
  let ids = 0;
  const world: PropertyWorld = {
    clock,
    reference: side("reference", memory),
    subject: side("subject", under.store),
    reopenSubject: under.reopen ?? null,
    requests: [],
    attempts: [],
    flows: [],
    existing: [],
    newId() {
      ids += 1;
      return `00000000-0000-7000-8000-${ids.toString(16).padStart(12, "0")}`;
    },
    taskId(n) {
      const all = world.requests.map(({ id }) => id).toReversed();
      const from = n === rarePlace || world.existing.length === 0 ? all : world.existing;
      return from[n % Math.max(1, from.length)] ?? nobody;
    },
  };
  return { world, under };
}

async function compareEnd(world: PropertyWorld): Promise<void> {
  for (const { id } of world.requests) await compareDetails(world, id);
  await askBoth(
    world,
    ({ store }) => store.kinds(),
    (kinds) => kinds.toSorted((a, b) => (a.kind < b.kind ? -1 : 1)),
  );
  for (const { store, name } of [world.reference, world.subject]) {
    const history = { ...(await readHistory(store)), flows: world.flows };
    expect(checkInvariants(history), `broken invariants of the ${name}`).toEqual([]);
  }
}
