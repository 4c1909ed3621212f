"""What the tutorial's viewer does, rewritten to be measured: one process receives, decodes and writes the frame rate on the
picture, the main process shows what comes, looking all the time.

Repairs: the shared number is imported, the function that writes the frame rate gets what it takes. Added: with a folder as the last
argument every 30th picture is kept there as it was decoded, for its quality.
"""
import base64
import multiprocessing
import os
import sys
import time

import cv2
import numpy as np
import paho.mqtt.client as mqtt

host, port, topic = sys.argv[1], int(sys.argv[2]), sys.argv[3]
keep = sys.argv[4] if len(sys.argv) > 4 else None

rate = multiprocessing.Value("f", 0)
last = time.time()


def write_rate(picture):
    global last
    now = time.time()
    print(now)
    rate.value = 1 / max(now - last, 1e-6)
    cv2.putText(picture, f"FPS: {rate.value:.2f}", (10, 30), cv2.FONT_HERSHEY_SIMPLEX, 1, (0, 255, 0), 2, cv2.LINE_AA)
    last = now


def receive(out):
    version = getattr(mqtt, "CallbackAPIVersion", None)
    client = mqtt.Client(version.VERSION1) if version else mqtt.Client()
    client.connect(host, port, 60)
    received = 0

    def on_message(_client, _data, message):
        nonlocal received
        global last
        last = time.time()
        jpeg = base64.b64decode(message.payload.decode("utf-8"))
        picture = cv2.imdecode(np.frombuffer(jpeg, dtype=np.uint8), cv2.IMREAD_COLOR)
        if keep and received % 30 == 0:
            cv2.imwrite(f"{keep}/unfinished.png", picture)
            os.rename(f"{keep}/unfinished.png", f"{keep}/{received:05d}.png")
        received += 1
        write_rate(picture)
        out.put(picture)

    client.on_message = on_message
    client.subscribe(topic)
    client.loop_forever()


def main():
    pictures = multiprocessing.Queue()
    multiprocessing.Process(target=receive, args=(pictures,), daemon=True).start()
    while True:
        began = time.time()
        while not pictures.empty():
            cv2.imshow("Received", pictures.get())
            cv2.waitKey(1)
        print(time.time() - began)


main()
