export type { GroupsClaimed } from "./group-claims";
export { type EventsFound, type EventsOnSurvey, type EventsPlan, movesAndStates } from "./moves-and-states";
export { type GroupsFound, type GroupsPlan, servedWorse } from "./served-worse";
export { planRows, type Results, type Study } from "./study";
export { type WordsFound, type WordsPlan, wordsOrCodes } from "./words-or-codes";
