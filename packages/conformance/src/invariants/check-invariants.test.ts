import type { TaskEvent, TaskEventType, TaskRecord, TaskStatus } from "@millrace/models";
import { describe, expect, it } from "vitest";
import { aTask } from "../builders/task-record.ts";
import { checkInvariants } from "./check-invariants.ts";
import type { History } from "./history.ts";

const id = "00000000-0000-7000-8000-000000000001";
const other = "00000000-0000-7000-8000-000000000002";

type Told = readonly [type: TaskEventType, status: TaskStatus | null, change?: Partial<TaskEvent>];

/** Events of one task as a right store tells them: versions, attempts and statuses follow each other. */
function journal(told: readonly Told[], taskId = id): readonly TaskEvent[] {
  const events: TaskEvent[] = [];
  for (const [type, statusAfter, change] of told) {
    const before = events.at(-1);
    events.push({
      type,
      taskId,
      tenantId: "",
      kind: "work",
      version: (before?.version ?? 0) + 1,
      attempt: (before?.attempt ?? 0) + (type === "claimed" ? 1 : 0),
      at: events.length * 10,
      statusBefore: before?.statusAfter ?? null,
      statusAfter,
      reason: null,
      hostId: null,
      channels: [],
      data: null,
      ...change,
    });
  }
  return events;
}

const life: readonly Told[] = [
  ["enqueued", "queued"],
  ["claimed", "claimed"],
  ["started", "running"],
  ["succeeded", "succeeded"],
];
const done: Partial<TaskRecord> = { id, status: "succeeded", version: 4, attempt: 1, finishedAt: 1 };
const leased: Partial<TaskRecord> = { hostId: "h", leaseToken: "t", leaseExpiresAt: 1 };

function broken(history: Partial<History>): readonly string[] {
  const whole: History = { records: [aTask(done)], events: journal(life), ...history };
  return checkInvariants(whole).map(({ invariant, message }) => `${invariant}: ${message}`);
}

/** A task of one status, with the journal that leads there. */
function of(told: readonly Told[], change: Partial<TaskRecord> = {}): Partial<History> {
  const events = journal(told);
  const last = events.at(-1);
  const status = last?.statusAfter ?? "queued";
  const record = aTask({ id, status, version: last?.version ?? 1, attempt: last?.attempt ?? 0, ...change });
  return { events, records: [record] };
}

const running = life.slice(0, 3);

describe("checkInvariants", () => {
  it("finds nothing in a right history", () => {
    expect(broken({})).toEqual([]);
    expect(broken({ records: [], events: journal([...life, ["removed", null]]) })).toEqual([]);
    const retried = of([...running, ["failed", "failed"], ["retried", "queued"], ["claimed", "claimed"]], leased);
    expect(broken(retried)).toEqual([]);
  });

  it.each<[string, string, Partial<History>]>([
    ["I1", "an acknowledged task of which nothing is known", { acknowledged: [other] }],
    ["I1", "a record that is gone without a word", { records: [] }],
    ["I1", "an open task when all work was drained", { ...of([["enqueued", "queued"]]), isQuiet: true }],
    ["I2", "a final task that starts again", of([...life, ["claimed", "claimed"]], leased)],
    [
      "I2",
      "an event after the removal",
      { records: [], events: journal([...life, ["removed", null], ["stale", null]]) },
    ],
    ["I2", "a final task without its time", { records: [aTask({ ...done, finishedAt: null })] }],
    [
      "I3",
      "a write of an earlier attempt that was accepted",
      {
        ...of([...running, ["released", "queued"], ["claimed", "claimed"], ["started", "running"]], {
          ...leased,
          releases: 1,
          started: true,
        }),
        writes: [{ taskId: id, attempt: 1, leaseToken: "t", answer: "held", version: 6 }],
      },
    ],
    ["I4", "a leased task without a lease", of(running, { started: true })],
    ["I4", "a lease without a leased task", of([["enqueued", "queued"]], leased)],
    [
      "I5",
      "a move the table does not have",
      of(
        [
          ["enqueued", "queued"],
          ["succeeded", "succeeded"],
        ],
        { finishedAt: 1 },
      ),
    ],
    [
      "I5",
      "a status that does not follow",
      { events: journal([...life.slice(0, 3), ["succeeded", "succeeded", { statusBefore: "claimed" }]]) },
    ],
    [
      "I5",
      "an attempt that is not counted",
      {
        events: journal([
          ["enqueued", "queued"],
          ["claimed", "claimed", { attempt: 0 }],
          ["started", "running"],
          ["succeeded", "succeeded"],
        ]),
      },
    ],
    ["I6", "a second start under the first", of([...running, ["claimed", "claimed"]], leased)],
    [
      "I7",
      "two open tasks of one dedupe key",
      {
        records: [aTask({ id, dedupeKey: "k" }), aTask({ id: other, dedupeKey: "k" })],
        events: [...journal([["enqueued", "queued"]]), ...journal([["enqueued", "queued"]], other)],
      },
    ],
    [
      "I7",
      "two holders of a limit of one",
      {
        limits: [{ name: "key:k", limit: 1 }],
        holdings: [
          { taskId: id, attempt: 1, limits: ["key:k"], from: 0, to: 10 },
          { taskId: other, attempt: 1, limits: ["key:k"], from: 9, to: 12 },
        ],
      },
    ],
    [
      "I8",
      "a join that fired twice",
      {
        ...of([
          ["enqueued", "blocked"],
          ["resumed", "queued", { data: "dependencies" }],
          ["paused", "paused"],
          ["resumed", "queued", { data: "dependencies" }],
        ]),
        flows: [{ waiterId: id, dependencyIds: [], mayGoOnEarly: false }],
      },
    ],
    [
      "I8",
      "a join that never fires",
      {
        events: [...journal([["enqueued", "blocked"]]), ...journal(life, other)],
        records: [aTask({ id, status: "blocked", openDependencies: 1 }), aTask({ ...done, id: other })],
        flows: [{ waiterId: id, dependencyIds: [other], mayGoOnEarly: false }],
      },
    ],
    [
      "I8",
      "a join that fired too early",
      {
        events: [
          ...journal([
            ["enqueued", "blocked"],
            ["resumed", "queued", { data: "dependencies" }],
          ]),
          ...journal([["enqueued", "queued"]], other),
        ],
        records: [aTask({ id, version: 2 }), aTask({ id: other })],
        flows: [{ waiterId: id, dependencyIds: [other], mayGoOnEarly: false }],
      },
    ],
    ["I8", "a blocked task that waits for nothing", of([["enqueued", "blocked"]])],
    ["I8", "a queued task that still waits", of([["enqueued", "queued"]], { wakeAt: 5 })],
    [
      "I9",
      "a gap in the versions",
      { events: journal([...life.slice(0, 3), ["succeeded", "succeeded", { version: 5 }]]) },
    ],
    ["I9", "a record ahead of the journal", { records: [aTask({ ...done, version: 5 })] }],
    ["I9", "a record without an event", { events: [] }],
    ["I9", "a subscriber that is behind", { views: [{ name: "hub", versions: new Map([[id, 3]]) }] }],
    [
      "I10",
      "two tasks of one occurrence",
      {
        occurrences: [
          { name: "nightly 1", taskId: id },
          { name: "nightly 1", taskId: other },
        ],
      },
    ],
    ["I11", "a failure that is not counted", of([...running, ["retried", "queued"]])],
    ["I11", "an interruption that is not counted", of([...running, ["lease_lost", "queued"]])],
    ["I11", "a snooze that is counted twice", of([...running, ["snoozed", "queued"]], { snoozes: 2 })],
    ["I11", "more interruptions than are allowed", { records: [aTask({ ...done, interruptions: 4 })] }],
    [
      "I12",
      "an effect of a task that has not succeeded",
      { ...of(running, { ...leased, started: true }), effects: [id] },
    ],
    [
      "I13",
      "an id that is enqueued twice",
      of([
        ["enqueued", "queued"],
        ["enqueued", "queued"],
      ]),
    ],
    [
      "I14",
      "an attempt after a cancel",
      of([...running, ["cancel_requested", "running"], ["released", "queued"], ["claimed", "claimed"]], {
        ...leased,
        releases: 1,
      }),
    ],
    ["I15", "a task nobody takes", { waiting: { at: 5_000, longestMs: 2_000, since: [{ taskId: id, at: 1_000 }] } }],
  ])("%s: finds %s", (invariant, _what, history) => {
    expect(broken(history).filter((words) => words.startsWith(`${invariant}:`))).not.toEqual([]);
  });

  it("asks nothing of what a cut journal no longer tells", () => {
    expect(broken({ events: journal(life).slice(2), journalIsCut: true })).toEqual([]);
    expect(broken({ events: [], journalIsCut: true })).toEqual([]);
  });

  it("takes touching holdings of a limit as one after the other", () => {
    const holdings = [
      { taskId: id, attempt: 1, limits: ["k"], from: 0, to: 10 },
      { taskId: other, attempt: 1, limits: ["k"], from: 10, to: 12 },
    ];
    expect(broken({ limits: [{ name: "k", limit: 1 }], holdings })).toEqual([]);
  });
});
