import { existsSync } from "node:fs";
import { playwright } from "@vitest/browser-playwright";
import { defineConfig } from "vitest/config";

/** Tests and development read the packages' sources; no build is needed for them. */
const conditions = ["@mqtt-meet/source"];
const resolve = { conditions: [...conditions, "module", "browser", "development|production", "default"] };
const ssr = { resolve: { conditions: [...conditions, "module", "node", "development|production", "default"] } };

const chromium =
  process.env["CHROMIUM"] ??
  ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"].find((path) => existsSync(path));

const launchArguments = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  "--use-fake-device-for-media-stream",
  "--use-fake-ui-for-media-stream",
  "--autoplay-policy=no-user-gesture-required",
];

/** A machine that others share may stand still for seconds: what is waited for has come or not, how late does not matter. */
const patience = { testTimeout: 60_000, hookTimeout: 60_000, expect: { poll: { timeout: 20_000 } } };

export default defineConfig({
  test: {
    projects: [
      {
        resolve,
        ssr,
        test: {
          name: "node",
          retry: 2, // some speak to real programs in real time
          // The tests of packages wait more than they compute, and keep nothing in their modules: one load of all modules
          // serves them all, which halves the work.
          isolate: false,
          maxWorkers: 2,
          ...patience,
          include: ["{packages,apps}/*/src/**/*.test.{ts,tsx}", "bench/**/*.test.ts"],
          exclude: ["**/*.browser.test.{ts,tsx}", "**/node_modules/**", "**/dist/**"],
        },
      },
      {
        resolve,
        // As our server does, so that memory can be shared with the audio thread.
        server: {
          headers: { "Cross-Origin-Opener-Policy": "same-origin", "Cross-Origin-Embedder-Policy": "require-corp" },
        },
        // What is found only while tests run makes the page of tests load anew in the middle of them.
        optimizeDeps: { include: ["axe-core", "mediabunny", "uqr"] },
        test: {
          name: "browser",
          retry: 2, // codecs and sound run in real time
          sequence: { groupOrder: 1 }, // so they get a machine that does nothing else
          ...patience,
          include: ["{packages,apps}/*/src/**/*.browser.test.{ts,tsx}"],
          browser: {
            enabled: true,
            headless: true,
            screenshotFailures: false,
            api: { host: "127.0.0.1" },
            provider: playwright({
              launchOptions: { ...(chromium ? { executablePath: chromium } : {}), args: launchArguments },
            }),
            instances: [{ browser: "chromium" }],
          },
        },
      },
      {
        resolve,
        ssr,
        // What crosses packages runs against the built packages and pages, one file at a time: real time matters there.
        test: {
          name: "e2e",
          include: ["test/e2e/**/*.test.ts"],
          fileParallelism: false,
          // These measure in real time: what a busy machine disturbed is measured again.
          retry: 2,
          setupFiles: ["test/support/repeat-when-quiet.ts"],
          testTimeout: 600_000,
          hookTimeout: 300_000,
          expect: { poll: { timeout: 60_000 } },
        },
      },
      {
        resolve,
        ssr,
        test: {
          name: "all",
          include: ["test/{all,brokers,cluster,conformance}/**/*.test.ts"],
          fileParallelism: false,
          retry: 2,
          setupFiles: ["test/support/repeat-when-quiet.ts"],
          testTimeout: 900_000,
          hookTimeout: 300_000,
          expect: { poll: { timeout: 60_000 } },
        },
      },
      {
        resolve,
        ssr,
        // What needs a machine of its own. Nothing is repeated: a median decides.
        test: {
          name: "long",
          include: ["test/long/**/*.test.ts"],
          fileParallelism: false,
          testTimeout: 60_000,
        },
      },
    ],
  },
});
