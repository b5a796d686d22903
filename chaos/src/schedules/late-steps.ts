import {
  type Facet,
  type FacetName,
  type Random,
  type ScheduleStore,
  TaskError,
  type TaskStore,
} from "@millrace/models";
import { wait } from "../wait.ts";
import { holdMs } from "./ticking-host.ts";

/** How often the reply of a step is lost. */
const replyLost = 0.02;

/**
 * A store of whose steps a share (0 to 1) arrives late, when another host may have taken the same schedules, as those of a process do that
 * was stopped at just that line.
 */
export function storeWithLateSteps<Tx>(store: TaskStore<Tx>, random: Random, late: number): TaskStore<Tx> {
  const schedules = store.facet("schedules");
  if (!schedules) return store;
  const troubled: ScheduleStore = {
    ...schedules,
    async step(steps) {
      const chance = random.next();
      if (chance < late) await wait(holdMs * (1 + 2 * random.next()));
      const answers = await schedules.step(steps);
      if (chance > 1 - replyLost) throw new TaskError("STORE_UNAVAILABLE", "The reply was lost.");
      return answers;
    },
  };
  return {
    ...store,
    facet: <Name extends FacetName>(name: Name): Facet<Name> | null =>
      name === "schedules" ? (troubled as Facet<Name>) : store.facet(name),
  };
}
