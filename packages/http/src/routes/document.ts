import { openApiDocument } from "../openapi/openapi-document.ts";
import { route, type Route } from "./route.ts";
import { routes } from "./routes.ts";

/** The route of the OpenAPI document, whose server is where the handler is mounted. */
export function documentRoute(mountOf: (path: string) => string): Route {
  return route({
    method: "GET",
    path: "/v1/openapi.json",
    right: "read",
    scope: "tenant",
    summary: "This document.",
    answer: { description: "OpenAPI 3.1.", schema: { type: "object" } },
    handle: async ({ request }) => ({ value: openApiDocument(routes, mountOf(new URL(request.url).pathname)) }),
  });
}
