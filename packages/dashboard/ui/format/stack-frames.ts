/** A line of a stack. */
export interface StackFrame {
  readonly text: string;
  /** Of the program itself, not of what it uses. */
  readonly isOwn: boolean;
}

/** A stack, its own frames apart from those of the runtime and of libraries. */
export interface StackParts {
  /** What stands before the first frame: name and message. */
  readonly head: string;
  readonly frames: readonly StackFrame[];
}

/** Takes a stack apart. Pure; a text that is no stack is all head. */
export function stackParts(stack: string): StackParts {
  const lines = stack.slice(0, 100_000).split("\n");
  const first = lines.findIndex((line) => isFrame(line));
  if (first === -1) return { head: stack.slice(0, 100_000), frames: [] };
  return {
    head: lines.slice(0, first).join("\n"),
    frames: lines
      .slice(first)
      .filter((line) => line.trim() !== "")
      .slice(0, 200)
      .map((line) => ({ text: line.trim(), isOwn: isFrame(line) && isOwnFrame(line) })),
  };
}

/** Frames in groups that stand together and are of one sort, in their order. */
export function frameGroups(frames: readonly StackFrame[]): readonly (readonly StackFrame[])[] {
  const groups: StackFrame[][] = [];
  for (const frame of frames) {
    const last = groups.at(-1);
    if (last?.[0]?.isOwn === frame.isOwn) last.push(frame);
    else groups.push([frame]);
  }
  return groups;
}

function isFrame(line: string): boolean {
  return /^\s*at \S/.test(line) || /^[^\s@]*@\S+:\d+:\d+$/.test(line.trim());
}

function isOwnFrame(line: string): boolean {
  return !/node_modules|\bnode:|\(internal\/|\bnative\b|<anonymous>|bun:|\/millrace\/(?:dist|src)\//.test(line);
}
