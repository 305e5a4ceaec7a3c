/* What a map does besides drawing: it goes in step with another, is saved as an image, printed.
 *
 * Maps whose specification has the same `step` frame the same place.  They talk through a
 * channel of the browser that bears this name: each page view has its own, so that two windows
 * do not pull at each other.
 */
"use strict";

(function () {
  const INK = "#1e1e1e";
  const FONT = 'system-ui, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif';

  function inStep(map) {
    let name = "";
    let channel = null;
    let follows = false; // the move comes from the other map: it is not told back
    let moved = false; // someone chose this framing: a map that opens later takes it
    let asked = 0;

    function tell() {
      asked = 0;
      if (channel) {
        const { lat, lng } = map.getCenter();
        channel.postMessage({ center: [lat, lng], zoom: map.getZoom() });
      }
    }
    function follow({ center, zoom }) {
      if (!map.getSize().x) return; // hidden: it takes the common framing when it is shown
      follows = true;
      map.setView(center, zoom, { animate: false });
      follows = false;
      moved = true;
    }
    map.on("carte:drawn", () => {
      const wanted = map.carteSpec.step || "";
      if (wanted === name) return;
      if (channel) channel.close();
      name = wanted;
      moved = false;
      channel = wanted ? new BroadcastChannel(`carte-${wanted}`) : null;
      if (!channel) return;
      channel.onmessage = ({ data }) => {
        if (!data.ask) follow(data);
        else if (moved) tell();
      };
      channel.postMessage({ ask: true });
    });
    map.on("move", () => {
      if (!channel || follows) return;
      moved = true;
      if (!asked) asked = requestAnimationFrame(tell);
    });
    map.on("unload", () => channel && channel.close());
  }

  /* The drawn canvases of a map, the lowest first. */
  function canvases(container) {
    const height = (one) => Number(getComputedStyle(one.closest(".leaflet-pane")).zIndex) || 0;
    return [...container.querySelectorAll(".leaflet-map-pane canvas")]
      .filter((one) => one.width && getComputedStyle(one).display !== "none")
      .sort((a, b) => height(a) - height(b));
  }

  /* Rows of the legend: {title}, {text, paint} or {note}. */
  function legend(spec) {
    const rows = [];
    for (const one of spec.layers) {
      const told = one.legend;
      if (one.type === "areas" && told) {
        if (told.title) rows.push({ title: told.title });
        told.texts.forEach((text, i) => rows.push({ text, paint: box(one.styles[i]) }));
        if (told.missing) rows.push({ text: told.missing, paint: box(one.missing) });
        if (told.note) rows.push({ note: told.note });
      } else if (one.type === "routes") {
        const seen = new Map();
        one.rows.forEach((row) => seen.set(`${row.color} ${row.dash}`, row));
        seen.forEach((row) =>
          rows.push({ text: row.lines[0], paint: stroke(row.color, row.dash, 3) }));
      } else if (one.type === "lines" && told) {
        rows.push({ text: told, paint: stroke(one.color, one.dash, one.weight) });
      } else if (told) {
        rows.push({ text: told, paint: mark(one) });
      }
    }
    return rows;
  }
  function box(style) {
    return (pen, x, y) => {
      pen.fillStyle = Carte.fill(style);
      pen.fillRect(x, y - 7, 22, 14);
      pen.strokeStyle = "#767676";
      pen.lineWidth = 1;
      pen.strokeRect(x + 0.5, y - 6.5, 21, 13);
    };
  }
  function stroke(colour, dash, width) {
    return (pen, x, y) => {
      pen.strokeStyle = colour;
      pen.lineWidth = width;
      pen.setLineDash((dash || "").split(" ").filter(Boolean).map(Number));
      pen.beginPath();
      pen.moveTo(x, y);
      pen.lineTo(x + 22, y);
      pen.stroke();
      pen.setLineDash([]);
    };
  }
  function mark(layer) {
    return (pen, x, y) => {
      pen.beginPath();
      Carte.outlines[layer.shape](pen, x + 11, y, Math.min(7, Math.max(4, layer.size)));
      pen.fillStyle = layer.color;
      pen.fill();
    };
  }

  /* A pen that writes lines one under another, and only measures when `draws` is false. */
  function writer(pen, width, top, draws) {
    let y = top;
    let x = 16;
    const right = width - 16;
    function broken(text) {
      const lines = [""];
      for (const word of text.split(" ")) {
        const longer = `${lines.at(-1)} ${word}`.trim();
        if (pen.measureText(longer).width > right - 16 && lines.at(-1)) lines.push(word);
        else lines[lines.length - 1] = longer;
      }
      return lines;
    }
    function paragraph(text, font, height, colour = INK) {
      if (x > 16) next(20);
      pen.font = font;
      for (const line of broken(text)) {
        pen.fillStyle = colour;
        if (draws) pen.fillText(line, 16, y + height / 2);
        y += height;
      }
    }
    function next(height) {
      y += height;
      x = 16;
    }
    function sample({ text, paint }) {
      pen.font = `13px ${FONT}`;
      const wide = 28 + pen.measureText(text).width + 18;
      if (x > 16 && x + wide > right) next(20);
      if (draws) {
        paint(pen, x, y + 10);
        pen.fillStyle = INK;
        pen.fillText(text, x + 28, y + 10);
      }
      x += wide;
    }
    return { paragraph, sample, next, end: () => (x > 16 ? y + 20 : y) };
  }

  function below(pen, width, top, spec, credit, draws) {
    const write = writer(pen, width, top, draws);
    for (const row of legend(spec)) {
      if (row.title) write.paragraph(row.title, `600 13px ${FONT}`, 20);
      else if (row.note) write.paragraph(row.note, `11px ${FONT}`, 16, "#5c5c5c");
      else write.sample(row);
    }
    const day = new Date().toLocaleDateString("fr-FR", { dateStyle: "long" });
    write.paragraph(`${credit} · Image du ${day}`, `11px ${FONT}`, 18, "#5c5c5c");
    return write.end() + 8;
  }

  function scaleBar(pen, container, left, bottom) {
    const line = container.querySelector(".leaflet-control-scale-line");
    if (!line) return;
    const wide = line.offsetWidth;
    pen.fillStyle = "rgba(255,255,255,.85)";
    pen.fillRect(left, bottom - 22, wide + 12, 22);
    pen.fillStyle = pen.strokeStyle = INK;
    pen.font = `11px ${FONT}`;
    pen.fillText(line.textContent, left + 6, bottom - 14);
    pen.lineWidth = 1.5;
    pen.beginPath();
    pen.moveTo(left + 6, bottom - 8);
    pen.lineTo(left + 6, bottom - 4);
    pen.lineTo(left + 6 + wide, bottom - 4);
    pen.lineTo(left + 6 + wide, bottom - 8);
    pen.stroke();
  }

  /* The map as it is shown, without its buttons. */
  function paint(pen, container, top) {
    const frame = container.getBoundingClientRect();
    pen.save();
    pen.beginPath();
    pen.rect(0, top, frame.width, frame.height);
    pen.clip();
    pen.fillStyle = container.style.background;
    pen.fillRect(0, top, frame.width, frame.height);
    for (const one of canvases(container)) {
      const at = one.getBoundingClientRect();
      pen.drawImage(one, at.x - frame.x, top + at.y - frame.y, at.width, at.height);
    }
    scaleBar(pen, container, 8, top + frame.height - 8);
    pen.restore();
  }

  /* On paper the frame is narrower than on the screen, and nothing is drawn again in time: a
   * picture of the map stands in for it. */
  function onPaper(map) {
    let stand = null;
    window.addEventListener("beforeprint", () => {
      const { x, y } = map.getSize();
      if (!x || stand) return;
      stand = document.createElement("canvas");
      stand.className = "carte-print";
      stand.width = 2 * x;
      stand.height = 2 * y;
      const pen = stand.getContext("2d");
      pen.scale(2, 2);
      pen.textBaseline = "middle";
      paint(pen, map.getContainer(), 0);
      document.body.append(stand);
    });
    window.addEventListener("afterprint", () => {
      if (stand) stand.remove();
      stand = null;
    });
  }

  /* The map as it is shown, its title above, its legend and sources below. */
  function picture(map, credit) {
    const container = map.getContainer();
    const frame = container.getBoundingClientRect();
    const spec = map.carteSpec;
    const title = spec.title.split(". ")[0].replace(/^Carte : /, "");
    const head = 40;
    const sheet = document.createElement("canvas");
    const ratio = Math.max(2, window.devicePixelRatio || 1);
    let pen = sheet.getContext("2d");
    const tall = below(pen, frame.width, head + frame.height + 10, spec, credit, false);
    sheet.width = frame.width * ratio;
    sheet.height = tall * ratio;
    pen = sheet.getContext("2d");
    pen.scale(ratio, ratio);
    pen.fillStyle = "#ffffff";
    pen.fillRect(0, 0, frame.width, tall);
    pen.textBaseline = "middle";
    pen.fillStyle = INK;
    pen.font = `600 17px ${FONT}`;
    pen.fillText(title.charAt(0).toUpperCase() + title.slice(1), 16, head / 2, frame.width - 32);
    paint(pen, container, head);
    below(pen, frame.width, head + frame.height + 10, spec, credit, true);
    return sheet;
  }

  function save(map, credit) {
    picture(map, credit).toBlob((image) => {
      const link = document.createElement("a");
      link.href = URL.createObjectURL(image);
      link.download = `carte-${map.carteSpec.view.replace(/[^\w-]/g, "").slice(0, 40)}.png`;
      link.click();
      setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
    }, "image/png");
  }

  function saving(map, base) {
    const Save = L.Control.extend({
      onAdd() {
        const bar = L.DomUtil.create("div", "leaflet-bar");
        const button = L.DomUtil.create("a", "carte-save", bar);
        button.href = "#";
        button.title = "Enregistrer la carte en image (PNG)";
        button.setAttribute("role", "button");
        button.setAttribute("aria-label", button.title);
        button.innerHTML =
          '<svg viewBox="0 0 16 16" width="14" height="14" aria-hidden="true"><path fill="none" ' +
          'stroke="#1e1e1e" stroke-width="2" d="M8 1v9M4 6l4 4 4-4M2 14h12"/></svg>';
        L.DomEvent.disableClickPropagation(bar);
        L.DomEvent.on(button, "click", (event) => {
          L.DomEvent.preventDefault(event);
          if (map.carteSpec) save(map, base.credit);
        });
        return bar;
      },
    });
    new Save({ position: "topleft" }).addTo(map);
  }

  Carte.extras.push(inStep, saving, onPaper);
})();
