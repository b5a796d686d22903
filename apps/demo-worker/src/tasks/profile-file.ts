import { createProfile } from "../profile/create-profile.ts";
import type { DatasetProfile } from "../profile/dataset-profile.ts";
import { readRows } from "../read/read-rows.ts";
import type { ProfileInput } from "./profile-input.ts";

export interface FileProfile {
  readonly profile: DatasetProfile;
  readonly bytes: number;
}

/** How far the reading has come. */
export interface ReadingProgress {
  readonly rows: number;
  /** Share of the file's bytes, 0 to 1. */
  readonly share: number;
}

/** Listens to the reading; called every few hundred rows. */
export type ReadingListener = (progress: ReadingProgress) => void;

const rowsBetweenReports = 500;

/** Reads a file from start to end and profiles its rows on the way. */
export async function profileFile(
  { dataset, path }: ProfileInput,
  signal: AbortSignal,
  onProgress: ReadingListener,
): Promise<FileProfile> {
  const isTyped = dataset.format === "json" || dataset.format === "geojson";
  const profile = createProfile({ isTyped, favourites: dataset.favourites });
  const source = await readRows({ path, format: dataset.format, signal });
  let rows = 0;
  for await (const row of source) {
    profile.add(row);
    rows += 1;
    if (rows % rowsBetweenReports === 0) onProgress({ rows, share: source.bytesRead() / source.totalBytes });
  }
  onProgress({ rows, share: 1 });
  return { profile: profile.finish(), bytes: source.totalBytes };
}
