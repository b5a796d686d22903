import { isTaskError } from "@millrace/models";

/** Null where the store has no such part, or the host whose part it is does not run. */
export async function orNull<Answer>(answer: Promise<Answer>): Promise<Answer | null> {
  try {
    return await answer;
  } catch (error) {
    if (isTaskError(error) && (error.code === "FACET_MISSING" || error.code === "HOST_STATE_INVALID")) return null;
    throw error;
  }
}
