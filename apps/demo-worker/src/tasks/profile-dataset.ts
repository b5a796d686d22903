import { defineTaskHandler, type TaskHandler } from "@millrace/models";
import type { ProfileOutput } from "../results/dataset-result.ts";
import type { ProfileInput } from "./profile-input.ts";
import { runProfile } from "./run-profile.ts";

const profileDataset: TaskHandler<ProfileInput, ProfileOutput> = defineTaskHandler({ run: runProfile });

/** The module that a child process loads to profile one dataset. */
// oxlint-disable-next-line import/no-default-export -- the default export of an entrypoint is its handler
export default profileDataset;
