import { render } from "preact";
import "./styles/tokens.css";
import "./styles/base.css";
import "./styles/tooltip.css";
import { AppContext } from "./app-context.ts";
import { App } from "./app-state.ts";
import { readFrameOptions, splitAddress } from "./model/frame-options.ts";
import { Views } from "./views/views.tsx";

const root = document.getElementById("app");
if (!root) throw new Error("The page has no place for the app.");
// A link alone never takes anybody past the lobby, camera and all: options are for pages around ours, which the server allows.
const frame = parent === window ? undefined : readFrameOptions(splitAddress(location.href).options);
const app = new App(browserStorage(), { frame });
const checkVersion = () => void app.version.check({ isBusy: () => app.isBusy.peek() });
checkVersion();
// A tab that was left open for days may be older than its server when somebody comes back to it.
document.addEventListener("visibilitychange", () => {
  if (document.visibilityState === "visible" && !app.isBusy.peek()) checkVersion();
});
await app.ready();
render(
  <AppContext.Provider value={app}>
    <Views />
  </AppContext.Provider>,
  root,
);

/** A browser that keeps nothing for this page throws when asked. */
function browserStorage(): Storage | undefined {
  try {
    return localStorage;
  } catch {
    return undefined;
  }
}
