import type { Route } from "../routes/route.ts";
import type { JsonSchema, Schema } from "../schema/schema.ts";
import { answerSchemas } from "./answer-schemas.ts";
import { ref } from "./answer-parts.ts";

/** The OpenAPI 3.1 document of routes, made of the very schemas that check their requests. */
export function openApiDocument(routes: readonly Route[], mount: string): JsonSchema {
  const paths = new Map<string, Record<string, JsonSchema>>();
  for (const route of routes) {
    const path = route.path.replaceAll(/:(\w+)/g, "{$1}");
    const methods = paths.get(path) ?? {};
    methods[route.method.toLowerCase()] = operationOf(route);
    paths.set(path, methods);
  }
  return {
    openapi: "3.1.0",
    info: { title: "Millrace", version: "1", description: "Tasks, kinds, hosts and the journal of one store." },
    servers: [{ url: mount === "" ? "/" : mount }],
    paths: Object.fromEntries(paths),
    components: { schemas: answerSchemas },
  };
}

function operationOf(route: Route): JsonSchema {
  const { answer, bodySchema } = route;
  const isOptional = bodySchema !== null && letsNothingPass(bodySchema);
  return {
    summary: route.summary,
    operationId: operationId(route),
    "x-millrace-right": route.right,
    parameters: [...parametersOf(route.pathSchema, "path"), ...parametersOf(route.querySchema, "query")],
    ...(bodySchema === null ? {} : { requestBody: { required: !isOptional, content: json(bodySchema.json) } }),
    responses: {
      [String(answer.status)]: { description: answer.description, content: json(answer.schema) },
      default: { description: "What went wrong.", content: { "application/problem+json": { schema: ref("Problem") } } },
    },
  };
}

function operationId({ method, path }: Route): string {
  const words = path.split("/").filter((part) => part !== "" && part !== "v1");
  const named = words.map((word) => (word.startsWith(":") ? `by-${word.slice(1)}` : word));
  return [method.toLowerCase(), ...named].join("-").replaceAll(/-(\w)/g, (_, letter: string) => letter.toUpperCase());
}

function parametersOf(schema: Schema<unknown>, place: "path" | "query"): readonly JsonSchema[] {
  const { properties = {} } = schema.json as { readonly properties?: Readonly<Record<string, JsonSchema>> };
  return Object.entries(properties).map(([name, { description, ...one }]) => ({
    name,
    in: place,
    required: place === "path",
    ...(description === undefined ? {} : { description }),
    ...(one["type"] === "array" ? { style: "form", explode: false } : {}),
    schema: one,
  }));
}

function letsNothingPass(schema: Schema<unknown>): boolean {
  try {
    schema.parse(undefined, "body");
    return true;
  } catch {
    return false;
  }
}

function json(schema: JsonSchema): JsonSchema {
  return { "application/json": { schema } };
}
