import { resolve } from "node:path";
import { type Cell, readNotebook } from "labor-llm/dist/notebook/document";
import ts from "typescript";

const options: ts.CompilerOptions = {
  strict: true,
  noEmit: true,
  skipLibCheck: true,
  target: ts.ScriptTarget.ES2022,
  module: ts.ModuleKind.ESNext,
  moduleResolution: ts.ModuleResolutionKind.Bundler,
  esModuleInterop: true,
  types: ["node"],
};

/**
 * Type errors of a notebook's cells under strict rules, which tslab does not apply: the cells, in order, as one
 * module in the notebook's folder.
 * @param change what is checked in place of the cells
 * @returns one line each: the cell, from 1, the line in it, the message
 */
export function typeErrors(path: string, change = (cells: Cell[]) => cells): string[] {
  const module = `${resolve(path)}.ts`;
  const places: { cell: number; line: number }[] = [];
  const lines: string[] = [];
  change(readNotebook(path).cells).forEach(({ cell_type, source }, i) => {
    if (cell_type !== "code") return;
    source.split("\n").forEach((line, k) => {
      places.push({ cell: i + 1, line: k + 1 });
      lines.push(line);
    });
    // A cell ends its last statement.
    lines[lines.length - 1] += "\n;";
    places.push({ cell: i + 1, line: 0 });
  });
  const text = `${lines.join("\n")}\nexport {};\n`;
  const host = ts.createCompilerHost(options);
  const { fileExists, readFile, getSourceFile } = host;
  host.fileExists = (file) => file === module || fileExists(file);
  host.readFile = (file) => (file === module ? text : readFile(file));
  host.getSourceFile = (file, target) =>
    file === module ? ts.createSourceFile(file, text, target, true) : getSourceFile(file, target);
  const program = ts.createProgram([module], options, host);
  const source = program.getSourceFile(module)!;
  const placeOf = (at: number) => places[source.getLineAndCharacterOfPosition(at).line];
  const located = (at: number, message: string) => {
    const place = placeOf(at);
    return `cell ${place?.cell}, line ${place?.line}: ${message}`;
  };
  const errors = ts.getPreEmitDiagnostics(program).map(({ file, start, messageText }) => {
    const message = ts.flattenDiagnosticMessageText(messageText, " ");
    return file === source ? located(start ?? 0, message) : message;
  });
  for (const { name, declared, remedy } of lost(source, program.getTypeChecker())) {
    if (placeOf(declared)?.cell === placeOf(name.getStart())?.cell) continue;
    errors.push(located(name.getStart(), remedy));
  }
  return errors;
}

/** A name that tslab loses where it was declared in an earlier cell. */
interface Lost {
  name: ts.Identifier;
  declared: number;
  remedy: string;
}

/** Shorthand properties that name a variable of the module, and properties declared in it that a pattern renames. */
function lost(source: ts.SourceFile, checker: ts.TypeChecker): Lost[] {
  const found: Lost[] = [];
  const add = (name: ts.Identifier, symbol: ts.Symbol | undefined, remedy: string) => {
    const declaration = symbol?.declarations?.[0];
    if (declaration?.getSourceFile() === source)
      found.push({ name, declared: declaration.getStart(), remedy });
  };
  const visit = (node: ts.Node): void => {
    if (ts.isShorthandPropertyAssignment(node)) {
      const { name } = node;
      const remedy = `write "${name.text}: ${name.text}": tslab loses a shorthand of an earlier cell's variable`;
      add(name, checker.getShorthandAssignmentValueSymbol(node), remedy);
    }
    if (ts.isBindingElement(node) && node.propertyName !== undefined && ts.isIdentifier(node.propertyName)) {
      const name = node.propertyName;
      const property = checker.getTypeAtLocation(node.parent).getProperty(name.text);
      add(
        name,
        property,
        `write ".${name.text}": tslab loses a renamed property of an earlier cell's object`,
      );
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

/**
 * Cells with what they say may be tried: the comments below "Try a variation" as code, the end of a line after
 * "// try", and what Markdown says in code of a call, an object or a property of one. A "…" stands for more than code.
 */
export function withVariations(cells: Cell[]): Cell[] {
  let variation = false;
  return cells.flatMap((cell): Cell[] => {
    const { cell_type, source } = cell;
    if (cell_type !== "code") {
      variation ||= source.startsWith("## Try a variation");
      const code = [...source.matchAll(/`([^`\n]+)`/g)].map(([, text]) => text);
      const expressions = code.flatMap((text) => {
        if (text.includes("…")) return [];
        if (/^\w+: /.test(text)) return [`({ ${text} })`];
        return /^\{.*\}$|^\w+\(.*\)$/.test(text) ? [`(${text})`] : [];
      });
      const added = {
        ...cell,
        cell_type: "code",
        source: expressions.map((e) => `void ${e};`).join("\n"),
      } as Cell;
      return [cell, added];
    }
    const uncommented = variation ? source.replace(/^\/\/ ?/gm, "") : source;
    const tried = [...source.matchAll(/\/\/ try (\S.*)$/gm)].map(([, text]) => `\nvoid (${text});`);
    return [{ ...cell, source: uncommented + tried.join("") }];
  });
}
