/**
 * Runs `work` after it was asked for, one run at a time; what is asked for meanwhile is one more run. A failure is no matter of
 * whoever asked: what was not done is done by the next sweep.
 */
export function createFollower(work: () => Promise<void>): () => void {
  let isRunning = false;
  let isAskedAgain = false;

  const run = async (): Promise<void> => {
    try {
      await work();
    } catch {
      isAskedAgain = false;
    }
    isRunning = false;
    if (isAskedAgain) ask();
  };

  const ask = (): void => {
    isAskedAgain = isRunning;
    if (isRunning) return;
    isRunning = true;
    void run();
  };

  return ask;
}
