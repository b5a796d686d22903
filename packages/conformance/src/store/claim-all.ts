import type { ClaimedTask, ClaimRequest, TaskStore } from "@millrace/models";

// A store may answer in bounded rounds; one that says `more` for ever without giving anything is broken.
const mostEmptyRounds = 200;

/** Claims until the store has no more to give or the limit is reached, as a host does: at first it expects one. */
export async function claimAll(store: TaskStore, change: Partial<ClaimRequest>): Promise<readonly ClaimedTask[]> {
  const request: ClaimRequest = {
    hostId: "host-1",
    kinds: [{ kind: "work", slots: 1_000 }],
    limit: 1_000,
    leaseMs: 30_000,
    suspects: "include",
    expectsOne: true,
    ...change,
  };
  const tasks: ClaimedTask[] = [];
  for (let emptyRounds = 0; emptyRounds < mostEmptyRounds; emptyRounds += 1) {
    const answer = await store.claim({
      ...request,
      expectsOne: request.expectsOne === true && tasks.length === 0,
      limit: request.limit - tasks.length,
      kinds: request.kinds.map(({ kind, slots }) => ({
        kind,
        slots: slots - tasks.filter(({ task }) => task.kind === kind).length,
      })),
    });
    tasks.push(...answer.tasks);
    if (answer.tasks.length > 0) emptyRounds = -1;
    if (!answer.more || tasks.length >= request.limit) return tasks;
  }
  throw new Error(`The store answered ${mostEmptyRounds} claims with \`more\` and no task.`);
}
