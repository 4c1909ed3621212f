import { Moon, Sun, SunMoon } from "lucide";
import { useApp, useText } from "../app-context.ts";
import { Button, IconButton } from "./button.tsx";
import css from "./preference-buttons.module.css";

const ICONS = { auto: SunMoon, light: Sun, dark: Moon } as const;
const NEXT = { auto: "light", light: "dark", dark: "auto" } as const;

/** Language and appearance, one press each. */
export function PreferenceButtons() {
  const { settings, language } = useApp();
  const { common } = useText();
  const { theme } = settings.values.value;
  const themeName = { auto: common.system, light: common.light, dark: common.dark }[theme];
  const other = language.value === "zh" ? "en" : "zh";
  return (
    <div class={css["group"]}>
      <Button tone="quiet" onClick={() => settings.update({ language: other })}>
        <span lang={other}>{other === "zh" ? "中文" : "English"}</span>
      </Button>
      <IconButton
        icon={ICONS[theme]}
        label={`${common.theme}: ${themeName}`}
        onClick={() => settings.update({ theme: NEXT[theme] })}
      />
    </div>
  );
}
