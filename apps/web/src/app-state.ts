import { computed, effect, type ReadonlySignal, signal } from "@preact/signals";
import { chooseLanguage, type Language, loadDictionary, localeOf } from "./language/choose-language.ts";
import { type Dictionary, en } from "./language/en.ts";
import type { FrameOptions } from "./model/frame-options.ts";
import { Notices } from "./notices.ts";
import { browserVersionPorts, PageVersion, type PageVersionPorts } from "./page-version.ts";
import { RecentNames } from "./recent-names.ts";
import { Router } from "./route.ts";
import { Settings, type SmallStorage } from "./settings.ts";

/** What all views share. */
export class App {
  readonly settings: Settings;
  readonly recent: RecentNames;
  /** Camera topics, without accounts. */
  readonly recentCameras: RecentNames;
  readonly notices = new Notices();
  readonly router = new Router();
  readonly nowMs: () => number;
  readonly #text = signal<Dictionary>(en);
  readonly text: ReadonlySignal<Dictionary> = this.#text;
  readonly language: ReadonlySignal<Language>;
  readonly locale: ReadonlySignal<string>;

  /** Whether this page is of the server's version. */
  readonly version: PageVersion;
  /** Somebody is in a meeting, or on the way into one: nothing may take the page away. */
  readonly isBusy = signal(false);

  /** What the page around this one wants; undefined when there is none. */
  readonly frame: FrameOptions | undefined;

  constructor(
    storage: SmallStorage | undefined,
    options: {
      readonly version?: PageVersionPorts;
      readonly frame?: FrameOptions | undefined;
      readonly nowMs?: () => number;
    } = {},
  ) {
    this.nowMs = options.nowMs ?? Date.now;
    this.frame = options.frame;
    this.version = new PageVersion(options.version ?? browserVersionPorts(this.router.site));
    this.settings = new Settings(storage, options.frame?.settings);
    this.recent = new RecentNames(storage, "mqtt-meet.recent");
    this.recentCameras = new RecentNames(storage, "mqtt-meet.recent-cameras");
    this.language = computed(() => chooseLanguage(this.settings.values.value.language, navigator.languages));
    this.locale = computed(() => localeOf(this.language.value));
    effect(() => {
      document.documentElement.dataset["theme"] = this.settings.values.value.theme;
    });
    effect(() => void this.#speak(this.language.value));
  }

  /** Resolves when the first words are there. */
  async ready(): Promise<void> {
    await this.#speak(this.language.peek());
  }

  async #speak(language: Language): Promise<void> {
    try {
      const dictionary = await loadDictionary(language);
      if (language !== this.language.peek()) return;
      this.#text.value = dictionary;
      document.documentElement.lang = localeOf(language);
    } catch {
      // The other language could not be fetched; what is shown stays.
    }
  }
}
