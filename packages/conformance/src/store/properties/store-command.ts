import * as fc from "fast-check";
import { compareStores, type PropertyWorld } from "./property-world.ts";

/** A step of a run: does the same to both stores, then compares them. The world is model and system in one. */
export type StoreCommand = fc.AsyncCommand<PropertyWorld, PropertyWorld>;

/** A kind of command. */
export interface StoreCommandKind<Args> {
  /** As a failure prints it. */
  readonly name: string;
  readonly args: fc.Arbitrary<Args>;
  /** What must be there before it is worth running. @defaultValue nothing */
  readonly needs?: "tasks" | "attempts";
}

/** A command with its arguments, in the words that a failure prints. */
export function storeCommand<Args>(
  { name, args, needs }: StoreCommandKind<Args>,
  run: (world: PropertyWorld, args: Args) => Promise<void>,
): fc.Arbitrary<StoreCommand> {
  return args.map((values) => ({
    check(world: PropertyWorld) {
      if (needs === "attempts") return world.attempts.length > 0;
      return needs !== "tasks" || world.existing.length > 0;
    },
    async run(world: PropertyWorld) {
      await run(world, values);
      await compareStores(world);
    },
    toString: () => `${name}(${fc.stringify(values)})`,
  }));
}
