import { formatCount } from "../format/format-number.ts";

/** Where a file is broken and how. Plain data, so that it survives the border between processes. */
export interface DamageDetails {
  readonly file: string;
  /** What is wrong, as the end of a sentence: `the file ends in the middle of a value`. */
  readonly problem: string;
  /** The row in which reading stopped, counted from 1, the header of a CSV file left out. */
  readonly row: number;
  /** Line of the file, counted from 1. */
  readonly line: number;
  /** Byte at which reading stopped, counted from 0. */
  readonly byte: number;
  /** The bytes before and after that place as text, on one line. */
  readonly excerpt: string;
}

/** A file that cannot be read to its end. */
export class DamagedFileError extends Error {
  override readonly name = "DamagedFileError";
  readonly code = "DATASET_DAMAGED";
  readonly details: Readonly<DamageDetails>;

  constructor(details: DamageDetails, cause?: unknown) {
    super(
      `${details.file} is damaged in row ${formatCount(details.row)} (line ${formatCount(details.line)}, ` +
        `byte ${formatCount(details.byte)}): ${details.problem}.`,
      cause === undefined ? undefined : { cause },
    );
    this.details = details;
  }
}
