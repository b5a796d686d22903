import type { EnqueueGroupResult, EnqueueRequest } from "@millrace/models";

/** A call that waits for its answers, one for each of its requests. */
export interface EnqueueCall {
  readonly requests: readonly EnqueueRequest[];
  readonly resolve: (results: readonly EnqueueGroupResult[]) => void;
  readonly reject: (error: unknown) => void;
}

/** Answers a call at once if it can be. Most have all of their answers, and need no turn of their own for them. */
export function isAnswered(
  { requests, resolve }: EnqueueCall,
  resultOf: (request: EnqueueRequest) => EnqueueGroupResult | null,
): boolean {
  const results: EnqueueGroupResult[] = [];
  for (const request of requests) {
    const result = resultOf(request);
    if (result === null) return false;
    results.push(result);
  }
  resolve(results);
  return true;
}

/** Answers a call once all of its requests are; one that fails refuses the call, and the others are stored all the same. */
export async function answer(
  { requests, resolve, reject }: EnqueueCall,
  answerOf: (request: EnqueueRequest) => EnqueueGroupResult | Promise<EnqueueGroupResult>,
): Promise<void> {
  const answers: EnqueueGroupResult[] = [];
  for (const request of requests) {
    try {
      answers.push(await answerOf(request));
    } catch (error) {
      reject(error);
    }
  }
  resolve(answers);
}
