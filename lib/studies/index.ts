export { type EventsFound, type EventsOnSurvey, type EventsPlan, movesAndStates } from "./moves-and-states";
export { planRows, type Results, type Study } from "./study";
export { type WordsFound, type WordsPlan, wordsOrCodes } from "./words-or-codes";
