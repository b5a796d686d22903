import type { TaskCount } from "@millrace/models";

/** Numbers on their way; a number that is only a lower bound is marked. */
export class Tally {
  readonly #counts = new Map<string, number>();
  readonly #inexact = new Set<string>();

  add(name: string, n: number): void {
    this.#counts.set(name, (this.#counts.get(name) ?? 0) + n);
  }

  markInexact(name: string): void {
    this.#inexact.add(name);
  }

  of<Name extends string>(names: readonly Name[]): Readonly<Record<Name, TaskCount>> {
    const entries = names.map((name) => [
      name,
      { count: this.#counts.get(name) ?? 0, exact: !this.#inexact.has(name) },
    ]);
    return Object.fromEntries(entries) as Record<Name, TaskCount>;
  }

  names(): readonly string[] {
    return [...this.#counts].filter(([, n]) => n > 0).map(([name]) => name);
  }
}
