import type { CameraTopicFigures, CameraTopicState } from "@mqtt-meet/sdk";
import type { BrokerAccount, CameraAddress } from "../camera-topics/read-camera-address.ts";

/** From the window to the worker of one camera topic. */
export type ToCameraWorker =
  /** Once, first. `account` goes before that of the address. */
  | {
      readonly type: "watch";
      readonly address: CameraAddress;
      readonly site: string;
      readonly account: BrokerAccount | undefined;
    }
  /** Pictures are drawn there from now on, the newest at once. */
  | { readonly type: "canvas"; readonly canvas: OffscreenCanvas }
  /** The newest picture is wanted, as it came. */
  | { readonly type: "snapshot" };

/** From the worker to the window. */
export type FromCameraWorker =
  | { readonly type: "state"; readonly state: CameraTopicState }
  | { readonly type: "figures"; readonly figures: CameraTopicFigures }
  | { readonly type: "snapshot"; readonly jpeg: Blob | undefined };
