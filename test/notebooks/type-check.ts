import { resolve } from "node:path";
import { readNotebook } from "labor-llm/dist/notebook/document";
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
 * @returns one line each: the cell, from 1, the line in it, the message
 */
export function typeErrors(path: string): string[] {
  const module = `${resolve(path)}.ts`;
  const places: { cell: number; line: number }[] = [];
  const lines: string[] = [];
  readNotebook(path).cells.forEach(({ cell_type, source }, i) => {
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
  return ts.getPreEmitDiagnostics(program).map(({ file, start, messageText }) => {
    const message = ts.flattenDiagnosticMessageText(messageText, " ");
    if (file?.fileName !== module) return message;
    const place = places[file.getLineAndCharacterOfPosition(start ?? 0).line];
    return `cell ${place?.cell}, line ${place?.line}: ${message}`;
  });
}
