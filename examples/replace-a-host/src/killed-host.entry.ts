import { createRenderHost } from "./render-host.ts";

await createRenderHost().start();
