/* Drawing of the map.  Canvas only; asks nothing of any host but the application.
 *
 * Carte.create(id, base)        the constant map: dressing, scale, zoom buttons
 * Carte.layers(map, spec)       what varies: returned as one Leaflet group
 *
 * A specification is made by views/parts/map.py, which documents its fields.  A click on an
 * area that can be picked tells the server its code.
 */
"use strict";

window.Carte = (function () {
  const INK = "#1e1e1e";
  const SEA = "#e8eef5";
  const LAND = "#f6f6f6";
  const loads = new Map(); // address -> promise of its content
  const extras = []; // what other scripts add to each map: see map_tools.js

  function load(address) {
    if (!loads.has(address)) {
      const asked = fetch(address).then((answer) => {
        if (!answer.ok) throw new Error(`${address} : ${answer.status}`);
        return answer.json();
      });
      asked.catch(() => loads.delete(address));
      loads.set(address, asked);
    }
    return loads.get(address);
  }

  /* Every feature of a GeoJSON or TopoJSON file, its object's name as `kind` when it has none. */
  function features(content) {
    if (content.type !== "Topology") return content.features || [content];
    return Object.entries(content.objects).flatMap(([name, object]) => {
      const decoded = topojson.feature(content, object);
      const list = decoded.features || [decoded];
      list.forEach((one) => {
        one.properties = { kind: name, ...one.properties };
      });
      return list;
    });
  }

  /* Hatching tells a class apart without its colour. */
  const hatches = {};
  function hatch(colour, ink, kind) {
    const key = [colour, ink, kind].join();
    if (!hatches[key]) {
      const tile = document.createElement("canvas");
      tile.width = tile.height = 8;
      const pen = tile.getContext("2d");
      pen.fillStyle = colour;
      pen.fillRect(0, 0, 8, 8);
      pen.strokeStyle = pen.fillStyle = ink;
      pen.lineWidth = 1.2;
      pen.beginPath();
      if (kind === "dots") {
        pen.arc(4, 4, 1.3, 0, 7);
        pen.fill();
      } else {
        for (const shift of [-8, 0, 8]) {
          pen.moveTo(shift, 8);
          pen.lineTo(shift + 8, 0);
        }
        pen.stroke();
      }
      hatches[key] = pen.createPattern(tile, "repeat");
    }
    return hatches[key];
  }

  function fill(style) {
    return style.hatch ? hatch(style.fill, style.ink || INK, style.hatch) : style.fill;
  }

  const outlines = {
    circle: (pen, x, y, r) => pen.arc(x, y, r, 0, 2 * Math.PI),
    square: (pen, x, y, r) => pen.rect(x - 0.88 * r, y - 0.88 * r, 1.76 * r, 1.76 * r),
    diamond: (pen, x, y, r) => polygon(pen, x, y, 1.2 * r, 4, 0),
    triangle: (pen, x, y, r) => polygon(pen, x, y + 0.15 * r, 1.2 * r, 3, 0),
    star: (pen, x, y, r) => star(pen, x, y, 1.35 * r),
    cross: (pen, x, y, r) => cross(pen, x, y, 1.05 * r),
  };
  function polygon(pen, x, y, r, corners, turn) {
    for (let i = 0; i < corners; i++) {
      const angle = turn - Math.PI / 2 + (2 * Math.PI * i) / corners;
      pen[i ? "lineTo" : "moveTo"](x + r * Math.cos(angle), y + r * Math.sin(angle));
    }
    pen.closePath();
  }
  function star(pen, x, y, r) {
    for (let i = 0; i < 10; i++) {
      const angle = -Math.PI / 2 + (Math.PI * i) / 5;
      const reach = i % 2 ? 0.45 * r : r;
      pen[i ? "lineTo" : "moveTo"](x + reach * Math.cos(angle), y + reach * Math.sin(angle));
    }
    pen.closePath();
  }
  function cross(pen, x, y, r) {
    const arm = 0.38 * r;
    const path = [[-arm, -r], [arm, -r], [arm, -arm], [r, -arm], [r, arm], [arm, arm],
      [arm, r], [-arm, r], [-arm, arm], [-r, arm], [-r, -arm], [-arm, -arm]];
    path.forEach(([dx, dy], i) => pen[i ? "lineTo" : "moveTo"](x + dx, y + dy));
    pen.closePath();
  }

  L.Canvas.include({
    _updateShape(layer) {
      if (!this._drawing || layer._empty()) return;
      this._ctx.beginPath();
      outlines[layer.options.shape](this._ctx, layer._point.x, layer._point.y, layer._radius);
      this._fillStroke(this._ctx, layer);
      if (layer.options.text) {
        this._ctx.fillStyle = "#fff";
        this._ctx.font = `600 ${Math.round(1.15 * layer._radius)}px system-ui, sans-serif`;
        this._ctx.textAlign = "center";
        this._ctx.textBaseline = "middle";
        this._ctx.fillText(layer.options.text, layer._point.x, layer._point.y + 0.5);
      }
    },
  });
  const Shape = L.CircleMarker.extend({
    _updatePath() {
      this._renderer._updateShape(this);
    },
  });

  /* Names of towns: the most populated first, above their place or else below it, none over
   * another nor over a mark of `marks`. */
  const Labels = L.Layer.extend({
    initialize(rows, marks) {
      this._rows = rows;
      this._marks = marks;
    },
    onAdd(map) {
      this._canvas = L.DomUtil.create("canvas", "leaflet-zoom-hide", map.getPane("labels"));
      map.on("moveend viewreset resize", this._draw, this);
      this._draw();
    },
    onRemove(map) {
      map.off("moveend viewreset resize", this._draw, this);
      this._canvas.remove();
    },
    _draw() {
      const map = this._map;
      const size = map.getSize();
      const ratio = window.devicePixelRatio || 1;
      L.DomUtil.setPosition(this._canvas, map.containerPointToLayerPoint([0, 0]));
      this._canvas.width = size.x * ratio;
      this._canvas.height = size.y * ratio;
      this._canvas.style.width = `${size.x}px`;
      this._canvas.style.height = `${size.y}px`;
      const pen = this._canvas.getContext("2d");
      pen.scale(ratio, ratio);
      pen.textAlign = "center";
      pen.lineJoin = "round";
      const taken = this._marks.map(([lat, lon, reach]) => {
        const { x, y } = map.latLngToContainerPoint([lat, lon]);
        return [x - reach, y - reach, x + reach, y + reach];
      });
      const free = (box) =>
        box[0] >= 0 && box[2] <= size.x && box[1] >= 0 && box[3] <= size.y &&
        !taken.some((b) => b[0] < box[2] && b[2] > box[0] && b[1] < box[3] && b[3] > box[1]);
      for (const [lat, lon, name, rank] of this._rows) {
        const at = map.latLngToContainerPoint([lat, lon]);
        if (at.x < 0 || at.y < 0 || at.x > size.x || at.y > size.y) continue;
        const height = [15, 13, 12, 11][rank];
        pen.font = `${rank < 2 ? 600 : 400} ${height}px system-ui, "Segoe UI", sans-serif`;
        const half = pen.measureText(name).width / 2 + 6;
        const box = (base) => [at.x - half, base - height - 3, at.x + half, base + 4];
        const base = [at.y - 9, at.y + height + 7].find((y) => free(box(y)));
        if (base === undefined) continue;
        taken.push(box(base));
        pen.strokeStyle = "rgba(255,255,255,.92)";
        pen.lineWidth = 3.5;
        pen.strokeText(name, at.x, base);
        pen.fillStyle = INK;
        pen.fillText(name, at.x, base);
      }
    },
  });

  /* Where names of towns must not stand: marks that hold a text or show a choice. */
  const NAMED_FROM = 9;
  function marks(layers) {
    return layers.filter((one) => one.type === "points").flatMap((one) =>
      one.rows.filter((row) => row[2] || one.size >= NAMED_FROM)
        .map(([lat, lon]) => [lat, lon, 1.2 * one.size + 1]));
  }

  /* Thousands of points of one mark on one canvas, from one array of rows; the nearest answers the mouse. */
  const REACH = 8;
  const Dots = L.Layer.extend({
    initialize(spec, rows) {
      this._spec = spec;
      this._rows = rows;
    },
    onAdd(map) {
      this._canvas = L.DomUtil.create("canvas", "leaflet-zoom-hide", map.getPane("dots"));
      this._tip = L.tooltip({ direction: "top", offset: [0, -6] });
      map.on("moveend viewreset resize", this._draw, this);
      map.on("mousemove click", this._answer, this);
      this._draw();
    },
    onRemove(map) {
      map.off("moveend viewreset resize", this._draw, this);
      map.off("mousemove click", this._answer, this);
      this._tip.remove();
      this._canvas.remove();
    },
    /* The mark, drawn once and stamped at each point. */
    _stamp(ratio, zoom) {
      // Smaller from afar, so that thousands of points do not hide the areas.
      const size = this._spec.size * Math.min(1, Math.max(0.5, (zoom - 2) / 7));
      const reach = size + 3;
      const stamp = document.createElement("canvas");
      stamp.width = stamp.height = Math.ceil(2 * reach * ratio);
      const pen = stamp.getContext("2d");
      pen.scale(ratio, ratio);
      pen.beginPath();
      outlines[this._spec.shape](pen, reach, reach, size);
      pen.fillStyle = this._spec.color;
      pen.fill();
      pen.strokeStyle = "#fff";
      pen.lineWidth = size > 2.5 ? 1 : 0.4;
      pen.stroke();
      return [stamp, reach];
    },
    _draw() {
      const map = this._map;
      const size = map.getSize();
      const ratio = window.devicePixelRatio || 1;
      const margin = Math.round(0.2 * Math.max(size.x, size.y));
      const corner = map.containerPointToLayerPoint([-margin, -margin]);
      L.DomUtil.setPosition(this._canvas, corner);
      const [width, height] = [size.x + 2 * margin, size.y + 2 * margin];
      this._canvas.width = width * ratio;
      this._canvas.height = height * ratio;
      this._canvas.style.width = `${width}px`;
      this._canvas.style.height = `${height}px`;
      const pen = this._canvas.getContext("2d");
      pen.scale(ratio, ratio);
      const [stamp, reach] = this._stamp(ratio, map.getZoom());
      this._cells = new Map();
      this._rows.forEach(([lat, lon], i) => {
        const at = map.latLngToLayerPoint([lat, lon]);
        const x = at.x - corner.x;
        const y = at.y - corner.y;
        if (x < 0 || y < 0 || x > width || y > height) return;
        pen.drawImage(stamp, x - reach, y - reach, 2 * reach, 2 * reach);
        const cell = `${at.x >> 4},${at.y >> 4}`;
        if (!this._cells.has(cell)) this._cells.set(cell, []);
        this._cells.get(cell).push([at.x, at.y, i]);
      });
    },
    _answer(event) {
      const at = event.layerPoint;
      let best = null;
      for (let dx = -1; dx <= 1; dx++)
        for (let dy = -1; dy <= 1; dy++)
          for (const [x, y, i] of this._cells.get(`${(at.x >> 4) + dx},${(at.y >> 4) + dy}`) || []) {
            const away = Math.hypot(x - at.x, y - at.y);
            if (away <= REACH && (!best || away < best[0])) best = [away, i];
          }
      if (!best) {
        this._tip.remove();
        return;
      }
      const [lat, lon, ...text] = this._rows[best[1]];
      this._tip.setLatLng([lat, lon]).setContent(sheet([...text, this._spec.text])).addTo(this._map);
    },
  });

  /* A small sheet made of text nodes only: nothing in the data can become code. */
  function sheet(lines) {
    const box = document.createElement("div");
    lines.filter(Boolean).forEach((line, i) => {
      const part = document.createElement(i ? "div" : "strong");
      part.textContent = line;
      box.appendChild(part);
    });
    return box;
  }
  /* One tooltip and one popup for a whole group: its layers carry their own lines. */
  function explain(group, opens = true) {
    group.bindTooltip((layer) => sheet(layer.sheetLines || []), { sticky: true });
    if (opens) group.bindPopup((layer) => sheet(layer.sheetLines || []), { maxWidth: 260 });
    return group;
  }

  function areas(group, spec, content, renderer) {
    const map = group.carteMap;
    const drawn = L.geoJSON(features(content), {
      renderer,
      filter: (one) => !spec.only || one.id in spec.values || spec.only.includes(one.id),
      style(feature) {
        const value = spec.values[feature.id];
        const style = value ? spec.styles[value[0]] : spec.missing;
        return { fillColor: fill(style), fillOpacity: 0.95, color: "#fff", weight: 0.6 };
      },
      onEachFeature(feature, layer) {
        const value = spec.values[feature.id];
        const text = value
          ? spec.template.replace(/\{(\d)\}/g, (_, place) => value[1 + Number(place)])
          : spec.unknown;
        layer.sheetLines = [feature.properties.n || feature.id, ...text.split("\n")];
        layer.on("mouseover", () => layer.setStyle({ color: INK, weight: 1.8 }));
        layer.on("mouseout", () => layer.setStyle({ color: "#fff", weight: 0.6 }));
        if (!spec.pick) return;
        group.carteUnits.set(feature.id, layer);
        // The server is told the code along with the place.
        layer.on("click", (event) => {
          event.latlng.code = feature.id;
          select(map, group, [feature.id]);
        });
      },
    });
    return explain(drawn, !spec.pick);
  }

  /* The units chosen: the first in a full line, the one that it is compared with in dashes. */
  function select(map, group, codes) {
    map.carteChosen.clearLayers();
    codes.forEach((code, rank) => {
      const unit = group.carteUnits.get(code);
      if (!unit) return;
      const path = unit.getLatLngs();
      const line = { renderer: map.carteChosenRenderer, interactive: false, fill: false };
      map.carteChosen.addLayer(L.polygon(path, { ...line, color: "#fff", weight: 6 }));
      const dashArray = rank ? "8 6" : null;
      map.carteChosen.addLayer(L.polygon(path, { ...line, color: "#c9191e", weight: 3, dashArray }));
    });
    map.getContainer().dataset.selected = codes.join(" ");
  }

  function lines(spec, content, renderer) {
    const style = { color: spec.color, weight: spec.weight, dashArray: spec.dash || null };
    const filter = (one) => !spec.only || spec.only.includes(one.id);
    return L.geoJSON(features(content), {
      renderer, filter, interactive: false, style: { ...style, fill: false } });
  }

  function points(spec, renderer) {
    const drawn = explain(L.featureGroup());
    for (const [lat, lon, text, ...rest] of spec.rows) {
      const point = new Shape([lat, lon], {
        renderer, shape: spec.shape, radius: spec.size, text,
        fillColor: spec.color, fillOpacity: 1, color: spec.edge || "#fff", weight: 1.5,
      });
      point.sheetLines = rest;
      drawn.addLayer(point);
    }
    return drawn;
  }

  function routes(spec, renderer) {
    const drawn = explain(L.featureGroup());
    for (const row of spec.rows) {
      drawn.addLayer(L.polyline(row.path, {
        renderer, color: "#fff", weight: 6, opacity: 0.9, interactive: false }));
      const line = L.polyline(row.path, {
        renderer, color: row.color, weight: 3, dashArray: row.dash || null });
      line.sheetLines = row.lines;
      drawn.addLayer(line);
    }
    return drawn;
  }

  function layer(group, spec, one, content) {
    const renderer = group.carteMap.carteRenderer;
    if (one.type === "areas") return areas(group, one, content, renderer);
    if (one.type === "lines") return lines(one, content, renderer);
    if (one.type === "routes") return routes(one, renderer);
    if (one.type === "points") return points(one, renderer);
    if (one.type === "dots") return new Dots(one, content);
    return new Labels(one.rows, marks(spec.layers));
  }

  function fit(map, bounds, key) {
    if (!bounds.isValid() || map.carteFit === key) return;
    map.carteHome = bounds;
    if (!map.getSize().x) return; // hidden: done when it gets a size
    map.carteFit = key;
    map.fitBounds(bounds, { padding: [8, 8], animate: false });
  }

  // The framework names the frame after the component; readers of screens need what it shows.
  function nameFrame(title) {
    if (window.frameElement) window.frameElement.title = title;
  }

  async function draw(map, group, spec) {
    const contents = await Promise.all(
      spec.layers.map((one) => (one.url ? load(one.url) : null)));
    await map.carteDressed;
    if (!map.hasLayer(group)) return; // replaced while it was loading
    const made = spec.layers.map((one, i) => layer(group, spec, one, contents[i]));
    const first = made[spec.layers.findIndex((one) => one.type === "areas")];
    map.carteSpec = spec;
    // Framed before anything is added: each outline is then placed once, not twice.
    fit(map, spec.bounds || !first ? L.latLngBounds(spec.bounds || []) : first.getBounds(), spec.view);
    made.forEach((one, i) => {
      group.addLayer(one);
      if (spec.layers[i].type === "areas" && map.carteWaters) group.addLayer(map.carteWaters);
    });
    select(map, group, spec.selected || []);
    map.getContainer().setAttribute("aria-label", spec.title);
    nameFrame(spec.title);
    map.getContainer().dataset.drawn = spec.key;
    group.carteDone = true;
    map.fire("carte:drawn");
  }

  function layers(map, spec) {
    if (window.feature_group) window.feature_group.length = 0; // removed already, yet kept
    const last = map.carteLast;
    if (last && last.carteKey === spec.key && last.carteDone) {
      select(map, last, spec.selected || []);
      return last; // only the choice of a unit has changed: nothing is drawn again
    }
    const group = (map.carteLast = L.featureGroup());
    group.carteKey = spec.key;
    group.carteMap = map;
    group.carteUnits = new Map();
    group.once("add", () => {
      draw(map, group, spec).catch((error) => {
        map.getContainer().dataset.failed = String(error);
        console.error(error);
      });
    });
    return group;
  }

  const DRESSING = {
    land: { fill: true, fillColor: LAND, fillOpacity: 1, stroke: false },
    lake: { fill: true, fillColor: "#cfe0f2", fillOpacity: 1, color: "#7fa3cc", weight: 0.7 },
    river: { fill: false, color: "#7fa3cc", weight: 1.3 },
    coast: { fill: false, color: "#9fb2c8", weight: 1 },
    border: { fill: false, color: "#8a8a8a", weight: 1.2, dashArray: "6 3" },
    department: { fill: true, fillColor: "#fdfdfd", fillOpacity: 1, color: "#c4c4c4", weight: 1 },
  };

  /* Land and neighbours below everything; rivers and lakes are kept to stand over the areas. */
  async function dress(map, base) {
    const below = L.canvas({ pane: "base", padding: 0.3 });
    const all = (await Promise.all(base.urls.map(load))).flatMap(features);
    const draw = (kinds, renderer) =>
      L.geoJSON(all.filter((one) => kinds.includes(dressing(one))), {
        renderer, interactive: false, style: (one) => DRESSING[dressing(one)],
      });
    draw(["land"], below).addTo(map);
    draw(["department"], below).addTo(map);
    draw(["coast", "border"], below).addTo(map);
    map.carteWaters = draw(["lake", "river"], map.carteRenderer).addTo(map);
  }
  function dressing(feature) {
    return feature.properties.kind in DRESSING ? feature.properties.kind : "department";
  }

  function create(id, base) {
    const map = L.map(id, {
      center: [46.6, 2.5], zoom: 6, minZoom: 3, maxZoom: 18, zoomSnap: 0.25, zoomDelta: 0.75,
      wheelPxPerZoomLevel: 120, zoomControl: false, preferCanvas: true, attributionControl: false,
    });
    const container = map.getContainer();
    container.style.background = SEA;
    container.setAttribute("role", "region");
    container.setAttribute("aria-label", "Carte");
    container.lang = "fr";
    map.createPane("base").style.cssText = "z-index:150;pointer-events:none";
    map.createPane("labels").style.cssText = "z-index:550;pointer-events:none";
    map.createPane("dots").style.cssText = "z-index:450;pointer-events:none";
    map.createPane("chosen").style.cssText = "z-index:460;pointer-events:none";
    map.carteRenderer = L.canvas({ padding: 0.3, tolerance: 4 });
    map.carteChosenRenderer = L.canvas({ pane: "chosen", padding: 0.3 });
    map.carteChosen = L.layerGroup().addTo(map);
    L.control.zoom({ zoomInTitle: "Agrandir", zoomOutTitle: "Réduire" }).addTo(map);
    L.control.scale({ imperial: false, maxWidth: 110, position: "topright" }).addTo(map);
    L.control.attribution({ prefix: false }).addAttribution(base.credit).addTo(map);
    home(map);
    extras.forEach((extend) => extend(map, base));
    map.carteDressed = dress(map, base).catch(console.error);
    new ResizeObserver(() => {
      const hidden = !map.getSize().x;
      map.invalidateSize();
      if (hidden && map.carteHome) map.fitBounds(map.carteHome, { animate: false });
    }).observe(container);
    return map;
  }

  function home(map) {
    const Home = L.Control.extend({
      onAdd() {
        const bar = L.DomUtil.create("div", "leaflet-bar");
        const button = L.DomUtil.create("a", "carte-home", bar);
        button.href = "#";
        button.title = "Revenir à la vue d'ensemble";
        button.setAttribute("role", "button");
        button.setAttribute("aria-label", button.title);
        button.textContent = "⤢";
        L.DomEvent.disableClickPropagation(bar);
        L.DomEvent.on(button, "click", (event) => {
          L.DomEvent.preventDefault(event);
          if (map.carteHome) map.fitBounds(map.carteHome, { padding: [8, 8] });
        });
        return bar;
      },
    });
    new Home({ position: "topleft" }).addTo(map);
  }

  return { create, layers, extras, fill, outlines };
})();
