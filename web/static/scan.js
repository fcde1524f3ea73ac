// A label's code read from the camera or from a photograph, then looked up as if it were typed: the code's own address
// is never gone to. The browser reads it where it can, else our own reader; the picture leaves neither.
"use strict";
(() => {
  const scan = document.getElementById("scan");
  if (!scan) return;
  const MOST = 1000;         // signs of a code: a label's hold fewer than a hundred
  const SIDE = 2400;         // a photograph is read at this many pixels
  const EVERY = 150;         // milliseconds between two looks
  const [NATIVE, OURS] = [["data_matrix", "qr_code", "code_128"], ["DataMatrix", "QRCode", "Code128"]];
  const form = document.getElementById("scan-form");
  const video = document.getElementById("scan-picture");
  const [open, close] = [document.getElementById("scan-open"), document.getElementById("scan-close")];
  const photograph = document.getElementById("photograph");
  const canvas = document.createElement("canvas");
  let stream = null, reader = null, turn = 0;

  function say(what, text = "") {
    document.getElementById("scan-said").textContent = scan.dataset[`said${what}`].replace("{}", () => text);
  }

  async function browsersReader() {
    if (!("BarcodeDetector" in window)) return null;
    const known = await BarcodeDetector.getSupportedFormats();
    if (!NATIVE.slice(0, 2).every((form) => known.includes(form))) return null;
    const detector = new BarcodeDetector({ formats: NATIVE.filter((form) => known.includes(form)) });
    return async (picture) => (await detector.detect(picture)).map((code) => code.rawValue);
  }

  async function ownReader() {
    await new Promise((loaded, failed) => {
      const script = document.createElement("script");
      script.src = scan.dataset.reader;
      script.onload = loaded;
      script.onerror = failed;
      document.head.append(script);
    });
    await ZXingWASM.prepareZXingModule({
      overrides: { locateFile: () => scan.dataset.module }, fireImmediately: true,
    });
    return async (picture) => {
      const codes = await ZXingWASM.readBarcodes(picture, { formats: OURS, maxNumberOfSymbols: 8, tryHarder: true });
      return codes.filter((code) => code.isValid).map((code) => code.text);
    };
  }

  function readerOnce() {
    reader ??= browsersReader().catch(() => null).then((native) => native ?? ownReader());
    reader.catch(() => { reader = null; });
    return reader;
  }

  function drawn(source, width, height) {
    const scale = Math.min(1, SIDE / Math.max(width, height));
    canvas.width = Math.max(1, Math.round(width * scale));
    canvas.height = Math.max(1, Math.round(height * scale));
    const pen = canvas.getContext("2d", { willReadFrequently: true });
    pen.drawImage(source, 0, 0, canvas.width, canvas.height);
    return pen.getImageData(0, 0, canvas.width, canvas.height);
  }

  // True when there was one code and it is being looked up; of several none is guessed.
  function taken(texts) {
    const different = [...new Set(texts.filter((text) => text.trim()))];
    if (!different.length) return false;
    if (different.length > 1) { say("Several"); return false; }
    if (different[0].length > MOST) { say("Long"); return false; }
    say("Read", different[0]);
    form.elements.q.value = different[0];
    stop();
    form.requestSubmit();
    return true;
  }

  function stop() {
    turn += 1;
    for (const track of stream ? stream.getTracks() : []) track.stop();
    stream = video.srcObject = null;
    video.hidden = close.hidden = true;
    open.hidden = false;
  }

  function failed(error) {
    stop();
    const names = { NotAllowedError: "Refused", SecurityError: "Refused", NotFoundError: "None", OverconstrainedError: "None" };
    say(names[error.name] ?? "Busy");
  }

  async function look(mine, read) {
    while (mine === turn) {
      if (video.readyState >= 2 && video.videoWidth) {
        const texts = await read(drawn(video, video.videoWidth, video.videoHeight)).catch(() => []);
        if (mine !== turn || taken(texts)) return;
      }
      await new Promise((later) => setTimeout(later, EVERY));
    }
  }

  async function start() {
    stop();
    if (!window.isSecureContext) { say("Plain"); return; }
    if (!navigator.mediaDevices) { say("None"); return; }
    const mine = turn;
    say("Asked");
    try {
      const seen = await navigator.mediaDevices.getUserMedia({
        audio: false, video: { facingMode: "environment", width: { ideal: 1280 }, height: { ideal: 720 } },
      });
      if (mine !== turn) { for (const track of seen.getTracks()) track.stop(); return; }
      stream = video.srcObject = seen;
      await video.play();
    } catch (error) { if (mine === turn) failed(error); return; }
    video.hidden = close.hidden = false;
    open.hidden = true;
    say("Open");
    await readerOnce().then((read) => look(mine, read), () => { if (mine === turn) { stop(); say("Unable"); } });
  }

  photograph.addEventListener("change", async () => {
    const file = photograph.files[0];
    if (!file) return;
    stop();
    const picture = await createImageBitmap(file).catch(() => null);
    if (!picture) { say("Picture"); return; }
    const pixels = drawn(picture, picture.width, picture.height);
    picture.close();
    const read = await readerOnce().catch(() => null);
    if (!read) { say("Unable"); return; }
    const texts = await read(pixels).catch(() => null);
    if (!texts) say("Unable"); else if (!taken(texts) && !texts.join("").trim()) say("Nothing");
    photograph.value = "";
  });
  open.addEventListener("click", start);
  close.addEventListener("click", () => { stop(); document.getElementById("scan-said").textContent = ""; });
  window.addEventListener("pagehide", stop);
  document.addEventListener("visibilitychange", () => { if (document.hidden) stop(); });
  scan.hidden = false;
  start();
})();
