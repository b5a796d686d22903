/** What rights let somebody do, in the words of people. Pure. */
export function rightWords(rights: readonly string[]): string {
  const schedules = rights.flatMap((right) => /^(.*)-schedule$/.exec(right)?.[1] ?? []);
  const others = rights.filter((right) => !right.endsWith("-schedule"));
  const isOfTasks = (right: string): boolean => !/-(?!input)|^(?:drain|health)$/.test(right);
  const named = (verbs: readonly string[], what: string): readonly string[] =>
    verbs.length === 0 ? [] : [`${verbs.join(", ").replaceAll("-", " ")}${what}`];
  return [
    ...named(others.filter(isOfTasks), " tasks"),
    ...named(schedules, " schedules"),
    ...named(
      others.filter((right) => !isOfTasks(right)).map((right) => (right === "drain" ? "drain hosts" : right)),
      "",
    ),
  ].join("; ");
}
