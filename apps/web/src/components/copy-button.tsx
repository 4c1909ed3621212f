import { useSignal } from "@preact/signals";
import { Check, Copy } from "lucide";
import { useText } from "../app-context.ts";
import { Button } from "./button.tsx";
import { copyText } from "./copy-text.ts";

const SHOWN_MS = 2000;

/** Copies `text`, and says so. */
export function CopyButton({ text, label }: { readonly text: string; readonly label: string }) {
  const words = useText();
  const copied = useSignal(false);
  const copy = async () => {
    if (!(await copyText(text))) return;
    copied.value = true;
    setTimeout(() => {
      copied.value = false;
    }, SHOWN_MS);
  };
  return (
    <Button tone="accent" icon={copied.value ? Check : Copy} onClick={() => void copy()}>
      <span aria-live="polite">{copied.value ? words.common.copied : label}</span>
    </Button>
  );
}
