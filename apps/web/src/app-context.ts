import { createContext } from "preact";
import { useContext } from "preact/hooks";
import type { App } from "./app-state.ts";
import type { Dictionary } from "./language/en.ts";

/** The {@link App} for everything below. */
export const AppContext = createContext<App | undefined>(undefined);

/** What all views share. */
export function useApp(): App {
  const app = useContext(AppContext);
  if (!app) throw new TypeError("A view stands outside of the app.");
  return app;
}

/** The words of the language that is chosen. */
export function useText(): Dictionary {
  return useApp().text.value;
}
