import {
  type FailureMarkAsk,
  type FailureMarkRequest,
  longestFailureKey,
  mostFailureMarks,
  mostFailuresCounted,
  type TaskClient,
  type TaskStore,
} from "@millrace/models";
import { requiredFacet } from "../services/service-supervisor.ts";
import { checkIntegerOrNull, checkKeys, checkText, checkWord, optionError, shown } from "./option-check.ts";

/** The part of a client that knows what operators say of failures. */
export type MarksSide = Pick<TaskClient, "listFailureMarks" | "markFailures" | "unmarkFailures">;

/** Makes that part. Its calls reject with `FACET_MISSING` where the store keeps no marks. */
export function createMarksSide(store: TaskStore): MarksSide {
  return {
    listFailureMarks: async () => requiredFacet(store, "failureMarks", "listFailureMarks").list(),
    async markFailures(marks) {
      const asks = checkBatch("marks", marks).map((mark, index) => checkMark(`marks[${index}]`, mark));
      return requiredFacet(store, "failureMarks", "markFailures").set(asks);
    },
    async unmarkFailures(keys) {
      const checked = checkBatch("keys", keys).map((key, index) => checkFailureKey(`keys[${index}]`, key));
      return requiredFacet(store, "failureMarks", "unmarkFailures").remove(checked);
    },
  };
}

function checkBatch<Item>(path: string, items: readonly Item[]): readonly Item[] {
  if (!Array.isArray(items)) throw optionError(path, `must be a list, got ${shown(items)}`);
  if (items.length <= mostFailureMarks) return Array.from<Item>(items);
  throw optionError(path, `may have at most ${mostFailureMarks} entries, got ${items.length}`);
}

const fields: ReadonlySet<string> = new Set(["key", "state", "untilCount", "by", "note"]);

function checkMark(path: string, mark: FailureMarkRequest): FailureMarkAsk {
  if (typeof mark !== "object" || mark === null) throw optionError(path, `must be an object, got ${shown(mark)}`);
  checkKeys(path, mark, fields);
  const { by = null, note = null, untilCount = null } = mark;
  const said = {
    key: checkFailureKey(`${path}.key`, mark.key),
    by: by === null ? null : checkText(`${path}.by`, by, { maxLength: 200 }),
    note: note === null ? null : checkText(`${path}.note`, note, { maxLength: 500 }),
  };
  const state = checkWord(`${path}.state`, mark.state, ["resolved", "ignored"] as const);
  const count = checkIntegerOrNull(`${path}.untilCount`, untilCount, { min: 1, max: mostFailuresCounted });
  if (state === "ignored") return { ...said, state, untilCount: count };
  if (count !== null) throw optionError(`${path}.untilCount`, "is for the state ignored only");
  return { ...said, state };
}

function checkFailureKey(path: string, key: unknown): string {
  return checkText(path, key, { maxLength: longestFailureKey });
}
