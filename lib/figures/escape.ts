/**
 * Text of a user's (titles, names of surveys, groups and columns) for the formats that we write, so that each prints it
 * as it is and takes none of it for a command. LaTeX's is `latexText`.
 */

/** Control characters and line ends, which no label or cell has, as spaces. */
const oneLine = (text: string): string => text.replace(/[\p{Cc}\u2028\u2029]+/gu, " ");

/** Text for HTML, between tags or in a quoted attribute. */
export function escapeHtml(text: string): string {
  const entities: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };
  return text.replace(/[&<>"]/g, (character) => entities[character]);
}

/**
 * One line of text for GitHub's Markdown, in a cell of a table or by itself. Only what would be a command is escaped: a
 * name as gemma_3 or an interval as [2.1, 2.4] stays readable in the source. An address that is written out stays one,
 * which leads where it says.
 */
export function markdownText(text: string): string {
  return oneLine(text)
    .replace(/\\(?=[!-/:-@[-`{-~]|$)/g, "\\\\")
    .replace(/&(?=#?\w+;)/g, "&amp;")
    .replace(/<(?=[a-z/!?])/gi, "&lt;")
    .replace(/[`*|$~]/g, "\\$&")
    .replace(/(?<![\p{L}\p{N}])_|_(?![\p{L}\p{N}])/gu, "\\_")
    .replace(/\[(?=[^\]]*\][([:]|\^)|(?<=\])\[/g, "\\[")
    .replace(/^(\s*)(#{1,6}(?=\s|$)|[-+>](?=\s|$)|=+\s*$)/, "$1\\$2")
    .replace(/^(\s*\d+)([.)])(?=\s|$)/, "$1\\$2");
}

/**
 * One line of text for plotly, which takes <b>, <a href> and the like, entities and %{…} in any label for commands.
 * Our own line ends and bold letters are put around it.
 */
export function plotlyText(text: string): string {
  return oneLine(text)
    .replace(/&(?=#?\w+;)/g, "&amp;")
    .replace(/<(?=[^<>]*>)/g, "&lt;")
    .replaceAll("%{", "%&#123;");
}

/** A number as tables print it, with a sign, an error or an interval behind it: no formula. */
const NUMBER =
  /^[+-]?(?:\d[\d.,]*|\.\d+)(?:e[+-]?\d+)?\s*%?\s*(?:[([][-+\d.,;e%\s]*(?:to[-+\d.,e%\s]*)?[)\]])?$/i;

/**
 * Text for a cell of a table that is opened in a spreadsheet, which takes = + - @ at the start for a formula: an
 * apostrophe goes before, as spreadsheets' own users write it. Numbers stay.
 */
export function spreadsheetText(text: string): string {
  return /^[=+\-@\t\r\n]/.test(text) && !NUMBER.test(text) ? `'${text}` : text;
}
