import type { ShownTask } from "../api/answers.ts";

/** A command for a terminal that reads a task, as the shell takes it. Pure. */
export function asCurl(url: string): string {
  return `curl --fail --silent ${shellText(url)}`;
}

/** A command that does something to a task. Pure. */
export function asCurlAction(url: string): string {
  return `curl --fail --request POST --header 'content-type: application/json' --data '{}' ${shellText(url)}`;
}

/** The code that enqueues the same again. Pure. */
export function asEnqueue({
  kind,
  input,
  priority,
  tags,
}: Pick<ShownTask, "kind" | "input" | "priority" | "tags">): string {
  const options = {
    ...(priority === 0 ? {} : { priority }),
    ...(tags.length === 0 ? {} : { tags }),
  };
  const parts = [
    codeText(kind),
    codeText(input ?? null),
    ...(Object.keys(options).length === 0 ? [] : [codeText(options)]),
  ];
  return `await host.enqueue(${parts.join(", ")});\n`;
}

/** A test that runs the same input through the handler; of one that has failed it fails until the cause is mended. Pure. */
export function asTest({ id, kind, input, failure }: Pick<ShownTask, "id" | "kind" | "input" | "failure">): string {
  return [
    'import { test } from "node:test";',
    'import { createHost } from "millrace";',
    'import { createMemoryTaskStore } from "@millrace/store-memory";',
    'import { tasks } from "./tasks.ts"; // your definitions',
    "",
    `test(${codeText(`${kind} takes the input of ${id}`)}, async () => {`,
    "  await using host = createHost({ tasks, store: createMemoryTaskStore() });",
    "  await host.start();",
    `  const { task } = await host.enqueue(${codeText(kind)}, ${indented(codeText(input ?? null))}, { maxAttempts: 1 });`,
    ...(failure === null ? [] : [`  // It failed with ${comment(`${failure.name}: ${failure.message}`)}`]),
    "  await host.awaitResult(task.id);",
    "});",
    "",
  ].join("\n");
}

function codeText(value: unknown): string {
  // What ends a line in JavaScript and not in JSON.
  return (JSON.stringify(value, null, 2) ?? "null")
    .replaceAll("\u2028", String.raw`\u2028`)
    .replaceAll("\u2029", String.raw`\u2029`);
}

function indented(code: string): string {
  return code.replaceAll("\n", "\n  ");
}

function comment(text: string): string {
  return text
    .toWellFormed()
    .replaceAll(/[\r\n\u2028\u2029]+/g, " ")
    .slice(0, 160);
}

function shellText(text: string): string {
  return `'${text.replaceAll("'", String.raw`'\''`)}'`;
}
