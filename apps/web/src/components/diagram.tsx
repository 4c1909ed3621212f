import { useText } from "../app-context.ts";
import css from "./diagram.module.css";

/** Each from the right edge of a tile to the broker. */
const WIRES = [
  "M246 68 C 330 68 320 196 392 196",
  "M282 204 C 322 204 340 204 392 204",
  "M246 340 C 330 340 320 212 392 212",
];

/** What this is, as a drawing: three participants of different kinds and the one thing between them. */
export function Diagram() {
  const { home } = useText();
  return (
    <svg class={css["diagram"]} viewBox="0 0 520 408" role="img" aria-label={home.diagram}>
      {WIRES.map((path) => (
        <>
          <path class={css["wire"]} d={path} />
          <path class={css["packets"]} d={path} />
        </>
      ))}
      <DiagramTile x={0} y={0} hue={240} rate="30" caption={home.diagramBrowser}>
        <text class={css["letters"]} x="120" y="82">
          ML
        </text>
      </DiagramTile>
      <DiagramTile x={36} y={136} hue={75} rate="25" caption={home.diagramCamera}>
        <path
          class={css["mark"]}
          d="M84 76h72l-12 20H98zM120 76V40l26 26h-26M70 104c8-7 17-7 25 0s17 7 25 0 17-7 25 0 17 7 25 0"
        />
      </DiagramTile>
      <DiagramTile x={0} y={272} hue={320} rate="10" caption={home.diagramScript}>
        <text class={css["command"]} x="14" y="66">
          $ mqtt-meet publish -
        </text>
        <text class={css["command"]} x="14" y="86">
          ▍
        </text>
      </DiagramTile>
      <circle class={css["broker"]} cx="446" cy="204" r="54" />
      <text class={css["brokerName"]} x="446" y="205">
        {home.diagramBroker}
      </text>
      <text class={css["port"]} x="446" y="225">
        :1883
      </text>
    </svg>
  );
}

function DiagramTile(props: {
  readonly x: number;
  readonly y: number;
  readonly hue: number;
  readonly rate: string;
  readonly caption: string;
  readonly children: preact.ComponentChildren;
}) {
  return (
    <g class="hued" transform={`translate(${props.x} ${props.y})`} style={{ "--hue": `${props.hue}` }}>
      <rect class={css["ground"]} width="246" height="128" rx="14" />
      <text class={css["rate"]} x="14" y="24">
        {props.rate}
      </text>
      {props.children}
      <text class={css["caption"]} x="14" y="116">
        {props.caption}
      </text>
    </g>
  );
}
