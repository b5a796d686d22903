import {
  type EnqueueGroup,
  type EnqueueGroupResult,
  type EnqueueRequest,
  type EnqueueResult,
  isTaskError,
} from "@millrace/models";
import type { Engine } from "../connection/engine.ts";
import type { Session, Sql } from "../connection/session.ts";
import { enqueue } from "./enqueue.ts";
import { answer, type EnqueueCall, isAnswered } from "./enqueue-call.ts";
import { enqueueAlone, enqueueFree, isPlainRequest } from "./enqueue-plain.ts";

// A statement of more rows gains nothing.
const mostTasks = 500;
// While one statement is on its way the next one gathers; a second keeps the server busy in between.
const mostUnderWay = 2;

const lockTimedOut = "55P03";

const none = Promise.resolve<ReadonlyMap<string, EnqueueResult>>(new Map());

const selectKinds: Sql = (n) => `select kind from ${n.kind} where kind = any($1::text[])`;

/**
 * Group commit for plain tasks: what is asked for within one turn of the event loop, or while other statements are on their
 * way, becomes one statement. Whoever follows a call that came alone is sent at once. Everything else goes the long way, a
 * call a transaction.
 */
export class EnqueueQueue {
  readonly #engine: Engine;
  #waiting: EnqueueCall[] = [];
  /** Statements on their way. */
  #underWay = 0;
  /** Batches of which not every call has its answer. */
  #unanswered = 0;
  #isScheduled = false;
  #cameAlone = false;

  constructor(engine: Engine) {
    this.#engine = engine;
  }

  /** M1. Groups that may go together do; a call with one that may not goes alone, in its order. */
  enqueue(groups: readonly EnqueueGroup[]): Promise<readonly EnqueueGroupResult[]> {
    if (groups.length === 0) return Promise.resolve([]);
    const alone = plainOnes(groups);
    // As it is, without a promise around it: most calls come this way, and each promise costs them a turn.
    return alone === null || hasTwins(alone) ? this.#enqueueGroups(groups) : this.#addAll(alone);
  }

  async #enqueueGroups(groups: readonly EnqueueGroup[]): Promise<readonly EnqueueGroupResult[]> {
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
    while (this.#waiting.length > 0 || this.#unanswered > 0) {
      await new Promise((resolve) => {
        setTimeout(resolve, 1);
      });
    }
  }

  #addAll(requests: readonly EnqueueRequest[]): Promise<readonly EnqueueGroupResult[]> {
    if (requests.length <= mostTasks) return this.#add(requests);
    const pieces: Promise<readonly EnqueueGroupResult[]>[] = [];
    for (let at = 0; at < requests.length; at += mostTasks) pieces.push(this.#add(requests.slice(at, at + mostTasks)));
    return Promise.all(pieces).then((results) => results.flat());
  }

  #add(requests: readonly EnqueueRequest[]): Promise<readonly EnqueueGroupResult[]> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ requests, resolve, reject });
      this.#schedule();
    });
  }

  #schedule(): void {
    if (this.#isScheduled || this.#underWay >= mostUnderWay || this.#waiting.length === 0) return;
    // Whoever follows one that came alone does too, as a rule: nothing is gained by waiting for others.
    if (this.#underWay === 0 && this.#cameAlone) return void this.#flush();
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
    this.#unanswered += 1;
    try {
      await this.#store(batch);
    } finally {
      this.#unanswered -= 1;
    }
  }

  #nextBatch(): readonly EnqueueCall[] {
    let tasks = 0;
    const end = this.#waiting.findIndex(({ requests }) => (tasks += requests.length) > mostTasks);
    const batch = this.#waiting.splice(0, end === -1 ? this.#waiting.length : end);
    this.#cameAlone = batch.length === 1;
    return batch;
  }

  /** Stores what waits; when one of the tasks cannot be stored, each on its own. */
  async #store(batch: readonly EnqueueCall[]): Promise<void> {
    const all = batch.length === 1 && batch[0] ? batch[0].requests : batch.flatMap(({ requests }) => requests);
    // The first with an id is stored, whoever else brought it too.
    const first = hasTwins(all) ? new Map(all.toReversed().map((one) => [one.id, one])) : null;
    try {
      const results = await this.#send(first === null ? all : [...first.values()]);
      const resultOf = (one: EnqueueRequest): EnqueueGroupResult | null =>
        first === null || first.get(one.id) === one ? (results.get(one.id) ?? null) : null;
      const left = batch.filter((call) => !isAnswered(call, resultOf));
      if (left.length === 0) return;
      const answerOf = (one: EnqueueRequest) => resultOf(one) ?? this.#storeLong(one);
      await Promise.all(left.map((call) => answer(call, answerOf)));
    } catch (error) {
      if (all.length === 1 || isTaskError(error, "STORE_UNAVAILABLE")) for (const { reject } of batch) reject(error);
      else for (const call of batch) await answer(call, (one) => this.#storeAlone(one));
    }
  }

  /** The way is free again before the answers are given: who has one may ask at once. */
  async #send(requests: readonly EnqueueRequest[]): Promise<ReadonlyMap<string, EnqueueGroupResult>> {
    this.#underWay += 1;
    try {
      return await this.#storeKnown(requests);
    } finally {
      this.#underWay -= 1;
      this.#schedule();
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
    const results = await this.#engine.statement<ReadonlyMap<string, EnqueueResult>>((session, sayBehind) => {
      const store = (fit: readonly EnqueueRequest[]) =>
        fit.length === 0 ? none : enqueueAlone(session, fit, { engine: this.#engine, onSent: sayBehind });
      return this.#areKnown(requests) ? store(requests) : this.#ofKnownKinds(session, requests).then(store);
    }, isFilled);
    const answers = new Map<string, EnqueueGroupResult>();
    for (const [id, result] of results) answers.set(id, this.#stored([result]));
    return answers;
  }

  /** A list that is stored whole or, when an id of it is taken or a kind unknown, left to the long way: null. */
  async #storeList(requests: readonly EnqueueRequest[]): Promise<EnqueueGroupResult | null> {
    const results = await this.#engine.statement(async (session, sayBehind) => {
      const fit = await this.#ofKnownKinds(session, requests);
      const isWhole = fit.length === requests.length;
      return isWhole ? enqueueFree(session, requests, { engine: this.#engine, onSent: sayBehind }) : null;
    }, isFilled);
    return results && this.#stored(requests.flatMap(({ id }) => results.get(id) ?? []));
  }

  #stored(results: readonly EnqueueResult[]): EnqueueGroupResult {
    for (const { task } of results) this.#engine.readyBounds.admit(task.scheduledAt, task.createdAt);
    return { status: "stored", results };
  }

  #areKnown(requests: readonly EnqueueRequest[]): boolean {
    return requests.every(({ mustKnowKind, kind }) => !mustKnowKind || this.#engine.knownKinds.has(kind));
  }

  async #ofKnownKinds(session: Session, requests: readonly EnqueueRequest[]): Promise<readonly EnqueueRequest[]> {
    if (this.#areKnown(requests)) return requests;
    const { knownKinds } = this.#engine;
    const asked = requests.filter(({ mustKnowKind, kind }) => mustKnowKind && !knownKinds.has(kind));
    const rows = await session.run(selectKinds, [[...new Set(asked.map(({ kind }) => kind))]]);
    for (const [kind] of rows) knownKinds.add(String(kind));
    return requests.filter(({ mustKnowKind, kind }) => !mustKnowKind || knownKinds.has(kind));
  }
}

/** The requests of groups of one plain task each; null when one of them is something else. */
function plainOnes(groups: readonly EnqueueGroup[]): readonly EnqueueRequest[] | null {
  const requests: EnqueueRequest[] = [];
  for (const { tasks } of groups) {
    const [request] = tasks;
    if (!request || tasks.length > 1 || !isPlainRequest(request)) return null;
    requests.push(request);
  }
  return requests;
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
  return requests.length > 1 && new Set(requests.map(({ id }) => id)).size < requests.length;
}
