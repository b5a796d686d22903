import type { EpochMs } from "../time/clock.ts";

/** What an operator says of failures that are alike: they are dealt with, or are not to be looked at for a while. */
export type FailureMarkState =
  | { readonly state: "resolved" }
  | {
      readonly state: "ignored";
      /** After how many failures since the mark it no longer holds, at most 10,000; null = until it is taken back. */
      readonly untilCount: number | null;
    };

/** A mark to be set; one that its group has already is replaced, and counting begins anew. */
export type FailureMarkAsk = FailureMarkState & {
  /** Of which failures, as `failureKey` tells. */
  readonly key: string;
  readonly by: string | null;
  readonly note: string | null;
};

/** The same, as a client is told it: what is not given is null. */
export interface FailureMarkRequest {
  readonly key: string;
  readonly state: FailureMarkState["state"];
  /** For the state `ignored` only, at most 10,000. @defaultValue null, so until it is taken back */
  readonly untilCount?: number | null;
  /** @defaultValue null */
  readonly by?: string | null;
  /** A line, for those who look later. @defaultValue null */
  readonly note?: string | null;
}

/** A mark as it is kept. What fails after it, by the store's clock, is new. */
export type FailureMark = FailureMarkAsk & { readonly at: EpochMs };

/** A mark that was set, and the one whose place it took. */
export interface FailureMarkAnswer {
  readonly mark: FailureMark;
  readonly before: FailureMark | null;
}

/** Keeps what operators say of failures. Marks belong to the whole store, and no task is changed by one. */
export interface FailureMarksFacet {
  /** All of them, the newest first; those of one moment by key. */
  list(): Promise<readonly FailureMark[]>;
  /** At most 1,000 marks are kept: the last of the list are dropped first. Of one key in one batch the last ask counts. */
  set(asks: readonly FailureMarkAsk[]): Promise<readonly FailureMarkAnswer[]>;
  /** Takes marks back; null where there is none. */
  remove(keys: readonly string[]): Promise<readonly (FailureMark | null)[]>;
}
