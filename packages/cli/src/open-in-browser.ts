import { spawn } from "node:child_process";

/** What opens an address in the browser that the person prefers. */
function opener(url: string, platform: NodeJS.Platform): readonly [string, readonly string[]] {
  if (platform === "darwin") return ["open", [url]];
  // Not `start`, which is a word of a shell that would read the address once more.
  if (platform === "win32") return ["rundll32", ["url.dll,FileProtocolHandler", url]];
  return ["xdg-open", [url]];
}

/** Opens `url` in the system's browser, which stays when this process ends. Resolves to whether that worked. */
export function openInBrowser(
  url: string,
  options: { readonly env: NodeJS.ProcessEnv; readonly platform?: NodeJS.Platform },
): Promise<boolean> {
  const [command, commandArguments] = opener(url, options.platform ?? process.platform);
  return new Promise((resolve) => {
    const child = spawn(command, commandArguments, { stdio: "ignore", detached: true, env: options.env });
    child.once("error", () => resolve(false));
    child.once("exit", (code) => resolve(code === 0));
    child.unref();
  });
}
