import { beforeEach } from "vitest";
import { quietMachine } from "./machine.ts";

/** What a busy machine disturbed is measured again when it is less busy. */
beforeEach(async ({ task }) => {
  if ((task.result?.retryCount ?? 0) > 0) await quietMachine();
}, 90_000);
