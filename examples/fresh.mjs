// Run by every example's start script first: an example begins without what its last run left behind.
import { rmSync } from "node:fs";

rmSync(".millrace", { recursive: true, force: true });
