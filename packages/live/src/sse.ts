export {
  createTaskLiveSseHandler,
  type TaskLiveSseHandler,
  type TaskLiveSseOptions,
} from "./sse/create-sse-handler.ts";
