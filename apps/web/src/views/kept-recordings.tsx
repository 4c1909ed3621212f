import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { useApp, useText } from "../app-context.ts";
import { Button } from "../components/button.tsx";
import { saveFile } from "../components/save-file.ts";
import type { KeptRecording } from "../recording/kept-recordings.ts";
import css from "./kept-recordings.module.css";

const store = () => import("../recording/kept-recordings.ts");

/** Recordings whose page ended before they were saved. Nothing where there are none. */
export function KeptRecordings() {
  const { locale } = useApp();
  const { recording: text } = useText();
  const kept = useSignal<readonly KeptRecording[]>([]);
  const refresh = async () => {
    kept.value = await (await store()).keptRecordings();
  };
  useEffect(() => {
    refresh().catch(() => undefined); // a part of the page could not be fetched: they are there at the next visit
  }, []);
  if (kept.value.length === 0) return null;
  const save = async (name: string) => {
    const { openRecording, markSaved } = await store();
    saveFile(await openRecording(name), name);
    await markSaved(name);
    kept.value = kept.value.filter((known) => known.name !== name);
  };
  const remove = async (name: string) => {
    if (!confirm(text.confirmDelete(name))) return;
    await (await store()).removeRecording(name);
    await refresh();
  };
  const size = new Intl.NumberFormat(locale.value, { style: "unit", unit: "megabyte", maximumFractionDigits: 1 });
  return (
    <section class={css["kept"]} aria-labelledby="kept-recordings">
      <h2 id="kept-recordings">{text.kept}</h2>
      <p class={css["hint"]}>{text.keptHint}</p>
      <ul>
        {kept.value.map(({ name, bytes }) => (
          <li key={name}>
            <span class={css["name"]}>{name}</span>
            <span class={css["hint"]}>{size.format(bytes / 1e6)}</span>
            <Button onClick={() => void save(name).catch(refresh)}>{text.save}</Button>
            <Button tone="quiet" onClick={() => void remove(name)}>
              {text.delete}
            </Button>
          </li>
        ))}
      </ul>
    </section>
  );
}
