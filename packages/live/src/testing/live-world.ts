import { aRequest } from "@millrace/conformance/builders";
import {
  createManualClock,
  createSeededRandom,
  createTaskId,
  type EnqueueRequest,
  type LeasedReport,
  type LeasedSettlement,
  type ManualClock,
  type Settlement,
  type TaskLiveEvent,
  type TaskLiveMessage,
  type TaskRecord,
  type TaskStore,
} from "@millrace/models";
import { createMemoryTaskStore } from "@millrace/store-memory";

/** Lets everything that is ready go on, without time passing. */
export function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

/** What is done to a store that live views look at. */
export interface Doings {
  enqueue(change?: Partial<EnqueueRequest>): Promise<TaskRecord>;
  /** Claims the next task of a kind, `work` unless said otherwise. */
  claim(kind?: string): Promise<TaskRecord>;
  /** The same; null when the claim comes away empty. */
  tryClaim(kind: string): Promise<TaskRecord | null>;
  report(task: TaskRecord, said: Omit<LeasedReport, "taskId" | "attempt" | "leaseToken">): Promise<void>;
  settle(task: TaskRecord, settlement?: Settlement): Promise<void>;
  remove(task: TaskRecord): Promise<void>;
}

/** The doings of one store. */
export function doingsOf(store: TaskStore): Doings {
  const leaseOf = ({ id, attempt, leaseToken }: TaskRecord) => ({ taskId: id, attempt, leaseToken: leaseToken ?? "" });
  const first = <Item>(items: readonly Item[], what: string): Item => {
    const [item] = items;
    if (item === undefined) throw new Error(`The store answered no ${what}.`);
    return item;
  };
  const claimed = async (kind: string): Promise<readonly TaskRecord[]> => {
    const kinds = [{ kind, slots: 1 }];
    const { tasks } = await store.claim({ hostId: "h1", kinds, limit: 1, leaseMs: 600_000, suspects: "include" });
    return tasks.map(({ task }) => task);
  };
  return {
    async enqueue(change = {}) {
      const task = aRequest({ id: createTaskId(), mustKnowKind: false, ...change });
      const result = first(await store.enqueue([{ tasks: [task] }]), "group");
      if (result.status !== "stored") throw new Error(`Refused: ${result.code} ${result.message}`);
      return first(result.results, "task").task;
    },
    async claim(kind = "work") {
      return first(await claimed(kind), "claimed task");
    },
    async tryClaim(kind) {
      return (await claimed(kind))[0] ?? null;
    },
    async report(task, said) {
      const answer = first(await store.report([{ ...leaseOf(task), ...said }]), "answer");
      if (answer.status === "lost") throw new Error("The report was refused.");
    },
    async settle(task, settlement = { type: "succeed", output: null }) {
      const asked: LeasedSettlement = { ...leaseOf(task), started: true, settlement };
      const answer = first(await store.settle([asked]), "answer");
      if (answer.status === "lost") throw new Error("The settlement was refused.");
    },
    async remove(task) {
      const answer = first(await store.remove([{ taskId: task.id }]), "answer");
      if (answer.status !== "removed") throw new Error("The task was not removed.");
    },
  };
}

/** A memory store by a clock that stands still. */
export interface World extends Doings {
  readonly clock: ManualClock;
  readonly store: TaskStore;
  /** Lets time pass until it is so; fails after a thousand simulated seconds. */
  until(isSo: () => boolean, what?: string): Promise<void>;
  /** Lets all that is under way come to rest, without time passing. */
  rest(): Promise<void>;
}

/** Makes a world. */
export function createWorld(): World {
  const clock = createManualClock();
  const store = createMemoryTaskStore({ clock, random: createSeededRandom(7) });
  return {
    ...doingsOf(store),
    clock,
    store,
    async until(isSo, what = isSo.toString()) {
      const end = clock.monotonic() + 1_000_000;
      while (!isSo()) {
        if (clock.monotonic() > end) throw new Error(`It never came to this: ${what}`);
        await turn();
        if (!isSo()) clock.advance(clock.nextTimerInMs() ?? 1_000);
      }
    },
    async rest() {
      for (let turns = 0; turns < 20; turns += 1) await turn();
    },
  };
}

/** A listener that keeps what it hears. */
export interface Heard {
  readonly messages: TaskLiveMessage[];
  readonly listener: (message: TaskLiveMessage) => void;
  /** The events among them, as `type version matches`. */
  events(): string[];
  types(): string[];
  last(): TaskLiveMessage;
}

/** Makes one. */
export function createHeard(): Heard {
  const messages: TaskLiveMessage[] = [];
  return {
    messages,
    listener: (message) => void messages.push(message),
    events: () => messages.filter(isEvent).map(({ event, matches }) => `${event.event} ${event.version} ${matches}`),
    types: () => messages.map(({ type }) => type),
    last() {
      const message = messages.at(-1);
      if (message === undefined) throw new Error("Nothing was heard.");
      return message;
    },
  };
}

/** Whether a message tells a change. */
export function isEvent(message: TaskLiveMessage): message is TaskLiveEvent {
  return message.type === "event";
}

/** A listener that takes a message only when it is told to, as a slow network does. */
export interface SlowHeard extends Heard {
  readonly slowListener: (message: TaskLiveMessage) => Promise<void>;
  /** Takes so many more; without a number everything from now on. */
  take(count?: number): Promise<void>;
}

/** Makes one. */
export function createSlowHeard(): SlowHeard {
  const heard = createHeard();
  let isOpen = false;
  let proceed: (() => void) | null = null;
  return {
    ...heard,
    slowListener(message) {
      heard.listener(message);
      if (isOpen) return Promise.resolve();
      return new Promise((resolve) => (proceed = resolve));
    },
    async take(count) {
      if (count === undefined) isOpen = true;
      for (let taken = 0; taken < (count ?? 1); taken += 1) {
        const go = proceed;
        proceed = null;
        go?.();
        await turn();
      }
    },
  };
}
