import type { Random } from "@millrace/models";
import type { TaskLiveStore } from "../live-source.ts";
import { turn } from "./live-world.ts";

/** A whole number from 0 to below `end`. */
export function pick(random: Random, end: number): number {
  return Math.floor(random.next() * end);
}

/** Lets others go on for a moment of any length. */
export async function someTurns(random: Random, most = 4): Promise<void> {
  for (let left = pick(random, most); left > 0; left -= 1) await turn();
}

/**
 * A store whose reads begin a moment late and answer a moment late, so that anything may happen before and after each; and whose
 * journal comes in pages of any length.
 */
export function withRandomTurns(store: TaskLiveStore, random: Random): TaskLiveStore {
  const late = async <Answer>(read: () => Promise<Answer>): Promise<Answer> => {
    await someTurns(random);
    const answer = await read();
    await someTurns(random);
    return answer;
  };
  return {
    read: (query) => late(() => store.read(query)),
    get: (ids) => late(() => store.get(ids)),
    steps: (query) => late(() => store.steps(query)),
    aggregate: (filter) => late(() => store.aggregate(filter)),
    events: (after, limit, filter) => late(() => store.events(after, Math.min(limit, 1 + pick(random, 12)), filter)),
    watch: (wake) => store.watch(wake),
  };
}
