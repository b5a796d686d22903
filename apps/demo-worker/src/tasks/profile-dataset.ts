import { defineTaskHandler } from "@millrace/models";
import type { ProfileOutput } from "../results/dataset-result.ts";
import type { ProfileInput } from "./profile-input.ts";
import { runProfile } from "./run-profile.ts";

/** The module that a child process loads to profile one dataset. */
export default defineTaskHandler<ProfileInput, ProfileOutput>({ run: runProfile });
