import { type Dictionary, en } from "./en.ts";

/** A language the page is written in. */
export type Language = "en" | "zh";

/** `preferred` is `navigator.languages`: the first one that we speak, else English. */
export function chooseLanguage(choice: Language | "auto", preferred: readonly string[]): Language {
  if (choice !== "auto") return choice;
  for (const tag of preferred) {
    const language = tag.toLowerCase().split("-")[0];
    if (language === "en" || language === "zh") return language;
  }
  return "en";
}

/** English is part of the page; the others come when they are wanted. */
export async function loadDictionary(language: Language): Promise<Dictionary> {
  return language === "zh" ? (await import("./zh.ts")).zh : en;
}

/** What `lang` of the page and `Intl` are told. */
export function localeOf(language: Language): string {
  return language === "zh" ? "zh-CN" : "en";
}
