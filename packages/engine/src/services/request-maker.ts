import type { RequestMaker } from "@millrace/models";
import { planEnqueue, type EnqueuePlanning } from "../client/enqueue-request.ts";
import { askOfItem } from "../client/enqueue-side.ts";

/** Makes requests as a client of that planning would send them. */
export function createRequestMaker(planning: EnqueuePlanning): RequestMaker {
  return {
    make: async (item) => planEnqueue(askOfItem(item), planning),
    async copy(request, id) {
      const { input, tenantId } = request;
      if (input === null || typeof input === "string") return { ...request, id };
      const field = "input";
      const text = await planning.values.decodeText(input, { taskId: request.id, tenantId, field });
      return { ...request, id, input: await planning.values.encode(text, { taskId: id, tenantId, field }) };
    },
  };
}
