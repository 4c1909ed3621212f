import { gzipSync } from "node:zlib";
import { build } from "vite";

/** How large the module is that everything from `entry` makes, as a browser loads it. */
export async function bundleBytes(entry: string): Promise<{ minified: number; gzipped: number }> {
  const built = await build({
    configFile: false,
    logLevel: "silent",
    resolve: { conditions: ["@mqtt-meet/source", "module", "browser", "default"] },
    build: {
      write: false,
      minify: true,
      target: "es2023",
      modulePreload: false,
      rolldownOptions: { input: entry, preserveEntrySignatures: "strict" },
    },
  });
  const code = [built]
    .flat()
    .flatMap((result) => ("output" in result ? result.output : []))
    .map((output) => (output.type === "chunk" ? output.code : ""))
    .join("");
  return { minified: Buffer.byteLength(code), gzipped: gzipSync(code, { level: 9 }).length };
}
