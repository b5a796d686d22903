import type { ListedTask } from "../api/answers.ts";
import { pathPart, send, type ApiProblem } from "../api/request.ts";
import type { BulkVerb } from "./bulk-words.ts";

/** What became of some tasks. */
export interface ManyOutcome {
  readonly done: number;
  /** Id and reason of those that were refused. */
  readonly refused: readonly (readonly [id: string, why: string])[];
}

const atOnce = 6;

/** Does something to each of some tasks, a few at a time. */
export async function actOnMany(verb: BulkVerb, tasks: readonly Pick<ListedTask, "id">[]): Promise<ManyOutcome> {
  const refused: (readonly [string, string])[] = [];
  const rest = [...tasks];
  let done = 0;
  const work = async (): Promise<void> => {
    for (let task = rest.shift(); task; task = rest.shift()) {
      const path = `tasks/${pathPart(task.id)}`;
      try {
        await (verb === "remove" ? send(path, undefined, { method: "DELETE" }) : send(`${path}/${verb}`, {}));
        done += 1;
      } catch (error) {
        refused.push([task.id, (error as ApiProblem).message]);
      }
    }
  };
  await Promise.all(Array.from({ length: atOnce }, work));
  return { done, refused };
}
