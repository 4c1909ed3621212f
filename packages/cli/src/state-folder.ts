import { homedir } from "node:os";
import { join } from "node:path";

/** Where the command keeps what must outlive it: the certificate of `serve`. */
export function stateFolder(env: NodeJS.ProcessEnv, platform: NodeJS.Platform = process.platform): string {
  const home = env["HOME"] ?? homedir();
  if (platform === "win32") return join(env["LOCALAPPDATA"] ?? join(homedir(), "AppData", "Local"), "mqtt-meet");
  if (platform === "darwin") return join(home, "Library", "Application Support", "mqtt-meet");
  return join(env["XDG_STATE_HOME"] || join(home, ".local", "state"), "mqtt-meet");
}
