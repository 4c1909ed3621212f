import { watchCameraTopic } from "@mqtt-meet/sdk/browser";
import { type Signal, useSignal } from "@preact/signals";
import { ArrowLeft, Plus } from "lucide";
import { useEffect, useMemo, useRef } from "preact/hooks";
import { useApp, useText } from "../app-context.ts";
import { Button, IconButton } from "../components/button.tsx";
import { PreferenceButtons } from "../components/preference-buttons.tsx";
import { type Size, useSize } from "../components/use-size.ts";
import { agoText } from "../language/duration-text.ts";
import { layoutStage } from "../model/tile-layout.ts";
import { CameraForm } from "./camera-form.tsx";
import { CameraList } from "./camera-list.ts";
import { CameraTile } from "./camera-tile.tsx";
import css from "./cameras-view.module.css";

const CLOCK_MS = 1_000;

/** What stands in the form; undefined: there is none. */
interface Draft {
  readonly address: string;
  readonly needsAccount: boolean;
}

const EMPTY: Draft = { address: "", needsAccount: false };

/** Camera topics, as large as they fit, and where their addresses are typed. */
export function CamerasView(props: {
  /** Watched at once, or what the form begins with when that does not work. */
  readonly address: string;
  /** Closed with the view. Default: one of the site. */
  readonly list?: CameraList;
}) {
  const { address } = props;
  const app = useApp();
  const { cameras: text, common } = useText();
  const draft = useSignal<Draft | undefined>(undefined);
  const list = useMemo(() => {
    const onAdded = (name: string) => app.recentCameras.add({ name, atMs: app.nowMs() });
    return props.list ?? new CameraList({ site: app.router.site, watch: watchCameraTopic, onAdded });
  }, [app, props.list]);
  useEffect(() => {
    if (address !== "" && list.add(address) !== undefined) draft.value = { ...EMPTY, address };
    return () => list.close();
  }, [list, address]);
  useEffect(() => {
    document.title = `${text.title} · mqtt-meet`;
    return () => {
      document.title = "mqtt-meet";
    };
  }, [text.title]);
  const isEmpty = list.cameras.value.length === 0;
  return (
    <div class={css["view"]}>
      <header class={css["header"]}>
        <IconButton icon={ArrowLeft} label={common.home} onClick={() => app.router.openHome()} />
        <h1>{text.title}</h1>
        {!isEmpty && draft.value === undefined && (
          <IconButton
            icon={Plus}
            label={text.addAnother}
            onClick={() => {
              draft.value = EMPTY;
            }}
          />
        )}
        <span class={css["space"]} />
        <PreferenceButtons />
      </header>
      <main class={css["main"]}>
        {(isEmpty || draft.value) && <Adding list={list} draft={draft} />}
        {!isEmpty && <Grid list={list} draft={draft} />}
      </main>
    </div>
  );
}

/** The form, and what was watched before. */
function Adding({ list, draft }: { readonly list: CameraList; readonly draft: Signal<Draft | undefined> }) {
  const { cameras: text, common } = useText();
  const { address, needsAccount } = draft.value ?? EMPTY;
  const isFirst = list.cameras.value.length === 0;
  const done = () => {
    draft.value = undefined;
  };
  return (
    <section class={isFirst ? css["first"] : css["more"]} aria-label={text.addAnother}>
      {isFirst && <p class={css["intro"]}>{text.intro}</p>}
      <CameraForm key={`${address} ${needsAccount}`} {...{ list, address, needsAccount }} onAdded={done} />
      {!isFirst && <Button onClick={done}>{common.cancel}</Button>}
      {isFirst && <Recent list={list} onFailed={(name) => (draft.value = { ...EMPTY, address: name })} />}
    </section>
  );
}

function Recent({ list, onFailed }: { readonly list: CameraList; readonly onFailed: (name: string) => void }) {
  const { recentCameras, locale, nowMs } = useApp();
  const { cameras: text, home } = useText();
  const entries = recentCameras.entries.value;
  if (entries.length === 0) return null;
  return (
    <div class={css["recent"]}>
      <div class={css["recentHead"]}>
        <h2>{text.recent}</h2>
        <button type="button" onClick={() => recentCameras.forget()}>
          {home.forget}
        </button>
      </div>
      <ul>
        {entries.map(({ name, atMs }) => (
          <li key={name}>
            <button
              type="button"
              onClick={() => {
                if (list.add(name) !== undefined) onFailed(name);
              }}
            >
              <span>{name}</span>
              <span class={css["when"]}>{agoText(atMs, { nowMs: nowMs(), locale: locale.value })}</span>
            </button>
          </li>
        ))}
      </ul>
    </div>
  );
}

/** All cameras alike; the shape is that of the middle one, and no picture is cropped. */
function Grid({ list, draft }: { readonly list: CameraList; readonly draft: Signal<Draft | undefined> }) {
  const { nowMs } = useApp();
  const { cameras: text } = useText();
  const frame = useRef<HTMLUListElement>(null);
  const size = useSignal<Size>({ width: 0, height: 0 });
  const now = useSignal(nowMs());
  useSize(frame, size);
  useEffect(() => {
    const timer = setInterval(() => {
      now.value = nowMs();
    }, CLOCK_MS);
    return () => clearInterval(timer);
  }, [now]);
  const cameras = list.cameras.value;
  const shapes = cameras.map(({ figures }) => {
    const { widthPx, heightPx } = figures.value.size ?? { widthPx: 16, heightPx: 9 };
    return { aspect: widthPx / heightPx, featured: true };
  });
  const { rects } = layoutStage(shapes, size.value);
  return (
    <ul ref={frame} class={css["grid"]} aria-label={text.list}>
      {cameras.map((camera, index) => (
        <CameraTile
          key={camera.name}
          camera={camera}
          rect={rects[index] ?? { x: 0, y: 0, width: 0, height: 0 }}
          nowMs={now}
          onRemove={() => list.remove(camera)}
          onAccount={() => {
            draft.value = { address: camera.name, needsAccount: true };
          }}
        />
      ))}
    </ul>
  );
}
