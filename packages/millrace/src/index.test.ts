import * as engine from "@millrace/engine";
import * as maintenance from "@millrace/maintenance";
import * as models from "@millrace/models";
import { expect, it } from "vitest";
import * as millrace from "./index.ts";

it("exports everything of models, engine and maintenance, none of it hidden by a name of another", () => {
  // Two packages that export one name would take it from here in silence.
  for (const [name, value] of Object.entries({ ...models, ...engine, ...maintenance })) {
    expect(Reflect.get(millrace, name), name).toBe(value);
  }
});
