"""Sends a clip's pictures to a topic as JPEG, base64 as the tutorial does or raw: HOST PORT TOPIC CLIP base64|raw SECONDS.
Prints "sending", and at the end how many it sent."""
import base64
import sys
import time

import cv2
import paho.mqtt.client as mqtt

host, port, topic, clip, form, seconds = sys.argv[1:7]
version = getattr(mqtt, "CallbackAPIVersion", None)
client = mqtt.Client(version.VERSION1) if version else mqtt.Client()
client.connect(host, int(port), 60)
client.loop_start()
source = cv2.VideoCapture(clip)
began, sent = time.time(), 0
print("sending", flush=True)
while time.time() - began < float(seconds):
    ok, picture = source.read()
    if not ok:
        break
    time.sleep(max(0, began + sent / 30 - time.time()))
    jpeg = cv2.imencode(".jpg", picture)[1].tobytes()
    client.publish(topic, base64.b64encode(jpeg).decode() if form == "base64" else jpeg).wait_for_publish()
    sent += 1
client.disconnect()
print(f"sent {sent}", flush=True)
