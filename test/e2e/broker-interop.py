"""An ordinary paho-mqtt client: python broker-interop.py HOST PORT TRANSPORT VERSION. Prints one line per check."""

import sys
import threading

import paho.mqtt.client as mqtt
from paho.mqtt.properties import Properties
from paho.mqtt.packettypes import PacketTypes

host, port, transport, version = sys.argv[1], int(sys.argv[2]), sys.argv[3], int(sys.argv[4])
protocol = mqtt.MQTTv5 if version == 5 else mqtt.MQTTv311
WAIT_S = 10


class Client:
    def __init__(self, name, will=None):
        options = {} if version == 5 else {"clean_session": True}
        self.client = mqtt.Client(name, transport=transport, protocol=protocol, **options)
        if transport == "websockets":
            self.client.ws_set_options(path="/mqtt")
        if will:
            self.client.will_set(will, b"lost", qos=1, retain=True)
        self.messages = []
        self.changed = threading.Condition()
        self.granted = None
        self.client.on_message = self.on_message
        self.client.on_subscribe = self.on_subscribe
        self.client.connect(host, port, keepalive=10)
        self.client.loop_start()

    def on_message(self, client, userdata, message):
        with self.changed:
            self.messages.append(message)
            self.changed.notify()

    def on_subscribe(self, client, userdata, mid, granted, properties=None):
        with self.changed:
            self.granted = [code.value if version == 5 else code for code in granted]
            self.changed.notify()

    def subscribe(self, topic, qos):
        self.granted = None
        self.client.subscribe(topic, qos)
        with self.changed:
            assert self.changed.wait_for(lambda: self.granted is not None, WAIT_S), "no SUBACK"
        return self.granted

    def expect(self, count):
        with self.changed:
            done = self.changed.wait_for(lambda: len(self.messages) >= count, WAIT_S)
            messages, self.messages = self.messages, []
        assert done and len(messages) == count, f"{len(messages)} messages instead of {count}"
        return messages

    def close(self):
        self.client.disconnect()
        self.client.loop_stop()


subscriber = Client("paho-subscriber")
publisher = Client("paho-publisher", will="paho/will")
base = f"paho/{transport}/{version}"

for qos in (0, 1, 2):
    assert subscriber.subscribe(f"{base}/{qos}/+", qos) == [qos]
    for number in range(100):
        info = publisher.client.publish(f"{base}/{qos}/x", str(number), qos)
    info.wait_for_publish(WAIT_S)
    got = subscriber.expect(100)
    assert [int(message.payload) for message in got] == list(range(100)), "out of order"
    assert all(message.qos == qos for message in got)
    print(f"qos {qos}: 100 in order", flush=True)

publisher.client.publish(f"{base}/retained", b"x" * 200_000, 1, retain=True).wait_for_publish(WAIT_S)
subscriber.subscribe(f"{base}/retained", 1)
(message,) = subscriber.expect(1)
assert message.retain and len(message.payload) == 200_000
print("retained: 200000 bytes", flush=True)

if version == 5:
    properties = Properties(PacketTypes.PUBLISH)
    properties.ContentType = "text/plain"
    properties.UserProperty = ("k", "v")
    properties.ResponseTopic = "answer"
    subscriber.subscribe(f"{base}/properties", 0)
    publisher.client.publish(f"{base}/properties", b"x", 1, properties=properties)
    (message,) = subscriber.expect(1)
    assert message.properties.ContentType == "text/plain" and message.properties.UserProperty == [("k", "v")]
    assert message.properties.ResponseTopic == "answer"
    print("properties: passed on", flush=True)

subscriber.subscribe("paho/will", 1)
publisher.client.loop_stop()
publisher.client._sock_close()
(message,) = subscriber.expect(1)
assert message.payload == b"lost"
print("will: published", flush=True)
subscriber.client.publish("paho/will", b"", 1, retain=True).wait_for_publish(WAIT_S)
subscriber.close()
print("done", flush=True)
