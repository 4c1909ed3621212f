import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { useText } from "../app-context.ts";
import { MessagePage } from "../views/message-page.tsx";

type View = typeof import("./cameras-view.tsx").CamerasView;

/** The cameras, whose program is fetched when somebody goes there. */
export function LazyCameras({ address }: { readonly address: string }) {
  const { failure } = useText();
  const view = useSignal<{ readonly View?: View } | undefined>(undefined);
  const isPossible = "transferControlToOffscreen" in HTMLCanvasElement.prototype;
  useEffect(() => {
    if (!isPossible) return;
    import("./cameras-view.tsx").then(
      ({ CamerasView }) => {
        view.value = { View: CamerasView };
      },
      () => {
        view.value = {};
      },
    );
  }, [view]);
  if (!isPossible) return <MessagePage title={failure.title} reason={failure.unsupported} />;
  if (view.value === undefined) return null;
  const { View } = view.value;
  return View ? <View address={address} /> : <MessagePage title={failure.title} reason={failure["worker-failed"]} />;
}
