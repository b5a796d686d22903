/** Greets, and says in which process. */
export function run(name: string): { readonly greeting: string; readonly pid: number } {
  return { greeting: `Hello ${name}`, pid: process.pid };
}
