"""A camera on this machine's loopback: an MJPEG stream of the demo sitter that can misbehave in every way told."""

from __future__ import annotations

import threading
import time
from collections import deque
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import cv2
import numpy as np

from booth.capture.demo.demo_sitter import DemoSitter
from booth.capture.listed import Listed

FPS = 30
START_S = 9.0  # of the sitter's script: she stands before the lens and rests
LOOP = 12  # frames that "repeating" plays round and round
SLOW_FPS = 4
WAYS = ("good", "frozen", "black", "repeating", "slow", "small", "silent", "gone")


class LoopbackCamera:
    """Serves at `address`; set `way` to one of WAYS at any time. Use it as a with-block."""

    def __init__(self, size: tuple[int, int] = (640, 360), way: str = "good") -> None:
        self.way = way
        self._sitter = DemoSitter(size=size)
        self._count = round(START_S * FPS)
        self._sent: deque[bytes] = deque(maxlen=LOOP)
        self._played = 0
        self._stop = threading.Event()
        camera = self

        class Talk(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                camera.serve(self)

            def log_message(self, *_: object) -> None:
                """Say nothing."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Talk)
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.1,), daemon=True)

    @property
    def address(self) -> str:
        """Where the stream is."""
        return f"http://127.0.0.1:{self._server.server_address[1]}/stream.mjpg"

    def serve(self, talk: BaseHTTPRequestHandler) -> None:
        """Answer one reader until it leaves or the camera goes."""
        if self.way == "gone":
            talk.send_error(503)
            return
        talk.send_response(200)
        talk.send_header("Content-Type", "multipart/x-mixed-replace; boundary=frame")
        talk.end_headers()
        due_s = time.monotonic()
        while not self._stop.is_set() and self.way != "gone":
            if self.way == "silent":
                self._stop.wait(0.05)
                due_s = time.monotonic()
                continue
            coded = self._next()
            head = f"--frame\r\nContent-Type: image/jpeg\r\nContent-Length: {len(coded)}\r\n\r\n"
            try:
                talk.wfile.write(head.encode() + coded + b"\r\n")
            except OSError:
                return
            due_s = max(due_s + 1 / (SLOW_FPS if self.way == "slow" else FPS), time.monotonic() - 0.1)
            self._stop.wait(max(0.0, due_s - time.monotonic()))

    def _next(self) -> bytes:
        way = self.way
        if way in ("frozen", "repeating") and self._sent:
            self._played += 1
            return self._sent[-1 if way == "frozen" else self._played % len(self._sent)]
        self._count += 1
        rgb = self._sitter.frame(self._count % 9000)
        if way == "black":
            rgb = np.zeros_like(rgb)
        if way == "small":
            rgb = cv2.resize(rgb, (rgb.shape[1] * 3 // 4, rgb.shape[0] * 3 // 4))
        coded = cv2.imencode(".jpg", cv2.cvtColor(rgb, cv2.COLOR_RGB2BGR), [cv2.IMWRITE_JPEG_QUALITY, 85])[1].tobytes()
        if way == "good":
            self._sent.append(coded)
        return coded

    def picture(self) -> np.ndarray | None:
        """The next picture as a driver would give it, BGR, at its pace; None where it gives none."""
        if self.way == "gone":
            return None
        while self.way == "silent" and not self._stop.is_set():
            self._stop.wait(0.05)
        self._stop.wait(1 / (SLOW_FPS if self.way == "slow" else FPS))
        return cv2.imdecode(np.frombuffer(self._next(), np.uint8), cv2.IMREAD_COLOR)

    def __enter__(self) -> LoopbackCamera:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join(2)


class Plugged:
    """Cameras as the system lists them, each fed by a loopback camera; patch it over `booth.capture.webcam`."""

    def __init__(self, feed: LoopbackCamera) -> None:
        self.feed = feed
        self.listed: dict[int, str] = {0: "Loopback"}
        self.is_busy = False

    def cameras(self) -> list[Listed]:
        """Stands for `webcam.listed`."""
        return [Listed(index, name) for index, name in self.listed.items()]

    def opened(self, index: int) -> _Device:
        """Stands for `webcam.opened`."""
        return _Device(self, index)


class _Device:
    """Stands for OpenCV's reader of one camera."""

    def __init__(self, plugged: Plugged, index: int) -> None:
        self._plugged, self._index = plugged, index

    def read(self) -> tuple[bool, np.ndarray | None]:
        if self._index not in self._plugged.listed or self._plugged.is_busy:
            return False, None
        picture = self._plugged.feed.picture()
        return picture is not None, picture

    def get(self, _: int) -> float:
        return float(FPS)

    def set(self, *_: float) -> bool:
        return True

    def release(self) -> None:
        """Nothing is held."""
