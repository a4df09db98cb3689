import { type FontWeight, textExtent, textWidth } from "./fonts";

/** Edges in pixels; x to the right, y downwards. */
export interface Box {
  left: number;
  top: number;
  right: number;
  bottom: number;
}

/** An affine map as SVG writes it: x' = a x + c y + e, y' = b x + d y + f. */
type Matrix = readonly [number, number, number, number, number, number];

const identity: Matrix = [1, 0, 0, 1, 0, 0];

/**
 * The extent of an SVG element, laid out by the metrics of our font: what a browser's getBBox (`inside`, the
 * element's own coordinates) and getBoundingClientRect (the page's) would say. Undefined for one that draws nothing.
 */
export function extentOf(element: Element, coordinates: "inside" | "page"): Box | undefined {
  let matrix = identity;
  if (coordinates === "page") {
    for (let at: Element | null = element; at !== null; at = at.parentElement) {
      matrix = multiply(placement(at), matrix);
    }
  }
  return extent(element, matrix);
}

function extent(element: Element, matrix: Matrix): Box | undefined {
  const own = shape(element);
  if (own !== undefined) return transform(own, matrix);
  let union: Box | undefined;
  for (const child of element.children) {
    if (child.tagName === "defs" || child.tagName === "clipPath") continue;
    const box = extent(child, multiply(matrix, placement(child)));
    if (box !== undefined) union = union === undefined ? box : join(union, box);
  }
  return union;
}

function shape(element: Element): Box | undefined {
  const number = (name: string) => Number.parseFloat(element.getAttribute(name) ?? "0") || 0;
  switch (element.tagName) {
    case "text":
      return textBox(element);
    case "rect": {
      const [left, top] = [number("x"), number("y")];
      return { left, top, right: left + number("width"), bottom: top + number("height") };
    }
    case "circle": {
      const [x, y, r] = [number("cx"), number("cy"), number("r")];
      return { left: x - r, top: y - r, right: x + r, bottom: y + r };
    }
    case "path":
      return pathBox(element.getAttribute("d") ?? "");
    default:
      return undefined;
  }
}

/** A text, or a text of lines as plotly writes it: tspans of class "line", each moved down by `dy` em. */
function textBox(element: Element): Box | undefined {
  const lines = [...element.querySelectorAll("tspan.line")];
  const boxes = (lines.length > 0 ? lines : [element]).map((line) => lineBox(line, element));
  return boxes.reduce<Box | undefined>(
    (a, b) => (a === undefined ? b : b === undefined ? a : join(a, b)),
    undefined,
  );
}

function lineBox(line: Element, text: Element): Box | undefined {
  const content = line.textContent ?? "";
  if (content === "") return undefined;
  const size = fontSize(line);
  const width = textWidth(content, size, weight(line));
  const attribute = (name: string) => line.getAttribute(name) ?? text.getAttribute(name) ?? "0";
  const x = Number.parseFloat(attribute("x"));
  const dy = line === text ? "0" : (line.getAttribute("dy") ?? "0");
  const y = Number.parseFloat(attribute("y")) + Number.parseFloat(dy) * (dy.endsWith("em") ? size : 1);
  const anchor = property(text, "text-anchor") ?? "start";
  const left = x - (anchor === "middle" ? width / 2 : anchor === "end" ? width : 0);
  const { ascent, descent } = textExtent(size);
  return { left, top: y - ascent, right: left + width, bottom: y + descent };
}

/** An attribute, or the style that stands for it, of the element or the nearest ancestor that says so. */
function property(element: Element, name: string): string | undefined {
  for (let at: Element | null = element; at !== null; at = at.parentElement) {
    const styled = new RegExp(`(?:^|;)\\s*${name}:\\s*([^;]+)`).exec(at.getAttribute("style") ?? "")?.[1];
    const value = styled ?? at.getAttribute(name) ?? undefined;
    if (value !== undefined) return value.trim();
  }
  return undefined;
}

export function fontSize(element: Element): number {
  return Number.parseFloat(property(element, "font-size") ?? "12");
}

function weight(element: Element): FontWeight {
  const bold = element.querySelector('[style*="bold"]') ?? element;
  return /bold|[6-9]00/.test(property(bold, "font-weight") ?? "") ? "bold" : "regular";
}

/** Corners of a path of absolute commands; control points and radii count as corners. */
function pathBox(d: string): Box | undefined {
  let box: Box | undefined;
  for (const [, command, rest] of d.matchAll(/([MLHVCSQTA])([^A-Za-z]*)/g)) {
    const numbers = (rest.match(/-?(?:\d*\.\d+|\d+\.?)(?:e-?\d+)?/g) ?? []).map(Number);
    const at = { x: box?.left ?? 0, y: box?.top ?? 0 };
    const step = command === "A" ? 7 : command === "H" || command === "V" ? 1 : 2;
    for (let i = 0; i + step <= numbers.length; i += step) {
      const x = command === "V" ? at.x : numbers[command === "A" ? i + 5 : i];
      const y = command === "H" ? at.y : numbers[command === "A" ? i + 6 : command === "V" ? i : i + 1];
      const point = { left: x, top: y, right: x, bottom: y };
      box = box === undefined ? point : join(box, point);
    }
  }
  return box;
}

function placement(element: Element): Matrix {
  let matrix = identity;
  for (const [, name, list] of (element.getAttribute("transform") ?? "").matchAll(/(\w+)\(([^)]*)\)/g)) {
    const [a = 0, b, c = 0, d = 0, e = 0, f = 0] = list.split(/[\s,]+/).map(Number);
    if (name === "translate") matrix = multiply(matrix, [1, 0, 0, 1, a, b ?? 0]);
    if (name === "scale") matrix = multiply(matrix, [a, 0, 0, b ?? a, 0, 0]);
    if (name === "matrix") matrix = multiply(matrix, [a, b ?? 0, c, d, e, f]);
    if (name === "rotate") {
      const [cos, sin] = [Math.cos((a * Math.PI) / 180), Math.sin((a * Math.PI) / 180)];
      matrix = multiply(matrix, [1, 0, 0, 1, b ?? 0, c]);
      matrix = multiply(matrix, [cos, sin, -sin, cos, 0, 0]);
      matrix = multiply(matrix, [1, 0, 0, 1, -(b ?? 0), -c]);
    }
  }
  return matrix;
}

function multiply(m: Matrix, n: Matrix): Matrix {
  const column = (x: number, y: number, w: number) => [
    m[0] * x + m[2] * y + m[4] * w,
    m[1] * x + m[3] * y + m[5] * w,
  ];
  const [[a, b], [c, d], [e, f]] = [column(n[0], n[1], 0), column(n[2], n[3], 0), column(n[4], n[5], 1)];
  return [a, b, c, d, e, f];
}

function transform({ left, top, right, bottom }: Box, m: Matrix): Box {
  const corners = [
    [left, top],
    [right, top],
    [left, bottom],
    [right, bottom],
  ].map(([x, y]) => ({ x: m[0] * x + m[2] * y + m[4], y: m[1] * x + m[3] * y + m[5] }));
  const [xs, ys] = [corners.map(({ x }) => x), corners.map(({ y }) => y)];
  return { left: Math.min(...xs), top: Math.min(...ys), right: Math.max(...xs), bottom: Math.max(...ys) };
}

function join(a: Box, b: Box): Box {
  return {
    left: Math.min(a.left, b.left),
    top: Math.min(a.top, b.top),
    right: Math.max(a.right, b.right),
    bottom: Math.max(a.bottom, b.bottom),
  };
}
