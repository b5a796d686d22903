import { expectTypeOf, test } from "vitest";
import type { EnqueueOutcome, TaskClient } from "../contracts/task-client.ts";
import type { Json } from "./json.ts";
import type { StandardSchema } from "./standard-schema.ts";
import type { TaskContext } from "./task-context.ts";
import { type AnyTaskDefinition, defineTask, defineTaskHandler, type TaskDefinition } from "./task-definition.ts";

declare const client: TaskClient;
/** What a schema library gives for `{ reportId: string; at: Date from text }`. */
declare const schema: StandardSchema<{ reportId: string; at: string }, { reportId: string; at: Date }>;
declare const outputSchema: StandardSchema<{ path: string }, { path: string }>;

test("a schema types what is sent, what the handler gets, and what comes out", () => {
  const task = defineTask({
    kind: "report.generate",
    input: schema,
    summary: (input) => input.at.toISOString(),
    async run(input, context) {
      expectTypeOf(input).toEqualTypeOf<{ reportId: string; at: Date }>();
      expectTypeOf(context).toEqualTypeOf<TaskContext>();
      return { path: input.reportId };
    },
  });
  expectTypeOf(task).toEqualTypeOf<
    TaskDefinition<{ reportId: string; at: string }, { reportId: string; at: Date }, { path: string }>
  >();
  expectTypeOf(client.enqueue(task, { reportId: "r", at: "2026-01-01" })).toEqualTypeOf<Promise<EnqueueOutcome>>();
  // @ts-expect-error -- callers send text, not the Date the handler gets
  void client.enqueue(task, { reportId: "r", at: new Date() });
  // @ts-expect-error -- a field is missing
  void client.enqueue(task, { reportId: "r" });
});

test("without a schema the handler's annotation types what is sent too", () => {
  const task = defineTask({ kind: "k", run: (input: { n: number }) => input.n });
  expectTypeOf(task).toEqualTypeOf<TaskDefinition<{ n: number }, { n: number }, number>>();
  void client.enqueue(task, { n: 1 });
  // @ts-expect-error -- not what the handler takes
  void client.enqueue(task, { n: "1" });
});

test("without either, input is unknown and anything may be sent", () => {
  const task = defineTask({
    kind: "k",
    run(input) {
      expectTypeOf(input).toBeUnknown();
      return null;
    },
  });
  void client.enqueue(task, { anything: 1 });
});

test("an output schema holds the handler to it", () => {
  const task = defineTask({ kind: "k", output: outputSchema, run: () => ({ path: "x" }) });
  expectTypeOf(task["~types"]).toEqualTypeOf<
    { readonly sent: unknown; readonly input: unknown; readonly output: { path: string } } | undefined
  >();
  // @ts-expect-error -- path is text
  defineTask({ kind: "k", output: outputSchema, run: () => ({ path: 1 }) });
});

test("a kind whose code is a module is typed by its schema alone", () => {
  const task = defineTask({ kind: "k", input: schema, entrypoint: { module: "./task.js" } });
  expectTypeOf(task).toEqualTypeOf<
    TaskDefinition<{ reportId: string; at: string }, { reportId: string; at: Date }, Json>
  >();
});

test("a batch handler gets items of the input and gives outcomes of the output", () => {
  const task = defineTask({
    kind: "k",
    input: schema,
    batch: { maxSize: 10 },
    async runBatch(items) {
      expectTypeOf(items[0]?.input).toEqualTypeOf<{ reportId: string; at: Date } | undefined>();
      return items.map(() => ({ status: "succeeded" as const, output: 5 }));
    },
  });
  expectTypeOf<NonNullable<(typeof task)["~types"]>["output"]>().toEqualTypeOf<number>();
});

test("definitions of any types stand in one list", () => {
  const tasks: readonly AnyTaskDefinition[] = [
    defineTask({ kind: "a", input: schema, output: outputSchema, run: () => ({ path: "x" }) }),
    defineTask({ kind: "b", run: (input: { n: number }) => input.n }),
    defineTask({ kind: "c", run: () => undefined }),
    defineTask({ kind: "d", input: schema, runBatch: (items) => items.map(() => undefined) }),
  ];
  expectTypeOf(tasks).not.toBeAny();
});

test("options are checked where they are written", () => {
  // @ts-expect-error -- a misspelt option
  defineTask({ kind: "a", retries: 3, run: () => 1 });
  // @ts-expect-error -- a kind is needed
  defineTask({ run: () => 1 });
  defineTask({ kind: "a", retry: { maxAttempts: null, backoff: { type: "fixed", delayMs: 1 } }, run: () => 1 });
  defineTask({ kind: "a", retry: { backoff: { minDelayMs: 5 } }, run: () => 1 });
  defineTask({ kind: "a", retry: { backoff: ({ failures }) => (failures > 3 ? null : Date.now()) }, run: () => 1 });
});

test("R5: a handler module is typed by what it is told", () => {
  const handler = defineTaskHandler<{ n: number }, string>({
    run: (input, context) => `${input.n} ${context.task.attempt}`,
  });
  expectTypeOf(handler.run).not.toBeAny();
  // @ts-expect-error -- the output is text
  defineTaskHandler<{ n: number }, string>({ run: (input) => input.n });
});
