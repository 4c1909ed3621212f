import type { App } from "../app-state.ts";
import { BACKGROUND_CHOICES, type BackgroundChoice, canReplaceBackground } from "../background/background-choice.ts";
import type { Dictionary } from "../language/en.ts";
import type { CameraBackground } from "../room/camera-background.ts";
import type { LocalDevice } from "../room/local-device.ts";
import type { MenuSection } from "./menu.tsx";

/** What choosing a background needs. */
interface BackgroundMenuOptions {
  readonly app: App;
  readonly background: CameraBackground;
  readonly camera: LocalDevice;
}

/** What can stand behind us, as lines to choose from; undefined where the browser cannot do it. */
export function backgroundSection(options: BackgroundMenuOptions & { readonly text: Dictionary }) {
  const { app, background, camera, text } = options;
  if (!canReplaceBackground()) return undefined;
  const { choice } = background;
  const items = knownBackgrounds(app).map((id) => ({
    label: text.background[id],
    checked: id === choice,
    onChoose: () => void background.choose(id, camera),
  }));
  const another = { label: text.background.choosePicture, onChoose: () => void chooseOwnPicture(options) };
  const section: MenuSection = { title: text.background.title, items: [...items, another] };
  return section;
}

/** A picture of one's own is among them once there is one. */
export function knownBackgrounds(app: App): readonly BackgroundChoice[] {
  const { hasOwnPicture } = app.settings.values.value;
  return BACKGROUND_CHOICES.filter((id) => id !== "own" || hasOwnPicture);
}

/** In a gesture of the user: asks for a picture, keeps it in this browser and puts it behind us. Never rejects. */
async function chooseOwnPicture({ app, background, camera }: BackgroundMenuOptions): Promise<void> {
  const file = await askForPicture();
  if (file === undefined) return;
  try {
    const { keepOwnPicture } = await import("../background/own-picture.ts");
    await keepOwnPicture(file);
  } catch {
    app.notices.say(app.text.peek().background.unreadable);
    return;
  }
  app.settings.update({ hasOwnPicture: true });
  await background.choose("own", camera);
}

/** Undefined when it was called off. */
function askForPicture(): Promise<File | undefined> {
  const input = document.createElement("input");
  input.type = "file";
  input.accept = "image/*";
  return new Promise((resolve) => {
    input.addEventListener("change", () => resolve(input.files?.[0]));
    input.addEventListener("cancel", () => resolve(undefined));
    input.click();
  });
}
