export { toNodeListener, type TaskNodeListener } from "./adapters/node-listener.ts";
export { toFastifyPlugin, type FastifyLike } from "./adapters/fastify-plugin.ts";
