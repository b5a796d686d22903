import type { Clock, EpochMs } from "@millrace/models";
import { problemOf } from "../answer/problem.ts";
import { orNull } from "../overview/or-null.ts";
import type { HttpApi } from "../routes/route.ts";
import { doctorChecks, type DoctorCheck, type Looked, unknown } from "./doctor-checks.ts";

/** What was found, and when. */
export interface Examination {
  readonly at: EpochMs;
  readonly checks: readonly DoctorCheck[];
}

/** Looks closely at everything that tasks need to run. Never rejects. */
export interface Doctor {
  /** One at a time: whoever asks while one is under way is answered by that one. */
  examine(): Promise<Examination>;
}

/** Makes the doctor of a handler. */
export function createDoctor(api: Pick<HttpApi, "client" | "overviews">, clock: Clock): Doctor {
  let underWay: Promise<Examination> | null = null;
  return {
    examine() {
      underWay ??= examine(api, clock).finally(() => (underWay = null));
      return underWay;
    },
  };
}

async function examine(
  { client, overviews }: Pick<HttpApi, "client" | "overviews">,
  clock: Clock,
): Promise<Examination> {
  const begunAt = clock.monotonic();
  const first = await looked(client.listTasks({ limit: 1, includeValues: false }));
  const answeredMs = clock.monotonic() - begunAt;
  const at = clock.now();
  // Nothing else can be said of a store that does not answer.
  if (first.type !== "told") return { at, checks: unknown("store", first, "problem") };
  const [storage, health, overview] = await Promise.all([
    looked(client.readStorage()),
    looked(client.readHealth({ thorough: true })),
    looked(overviews.read({}, "1h")),
  ]);
  return { at, checks: doctorChecks({ answeredMs, storage, health, overview }) };
}

async function looked<Answer>(answer: Promise<Answer>): Promise<Looked<Answer>> {
  try {
    const value = await orNull(answer);
    return value === null ? { type: "absent" } : { type: "told", value };
  } catch (error) {
    // It says no more than any other answer would: not where the database is.
    const { detail, fix } = problemOf(error, "");
    return { type: "failed", detail, fix };
  }
}
