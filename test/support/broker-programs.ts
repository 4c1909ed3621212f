import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";

/** The wrapper on the path changes user and folder; this is what it starts. */
export const RABBITMQ_SERVER = "/usr/lib/rabbitmq/bin/rabbitmq-server";

/** The folder in which Debian keeps ejabberd and its Erlang libraries: /usr/lib and the machine's triplet. */
export function ejabberdLibraries(): string | undefined {
  const folders = existsSync("/usr/lib") ? readdirSync("/usr/lib").filter((name) => name.endsWith("-linux-gnu")) : [];
  return folders
    .map((name) => join("/usr/lib", name))
    .find((folder) => readdirSync(folder).some((name) => name.startsWith("ejabberd-")));
}
