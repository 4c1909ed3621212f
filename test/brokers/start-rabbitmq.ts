import { RABBITMQ_SERVER } from "../support/broker-programs.ts";
import { freePort } from "../support/free-port.ts";
import { onPath } from "../support/requirements.ts";
import type { RunningBroker } from "./running-broker.ts";
import { startProgramBroker } from "./start-program-broker.ts";

/** RabbitMQ with its two MQTT plugins and one account, as docs/operating.md says, on loopback. */
export async function startRabbitMq(): Promise<RunningBroker> {
  const [amqp, mqtt, webSocket] = [await freePort(), await freePort(), await freePort()];
  const [epmd, distribution] = [await freePort(), await freePort()];
  const account = { username: "meet", password: "secret" };
  const conf = `listeners.tcp.1 = 127.0.0.1:${amqp}
mqtt.listeners.tcp.1 = 127.0.0.1:${mqtt}
mqtt.allow_anonymous = false
mqtt.tcp_listen_options.nodelay = true
web_mqtt.tcp.ip = 127.0.0.1
web_mqtt.tcp.port = ${webSocket}
web_mqtt.ws_opts.compress = false
default_user = ${account.username}
default_pass = ${account.password}
`;
  return startProgramBroker({
    files: { "rabbitmq.conf": conf, enabled_plugins: "[rabbitmq_mqtt,rabbitmq_web_mqtt].\n" },
    programs: [[onPath("epmd") ?? "epmd", "-address", "127.0.0.1", "-port", String(epmd)], [RABBITMQ_SERVER]],
    env: (folder) => ({
      HOME: folder,
      RABBITMQ_ALLOW_INPUT: "1", // the shell script becomes the server instead of its parent
      RABBITMQ_NODENAME: "t@localhost",
      RABBITMQ_MNESIA_BASE: `${folder}/db`,
      RABBITMQ_LOG_BASE: `${folder}/log`,
      RABBITMQ_CONFIG_FILE: `${folder}/rabbitmq.conf`,
      RABBITMQ_ENABLED_PLUGINS_FILE: `${folder}/enabled_plugins`,
      RABBITMQ_PID_FILE: `${folder}/pid`,
      RABBITMQ_DIST_PORT: String(distribution),
      ERL_EPMD_ADDRESS: "127.0.0.1",
      ERL_EPMD_PORT: String(epmd),
    }),
    url: `mqtt://127.0.0.1:${mqtt}`,
    directUrl: `ws://127.0.0.1:${webSocket}/ws`,
    account,
  });
}
