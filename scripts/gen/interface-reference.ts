import { existsSync } from "node:fs";
import { readText, ROOT } from "../workspace/read-workspace.ts";
import { type GeneratedFile, generatedFrom, markdownTable } from "./generated-file.ts";
import { type MemberDoc, readInterface } from "./read-interface.ts";

interface Section {
  readonly title: string;
  readonly intro?: string;
  readonly source: string;
  readonly name: string;
}

interface Page {
  readonly path: string;
  readonly title: string;
  readonly intro: string;
  readonly sections: readonly Section[];
}

const models = "packages/models/src";

const hostPage: Page = {
  path: "docs/reference/host-options.md",
  title: "Host options",
  intro:
    "What `createTaskHost` and `createHost` take. A value out of bounds is refused with `OPTION_INVALID`; nothing is silently corrected. Times are milliseconds.",
  sections: [
    { title: "Host", source: "packages/engine/src/host/host-options.ts", name: "TaskHostOptions" },
    {
      title: "Runner",
      intro: "These may stand beside the others or under `runner`.",
      source: "packages/engine/src/host/host-options.ts",
      name: "RunnerOptions",
    },
    {
      title: "`createHost` of `millrace`",
      intro: "All of the above but `store` and `executor`, which have defaults here, and:",
      source: "packages/millrace/src/create-host.ts",
      name: "HostOptions",
    },
    {
      title: "SQLite store",
      source: "packages/store-sqlite/src/sqlite-store-options.ts",
      name: "SqliteTaskStoreOptions",
    },
    {
      title: "Postgres store",
      source: "packages/store-postgres/src/postgres-store-options.ts",
      name: "PostgresTaskStoreOptions",
    },
    {
      title: "Child processes",
      source: "packages/executor-child-process/src/child-process-options.ts",
      name: "ChildProcessTaskExecutorOptions",
    },
    {
      title: "Retention policy",
      intro: "For `retentionPolicy`, `retention()` and `host.compact()`.",
      source: `${models}/contracts/retention.ts`,
      name: "TaskRetentionPolicy",
    },
  ],
};

const taskPage: Page = {
  path: "docs/reference/task-options.md",
  title: "Kinds and enqueue options",
  intro:
    "What may be said of a kind of task, and of one task. The task's own word wins over its kind's, and that over the host's.",
  sections: [
    { title: "`defineTask`", source: `${models}/task/task-definition.ts`, name: "TaskDefinition" },
    {
      title: "Every kind",
      intro: "Both `defineTask` and a handler given by its module take these.",
      source: `${models}/task/task-definition.ts`,
      name: "KindOptions",
    },
    { title: "`retry`", source: `${models}/task/task-definition.ts`, name: "RetryOptions" },
    { title: "`entrypoint`", source: `${models}/task/task-definition.ts`, name: "HandlerEntrypoint" },
    { title: "`enqueue`", source: `${models}/contracts/enqueue-options.ts`, name: "EnqueueOptions" },
  ],
};

const contextPage: Page = {
  path: "docs/reference/context.md",
  title: "The context of a handler",
  intro: "What `run(input, context)` gets as its second argument.",
  sections: [
    { title: "`context`", source: `${models}/task/task-context.ts`, name: "TaskContext" },
    { title: "`context.task`", source: `${models}/task/task-context.ts`, name: "RunningTask" },
    { title: "`context.wake`", source: `${models}/task/task-context.ts`, name: "Wake" },
    {
      title: "One of `context.children` and `context.dependencies`",
      source: `${models}/task/task-context.ts`,
      name: "WaitedTask",
    },
    { title: "`setProgress`", source: `${models}/task/task-progress.ts`, name: "ProgressPatch" },
    { title: "`appendStep`", source: `${models}/task/task-context.ts`, name: "StepInput" },
    { title: "`spawn`", source: `${models}/task/task-context.ts`, name: "SpawnOptions" },
  ],
};

const clientPage: Page = {
  path: "docs/reference/client.md",
  title: "Client and host",
  intro: "A client enqueues, reads and cancels; a host does the same and also runs tasks.",
  sections: [
    { title: "Client", source: `${models}/contracts/task-client.ts`, name: "TaskClient" },
    {
      title: "Host",
      intro: "All of a client, and:",
      source: "packages/engine/src/host/task-host.ts",
      name: "TaskHost",
    },
    { title: "`stop`", source: "packages/engine/src/host/lifecycle.ts", name: "StopOptions" },
    { title: "What an enqueue answers", source: `${models}/contracts/task-client.ts`, name: "EnqueueOutcome" },
    { title: "`cancel`", source: `${models}/contracts/task-client.ts`, name: "CancelOptions" },
    { title: "`awaitResult`", source: `${models}/contracts/task-client.ts`, name: "AwaitOptions" },
    {
      title: "A snapshot",
      intro: "And every field of the record that is not secret.",
      source: `${models}/task/task-snapshot.ts`,
      name: "TaskSnapshot",
    },
    { title: "A filter", source: `${models}/query/task-query.ts`, name: "TaskFilter" },
    { title: "A query", intro: "All of a filter, and:", source: `${models}/query/task-query.ts`, name: "TaskQuery" },
  ],
};

const contractPage: Page = {
  path: "docs/reference/contracts.md",
  title: "Contracts for your own parts",
  intro:
    "What a store, an executor and a service must offer. The comments in `@millrace/models` say more than fits a table.",
  sections: [
    { title: "Store", source: `${models}/contracts/task-store.ts`, name: "TaskStore" },
    { title: "Executor", source: `${models}/contracts/task-executor.ts`, name: "TaskExecutor" },
    { title: "What an executor gets for its runs", source: `${models}/contracts/task-executor.ts`, name: "RunIo" },
    { title: "Service", source: `${models}/contracts/task-service.ts`, name: "TaskService" },
    { title: "What a service gets", source: `${models}/contracts/task-service.ts`, name: "ServicePort" },
    { title: "Codec", source: `${models}/contracts/codec.ts`, name: "Codec" },
  ],
};

/** Reference pages made of what stands where an option or function is declared. */
export function interfaceReference(): readonly GeneratedFile[] {
  return [hostPage, taskPage, contextPage, clientPage, contractPage].filter(hasSources).map((page) => ({
    path: page.path,
    text: `${[
      generatedFrom([...new Set(page.sections.map(({ source }) => source))].join(", ")),
      `# ${page.title}`,
      page.intro,
      ...page.sections.flatMap(({ title, intro, source, name }) => [
        `## ${title}`,
        ...(intro === undefined ? [] : [intro]),
        interfaceTable(source, name),
      ]),
    ].join("\n\n")}\n`,
  }));
}

function hasSources({ sections }: Page): boolean {
  return sections.every(({ source }) => existsSync(`${ROOT}/${source}`));
}

/** The members of an interface as a table, with defaults where one of them has any. */
export function interfaceTable(source: string, name: string): string {
  const members = readInterface(readText(source), name).filter((member) => !member.name.startsWith("~"));
  const hasDefaults = members.some(({ fallback }) => fallback !== null);
  const head = ["Name", "Type", ...(hasDefaults ? ["Default"] : []), "Meaning"];
  return markdownTable(
    head,
    members.map((member) => rowOf(member, hasDefaults)),
  );
}

function rowOf({ name, isOptional, type, text, fallback, throws }: MemberDoc, hasDefaults: boolean): readonly string[] {
  const meaning = [text, ...(throws === null ? [] : [`Throws ${throws.replace(/\.$/, "")}.`])]
    .filter((part) => part !== "")
    .join(" ");
  const shown = [`\`${name}${isOptional && !hasDefaults ? "?" : ""}\``, `\`${type}\``];
  return [...shown, ...(hasDefaults ? [fallback ?? (isOptional ? "–" : "required")] : []), meaning];
}
