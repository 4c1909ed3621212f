"""What the tutorial's sender does, rewritten to be measured: one process reads pictures and makes JPEGs, one publishes, and
the main process carries pictures from one queue to another, looking all the time.

Repairs: a file paced to its frame rate stands for the camera. Added: the time at which each picture was read.
"""
import base64
import multiprocessing
import sys
import time

import cv2
import paho.mqtt.client as mqtt

host, port, topic, clip, times = sys.argv[1], int(sys.argv[2]), sys.argv[3], sys.argv[4], sys.argv[5]


def new_client():
    version = getattr(mqtt, "CallbackAPIVersion", None)
    return mqtt.Client(version.VERSION1) if version else mqtt.Client()


client = new_client()
client.connect(host, port, 60)


def read_pictures(out):
    source = cv2.VideoCapture(clip)
    began, number = time.time(), 0
    with open(times, "w", buffering=1) as log:
        while True:
            due = began + number / 30
            time.sleep(max(0, due - time.time()))
            ok, picture = source.read()
            if not ok:
                break
            log.write(f"{number} {time.time() * 1000:.3f}\n")
            number += 1
            _, jpeg = cv2.imencode(".jpg", picture)
            out.put(base64.b64encode(jpeg.tobytes()).decode("utf-8"))
    time.sleep(600)


def publish_pictures(into):
    while True:
        if not into.empty():
            client.publish(topic, into.get())


def main():
    read, ready = multiprocessing.Queue(), multiprocessing.Queue()
    workers = [
        multiprocessing.Process(target=read_pictures, args=(read,), daemon=True),
        multiprocessing.Process(target=publish_pictures, args=(ready,), daemon=True),
    ]
    for worker in workers:
        worker.start()
    while True:
        began = time.time()
        while not read.empty():
            ready.put(read.get())
        print(time.time() - began)


main()
