"""Receives pictures from a topic as the tutorial's viewer does (base64 of a JPEG) until its standard input ends: HOST PORT TOPIC.
Prints "listening", and at the end how many messages came, how many were pictures, and their sizes."""
import base64
import sys

import cv2
import numpy as np
import paho.mqtt.client as mqtt

host, port, topic = sys.argv[1:4]
version = getattr(mqtt, "CallbackAPIVersion", None)
client = mqtt.Client(version.VERSION1) if version else mqtt.Client()
received, decoded, sizes = 0, 0, set()


def on_message(_client, _data, message):
    global received, decoded
    received += 1
    jpeg = base64.b64decode(message.payload.decode("utf-8"))
    picture = cv2.imdecode(np.frombuffer(jpeg, dtype=np.uint8), cv2.IMREAD_COLOR)
    if picture is not None:
        decoded += 1
        sizes.add(f"{picture.shape[1]}x{picture.shape[0]}")


client.on_message = on_message
client.on_subscribe = lambda *_: print("listening", flush=True)
client.connect(host, int(port), 60)
client.subscribe(topic)
client.loop_start()
sys.stdin.read()
client.loop_stop()
print(f"received {received} decoded {decoded} sizes {','.join(sorted(sizes))}", flush=True)
