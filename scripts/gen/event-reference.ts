import { pathToFileURL } from "node:url";
import { ROOT } from "../workspace/read-workspace.ts";
import { eventMeanings } from "./event-meanings.ts";
import { type GeneratedFile, generatedFrom, markdownTable } from "./generated-file.ts";
import { interfaceTable } from "./interface-reference.ts";

const EVENTS = "packages/models/src/events/task-event.ts";
const MOVES = "packages/models/src/lifecycle/legal-moves.ts";
const MEANINGS = "scripts/gen/event-meanings.ts";

/** Every event of the journal, the moves that tell it, and what a reader finds in it. */
export async function eventReference(): Promise<readonly GeneratedFile[]> {
  const { taskEventTypes, controlEventTypes } = (await load(EVENTS)) as Readonly<Record<string, readonly string[]>>;
  const { legalMoves } = (await load(MOVES)) as {
    readonly legalMoves: readonly { readonly id: string; readonly events: readonly string[] }[];
  };
  const meaningOf = (type: string): string => {
    const meaning = eventMeanings[type];
    if (meaning === undefined) throw new Error(`${MEANINGS} says nothing of the event "${type}"`);
    return meaning;
  };
  const movesOf = (type: string): string => {
    const ids = legalMoves.filter(({ events }) => events.includes(type)).map(({ id }) => id);
    return ids.length === 0 ? "–" : ids.join(", ");
  };
  const text = [
    generatedFrom(`${EVENTS}, ${MOVES} and ${MEANINGS}`),
    "# Events",
    "Every change is told as an entry of the store's journal, in the transaction of the change. Entries hold ids, codes and numbers, never input or output. Per task their `version` has no gap; between tasks no order is promised.",
    "## Of a task",
    "The moves stand in [States and moves](states.md).",
    markdownTable(
      ["Event", "Moves", "When"],
      (taskEventTypes ?? []).map((type) => [`\`${type}\``, movesOf(type), meaningOf(type)]),
    ),
    "## Of a host, a kind or a limit",
    markdownTable(
      ["Event", "When"],
      (controlEventTypes ?? []).map((type) => [`\`${type}\``, meaningOf(type)]),
    ),
    "## An entry about a task",
    interfaceTable(EVENTS, "TaskEvent"),
    "## An entry about something else",
    interfaceTable(EVENTS, "ControlEvent"),
    "## A lifecycle event",
    "What `host.onLifecycleEvent` hands on: the entry, with the task as it then stood.",
    interfaceTable("packages/models/src/events/lifecycle-event.ts", "TaskLifecycleEvent"),
  ].join("\n\n");
  return [{ path: "docs/reference/events.md", text: `${text}\n` }];
}

async function load(path: string): Promise<unknown> {
  return import(pathToFileURL(`${ROOT}/${path}`).href);
}
