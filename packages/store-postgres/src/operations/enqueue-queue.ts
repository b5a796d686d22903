import { type EnqueueGroup, type EnqueueGroupResult, type EnqueueRequest, isTaskError } from "@millrace/models";
import type { Engine } from "../connection/engine.ts";
import type { Session, Sql } from "../connection/session.ts";
import { enqueue } from "./enqueue.ts";
import { enqueueAlone, enqueueFree, isPlainRequest } from "./enqueue-plain.ts";

// A statement of more rows gains nothing.
const mostTasks = 500;
// While one statement is on its way the next one gathers; a second keeps the server busy in between.
const mostUnderWay = 2;

const lockTimedOut = "55P03";

const selectKinds: Sql = (n) => `select kind from ${n.kind} where kind = any($1::text[])`;

/** A call that waits for its answers, one for each of its requests. */
interface Waiting {
  readonly requests: readonly EnqueueRequest[];
  readonly resolve: (results: readonly EnqueueGroupResult[]) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Group commit for plain tasks: what is asked for within one turn of the event loop, or while other statements are on their
 * way, becomes one statement. Everything else goes the long way, a call a transaction.
 */
export class EnqueueQueue {
  readonly #engine: Engine;
  #waiting: Waiting[] = [];
  #underWay = 0;
  #isScheduled = false;

  constructor(engine: Engine) {
    this.#engine = engine;
  }

  /** M1. Groups that may go together do; a call with one that may not goes alone, in its order. */
  async enqueue(groups: readonly EnqueueGroup[]): Promise<readonly EnqueueGroupResult[]> {
    if (groups.length === 0) return [];
    const alone = groups.flatMap(({ tasks: [request, ...others] }) =>
      request && others.length === 0 && isPlainRequest(request) ? [request] : [],
    );
    if (alone.length === groups.length && !hasTwins(alone)) return this.#addAll(alone);
    const [only] = groups;
    const isOnePlainList = groups.length === 1 && only && only.tasks.length > 1 && only.tasks.every(isPlainRequest);
    const result = isOnePlainList && !hasTwins(only.tasks) ? await this.#storeList(only.tasks) : null;
    return result ? [result] : this.#storeGroups(groups);
  }

  /** The long way. A key that somebody else's transaction is just taking refuses its group, and nobody else's. */
  async #storeGroups(groups: readonly EnqueueGroup[]): Promise<readonly EnqueueGroupResult[]> {
    try {
      return await this.#engine.transaction((tx) => enqueue(tx, groups));
    } catch (error) {
      if (!isTaskError(error, "STORE_BUSY") || error.details["sqlState"] !== lockTimedOut) throw error;
      const [group] = groups;
      if (groups.length === 1 && group) return [busyRefusal(group)];
      const results: EnqueueGroupResult[] = [];
      for (const one of groups) results.push(...(await this.#storeGroups([one])));
      return results;
    }
  }

  /** Resolves when nothing is on its way any more. */
  async idle(): Promise<void> {
    while (this.#waiting.length > 0 || this.#underWay > 0) {
      await new Promise((resolve) => {
        setTimeout(resolve, 1);
      });
    }
  }

  async #addAll(requests: readonly EnqueueRequest[]): Promise<readonly EnqueueGroupResult[]> {
    if (requests.length <= mostTasks) return this.#add(requests);
    const pieces: Promise<readonly EnqueueGroupResult[]>[] = [];
    for (let at = 0; at < requests.length; at += mostTasks) pieces.push(this.#add(requests.slice(at, at + mostTasks)));
    return (await Promise.all(pieces)).flat();
  }

  #add(requests: readonly EnqueueRequest[]): Promise<readonly EnqueueGroupResult[]> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ requests, resolve, reject });
      this.#schedule();
    });
  }

  #schedule(): void {
    if (this.#isScheduled || this.#underWay >= mostUnderWay || this.#waiting.length === 0) return;
    this.#isScheduled = true;
    const leave = (): void => {
      this.#isScheduled = false;
      void this.#flush();
      this.#schedule();
    };
    // The first of a quiet moment need not wait for a turn of the loop: whoever comes meanwhile leaves with the second.
    if (this.#underWay === 0) process.nextTick(leave);
    else setImmediate(leave);
  }

  async #flush(): Promise<void> {
    const batch = this.#nextBatch();
    this.#underWay += 1;
    try {
      await this.#store(batch);
    } finally {
      this.#underWay -= 1;
      this.#schedule();
    }
  }

  #nextBatch(): readonly Waiting[] {
    let tasks = 0;
    const end = this.#waiting.findIndex(({ requests }) => (tasks += requests.length) > mostTasks);
    return this.#waiting.splice(0, end === -1 ? this.#waiting.length : end);
  }

  /** Stores what waits; when one of the tasks cannot be stored, each on its own. */
  async #store(batch: readonly Waiting[]): Promise<void> {
    const all = batch.length === 1 && batch[0] ? batch[0].requests : batch.flatMap(({ requests }) => requests);
    // The first with an id is stored, whoever else brought it too.
    const first = hasTwins(all) ? new Map(all.toReversed().map((one) => [one.id, one])) : null;
    try {
      const results = await this.#storeKnown(first === null ? all : [...first.values()]);
      await Promise.all(
        batch.map((call) =>
          answer(call, (one) => {
            const result = first === null || first.get(one.id) === one ? results.get(one.id) : undefined;
            return result ?? this.#storeLong(one);
          }),
        ),
      );
    } catch (error) {
      if (all.length === 1 || isTaskError(error, "STORE_UNAVAILABLE")) for (const { reject } of batch) reject(error);
      else for (const call of batch) await answer(call, (one) => this.#storeAlone(one));
    }
  }

  async #storeAlone(request: EnqueueRequest): Promise<EnqueueGroupResult> {
    return (await this.#storeKnown([request])).get(request.id) ?? this.#storeLong(request);
  }

  async #storeLong(request: EnqueueRequest): Promise<EnqueueGroupResult> {
    const [result] = await this.#engine.transaction((tx) => enqueue(tx, [{ tasks: [request] }]));
    if (!result) throw new Error("a group was not answered");
    return result;
  }

  async #storeKnown(requests: readonly EnqueueRequest[]): Promise<ReadonlyMap<string, EnqueueGroupResult>> {
    const results = await this.#engine.statement(async (session, sayBehind) => {
      const fit = await this.#ofKnownKinds(session, requests);
      return fit.length === 0
        ? new Map<string, never>()
        : enqueueAlone(session, fit, { engine: this.#engine, onSent: sayBehind });
    }, isFilled);
    for (const { task } of results.values()) this.#engine.readyBounds.admit(task.scheduledAt, task.createdAt);
    return new Map([...results].map(([id, result]) => [id, { status: "stored", results: [result] }]));
  }

  /** A list that is stored whole or, when an id of it is taken or a kind unknown, left to the long way: null. */
  async #storeList(requests: readonly EnqueueRequest[]): Promise<EnqueueGroupResult | null> {
    const results = await this.#engine.statement(async (session, sayBehind) => {
      const fit = await this.#ofKnownKinds(session, requests);
      return fit.length < requests.length
        ? null
        : enqueueFree(session, requests, { engine: this.#engine, onSent: sayBehind });
    }, isFilled);
    if (results === null) return null;
    for (const { task } of results.values()) this.#engine.readyBounds.admit(task.scheduledAt, task.createdAt);
    return { status: "stored", results: requests.flatMap(({ id }) => results.get(id) ?? []) };
  }

  async #ofKnownKinds(session: Session, requests: readonly EnqueueRequest[]): Promise<readonly EnqueueRequest[]> {
    const { knownKinds } = this.#engine;
    const asked = requests.filter(({ mustKnowKind, kind }) => mustKnowKind && !knownKinds.has(kind));
    if (asked.length === 0) return requests;
    const rows = await session.run(selectKinds, [[...new Set(asked.map(({ kind }) => kind))]]);
    for (const [kind] of rows) knownKinds.add(String(kind));
    return requests.filter(({ mustKnowKind, kind }) => !mustKnowKind || knownKinds.has(kind));
  }
}

/** Answers a call once all of its requests are; one that fails refuses the call, and the others are stored all the same. */
async function answer(
  { requests, resolve, reject }: Waiting,
  answerOf: (request: EnqueueRequest) => EnqueueGroupResult | Promise<EnqueueGroupResult>,
): Promise<void> {
  const answers: EnqueueGroupResult[] = [];
  for (const request of requests) {
    try {
      const found = answerOf(request);
      // Most have their answer already, and need no turn of their own for it.
      answers.push(found instanceof Promise ? await found : found);
    } catch (error) {
      reject(error);
    }
  }
  resolve(answers);
}

function isFilled(made: ReadonlyMap<string, unknown> | null): boolean {
  return made !== null && made.size > 0;
}

function busyRefusal({ tasks }: EnqueueGroup): EnqueueGroupResult {
  const index = Math.max(
    0,
    tasks.findIndex(({ dedupeKey, supersedeKey }) => (dedupeKey ?? supersedeKey) !== null),
  );
  const key = tasks[index]?.dedupeKey ?? tasks[index]?.supersedeKey ?? "";
  const message = `Another transaction is just writing what the key "${key}" leads to.`;
  return { status: "refused", code: "DEDUPE_BUSY", message, index };
}

function hasTwins(requests: readonly EnqueueRequest[]): boolean {
  return new Set(requests.map(({ id }) => id)).size < requests.length;
}
