import * as fc from "fast-check";
import { compareStores, type PropertyWorld } from "./property-world.ts";

/** A step of a run: does the same to both stores, then compares them. */
export type StoreCommand = fc.AsyncCommand<object, PropertyWorld>;

/** A command with its arguments, in the words that a failure prints. */
export function storeCommand<Args>(
  name: string,
  args: fc.Arbitrary<Args>,
  run: (world: PropertyWorld, args: Args) => Promise<void>,
): fc.Arbitrary<StoreCommand> {
  return args.map((values) => ({
    check: () => true,
    async run(_model: object, world: PropertyWorld) {
      await run(world, values);
      await compareStores(world);
    },
    toString: () => `${name}(${fc.stringify(values)})`,
  }));
}
