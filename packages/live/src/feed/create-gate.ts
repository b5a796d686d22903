/** Lets so many jobs run at once; the others wait in line. */
export type Gate = <Result>(job: () => Promise<Result>) => Promise<Result>;

/** Makes a gate. */
export function createGate(width: number): Gate {
  const waiting: (() => void)[] = [];
  let inside = 0;
  return async (job) => {
    if (inside >= width) await new Promise<void>((resolve) => waiting.push(resolve));
    else inside += 1;
    try {
      return await job();
    } finally {
      const next = waiting.shift();
      if (next) next();
      else inside -= 1;
    }
  };
}
