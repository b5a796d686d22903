import type { FacetName, ManualClock, Random, TaskStore } from "@millrace/models";

/** What a store under test must use instead of the machine's clock and chance. */
export interface StoreEnvironment {
  /** The only clock of the store: the suite moves it by hand. */
  readonly clock: ManualClock;
  /** Seeded. Lease tokens must come from it. */
  readonly random: Random;
}

/** A fresh, empty store made for one case. */
export interface StoreUnderTest {
  readonly store: TaskStore;
  /** Opens the same data anew, as after a restart, and answers the new store; absent for stores that keep nothing. */
  readonly reopen?: () => Promise<TaskStore>;
  /** Closes what is open and removes the data. */
  readonly close: () => Promise<void>;
}

/** How to test a store. */
export interface TestTaskStoreOptions {
  /** Shown in the report. */
  readonly name: string;
  /** Makes a fresh, empty store: called once a case. */
  readonly create: (environment: StoreEnvironment) => Promise<StoreUnderTest>;
  /** Says what the store does not have. A facet that is missing without being named here fails the suite. */
  readonly capabilities?: { readonly missing: readonly FacetName[] };
  /** How the property tests run. */
  readonly runs?: PropertyRuns;
}

/** How long the property tests look. */
export interface PropertyRuns {
  /** Multiplied by the environment variable `MILLRACE_PROPERTY_RUNS`. @defaultValue 60 */
  readonly propertyRuns?: number;
  /** The longest sequence of commands. @defaultValue 120 */
  readonly commands?: number;
  /** Repeats one run: the seed that a failure printed. */
  readonly seed?: number;
  /** Repeats one run: the path that a failure printed. */
  readonly path?: string;
  /** Repeats one run: the `replayPath` behind its commands. */
  readonly replayPath?: string;
}
