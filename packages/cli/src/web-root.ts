import { existsSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** The folder of the built page, as it lies beside this package in the workspace, and whether it has been built. */
export function webRoot(): { readonly folder: string; readonly built: boolean } {
  const folder = fileURLToPath(new URL("../../../apps/web/dist", import.meta.url));
  return { folder, built: existsSync(join(folder, "index.html")) };
}
